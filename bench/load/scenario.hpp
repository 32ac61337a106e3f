// What the modes have in common: opening clients, the measured window, the line that is printed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client.hpp"
#include "dialect.hpp"
#include "latencies.hpp"
#include "options.hpp"
#include "reactor.hpp"
#include "server_process.hpp"

namespace bench {

std::int64_t now_ns();

class Scenario : public ClientEvents {
  public:
    explicit Scenario(const Options& options);

    /// Does the whole run and prints its line.
    virtual void run() = 0;

    void on_open(Client&) override { ++open_; }

  protected:
    Client& add_client();

    /// Each client has a loopback source address that follows from `turn`.
    void open(Client& client, const std::string& room, std::size_t turn);

    /// Opens every client that has been added since the last call, some at a time.
    void open_added(const std::function<std::string(std::size_t)>& room_of);

    /// Turns the reactor until `done`; throws when that takes too long.
    void turn_until(const std::function<bool()>& done);

    void turn_for(double seconds, const std::function<void()>& step);

    /// Warm-up, then the time between two marks, then the line. `step` is one turn of the scenario.
    void measure(const std::function<void()>& step);

    void require_expected(std::string_view text) const;

    const Options options_;
    const Dialect dialect_;
    const ServerProcess server_;
    Reactor reactor_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::size_t open_ = 0;     // clients that ever finished their handshake
    std::uint64_t units_ = 0;  // relays, deliveries, handshakes
    Latencies latencies_;
};

std::unique_ptr<Scenario> make_pairs(const Options& options);
std::unique_ptr<Scenario> make_fanout(const Options& options);
std::unique_ptr<Scenario> make_connect(const Options& options);
std::unique_ptr<Scenario> make_idle(const Options& options);

}  // namespace bench
