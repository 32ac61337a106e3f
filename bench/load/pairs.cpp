// Rooms of two, as calls are: what one sends the other gets, and answers with a message of its own.
// The unit is one relay.
#include "scenario.hpp"

namespace bench {
namespace {

class Pairs : public Scenario {
  public:
    using Scenario::Scenario;

    void run() override {
        const auto members = static_cast<std::size_t>(options_.pairs) * 2;
        sent_.resize(members,
                     std::vector<std::int64_t>(static_cast<std::size_t>(options_.in_flight)));
        sent_count_.resize(members);
        received_count_.resize(members);
        for (std::size_t i = 0; i < members; ++i) {
            add_client();
        }
        open_added([](std::size_t index) { return "pair" + std::to_string(index / 2); });
        for (std::size_t i = 0; i < members; i += 2) {
            for (int k = 0; k < options_.in_flight; ++k) {
                send(*clients_[i]);
            }
        }
        measure([this] { reactor_.turn(); });
    }

    void on_message(Client& client, std::string_view text) override {
        require_expected(text);
        const std::size_t partner = client.index() ^ 1;
        const auto slots = static_cast<std::uint64_t>(options_.in_flight);
        latencies_.add(now_ns() - sent_[partner][received_count_[client.index()]++ % slots]);
        ++units_;
        send(client);
    }

  private:
    void send(Client& client) {
        const auto slots = static_cast<std::uint64_t>(options_.in_flight);
        sent_[client.index()][sent_count_[client.index()]++ % slots] = now_ns();
        client.send_text(dialect_.outgoing);
    }

    // When each member sent its last messages. They arrive in order, and no more than `in_flight`
    // are ever under way, so a ring of that size is enough.
    std::vector<std::vector<std::int64_t>> sent_;
    std::vector<std::uint64_t> sent_count_;
    std::vector<std::uint64_t> received_count_;
};

}  // namespace

std::unique_ptr<Scenario> make_pairs(const Options& options) {
    return std::make_unique<Pairs>(options);
}

}  // namespace bench
