// Listener: one listening TCP socket. Accepts, asks the gate, and hands each socket on; pauses when
// descriptors are used up instead of spinning. Owned by its loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/connection.hpp"
#include "net/connection_gate.hpp"
#include "net/loop.hpp"
#include "protocol/ip_address.hpp"

namespace videochat::net {

/// What is told of while accepting; each may be called often.
struct ListenerHooks {
    std::function<void(Socket)> accepted;
    std::function<void(Admission)> refused;
    std::function<void(const char* reason)> paused;  ///< accept will be tried again soon
    /// Gives the last words for a connection that finds the server full.
    std::function<std::string()> full;
};

class Listener final : public Resident {
  public:
    /// An open, bound, listening socket. `host` empty: every address, IPv6 and IPv4. Throws
    /// std::runtime_error with one line, such as "port 3000 is already in use".
    static UniqueFd open(const std::string& host, std::uint16_t port);
    static std::uint16_t port_of(const UniqueFd& fd);

    Listener(UniqueFd fd, ConnectionGate& gate, std::vector<protocol::Cidr> proxies,
             ListenerHooks hooks)
        : fd_(std::move(fd)), gate_(gate), proxies_(std::move(proxies)), hooks_(std::move(hooks)) {}

    /// Begins to accept; the listener is on its loop by now.
    void start();

    void on_ready(bool readable, bool writable) override;
    void on_due(TimePoint now) override;
    /// Closes the socket: new connections are refused by the system.
    void on_stop() override;
    void abandon() noexcept override;

  private:
    bool accept_one();
    void admit(Socket socket);
    void pause(const char* reason);

    UniqueFd fd_;
    ConnectionGate& gate_;
    std::vector<protocol::Cidr> proxies_;
    ListenerHooks hooks_;
};

}  // namespace videochat::net
