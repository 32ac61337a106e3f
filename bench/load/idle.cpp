// Many quiet connections in rooms of two: how much of the server's memory each of them takes,
// before and after it has sent one message (and so has received one).
#include <cstdio>

#include "scenario.hpp"

namespace bench {
namespace {

// Connected before the first reading, so that code and tables that any first client makes the
// server touch are not counted as the cost of a connection.
constexpr std::size_t kForerunners = 64;
constexpr double kSettleSeconds = 1;

class Idle : public Scenario {
  public:
    using Scenario::Scenario;

    void run() override {
        const std::size_t count = static_cast<std::size_t>(options_.connections) / 2 * 2;
        add_members(kForerunners);
        exchange(0);
        const double before = settled_kib();
        add_members(count);
        const double idle = settled_kib();
        std::printf(
            "{\"mode\":\"idle\",\"dialect\":\"%s\",\"units\":%zu,\"base_kib\":%.0f,"
            "\"kib_idle\":%.4f",
            options_.dialect.c_str(), count, before, (idle - before) / static_cast<double>(count));
        if (options_.message) {
            exchange(kForerunners);
            std::printf(",\"kib_after_message\":%.4f",
                        (settled_kib() - before) / static_cast<double>(count));
        }
        std::printf("}\n");
    }

    void on_message(Client&, std::string_view text) override {
        require_expected(text);
        ++units_;
    }

  private:
    void add_members(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            add_client();
        }
        open_added([](std::size_t index) { return "pair" + std::to_string(index / 2); });
    }

    // Every client from `first` on sends one message, and each arrives at the partner.
    void exchange(std::size_t first) {
        units_ = 0;
        for (std::size_t i = first; i < clients_.size(); ++i) {
            clients_[i]->send_text(dialect_.outgoing);
        }
        turn_until([this, first] { return units_ == clients_.size() - first; });
    }

    double settled_kib() {
        turn_for(kSettleSeconds, [this] { reactor_.turn(); });
        return server_.resident_kib();
    }
};

}  // namespace

std::unique_ptr<Scenario> make_idle(const Options& options) {
    return std::make_unique<Idle>(options);
}

}  // namespace bench
