// One room, one sender, many receivers. A burst of `in_flight` messages leaves in one write; the
// next follows when every receiver has had all of it. The unit is one delivery to one receiver, the
// latency that of a whole burst.
#include <stdexcept>

#include "scenario.hpp"

namespace bench {
namespace {

class Fanout : public Scenario {
  public:
    using Scenario::Scenario;

    void run() override {
        add_client();  // the sender
        for (int i = 0; i < options_.receivers; ++i) {
            add_client().acknowledge_at_once();
        }
        open_added([](std::size_t) { return "hall"; });
        send_burst();
        measure([this] { reactor_.turn(); });
    }

    void on_message(Client& client, std::string_view text) override {
        require_expected(text);
        if (&client == clients_.front().get()) {
            throw std::runtime_error("the sender got its own message");
        }
        ++units_;
        if (--missing_ == 0) {
            latencies_.add(now_ns() - burst_sent_);
            send_burst();
        }
    }

  private:
    void send_burst() {
        burst_sent_ = now_ns();
        missing_ = options_.receivers * options_.in_flight;
        for (int i = 0; i < options_.in_flight; ++i) {
            clients_.front()->send_text(dialect_.outgoing);
        }
    }

    std::int64_t burst_sent_ = 0;
    int missing_ = 0;
};

}  // namespace

std::unique_ptr<Scenario> make_fanout(const Options& options) {
    return std::make_unique<Fanout>(options);
}

}  // namespace bench
