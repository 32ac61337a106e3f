// Handshakes: TCP connect, HTTP upgrade (and whatever the dialect opens after it), close. A fixed
// number is always under way. The unit is one finished handshake, with the cost of its end
// included.
#include "scenario.hpp"

namespace bench {
namespace {

class Connect : public Scenario {
  public:
    using Scenario::Scenario;

    void run() override {
        for (int i = 0; i < options_.concurrent; ++i) {
            add_client();
            finished_.push_back(clients_.back().get());
        }
        started_.resize(clients_.size());
        measure([this] {
            open_again();
            reactor_.turn();
        });
    }

    void on_open(Client& client) override {
        latencies_.add(now_ns() - started_[client.index()]);
        ++units_;
        finished_.push_back(&client);
    }

    void on_message(Client&, std::string_view) override {}

  private:
    // Not from inside on_open: the client is still busy with the answer it has just read.
    void open_again() {
        for (Client* client : finished_) {
            client->close();
            started_[client->index()] = now_ns();
            open(*client, "slot" + std::to_string(client->index()), turn_++);
        }
        finished_.clear();
    }

    std::vector<Client*> finished_;
    std::vector<std::int64_t> started_;
    std::size_t turn_ = 0;
};

}  // namespace

std::unique_ptr<Scenario> make_connect(const Options& options) {
    return std::make_unique<Connect>(options);
}

}  // namespace bench
