// As much of a TURN client (RFC 8656, with long-term credentials of RFC 8489) as shows what a relay
// does and refuses. It shares no code with the server's STUN.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace videochat::test {

struct TurnCredentials {
    std::string username;
    std::string password;
};

class TurnClient {
  public:
    enum class Over { Udp, Tcp };

    TurnClient(const std::string& address, std::uint16_t port, TurnCredentials credentials,
               Over over = Over::Udp);
    ~TurnClient();
    TurnClient(const TurnClient&) = delete;
    TurnClient& operator=(const TurnClient&) = delete;

    // Answers are error codes of STUN; 0: success, -1: none has come.

    /// `protocol`: of IP, which peers are to be reached by; 17 is UDP.
    int allocate(std::uint8_t protocol = 17);
    /// CreatePermission for an IPv4 peer.
    int permit(const std::string& peer);
    /// Where peers reach this client, after allocate().
    const std::string& relay_address() const { return relay_address_; }
    std::uint16_t relay_port() const { return relay_port_; }

    /// A Send indication.
    void send(const std::string& peer, std::uint16_t port, std::string_view data);
    /// The next Data indication's data.
    std::optional<std::string> receive();

  private:
    int request(std::uint16_t method, const std::string& attributes);
    std::optional<std::string> exchange(const std::string& message);
    std::string authenticated(std::string message) const;
    std::optional<std::string> read_message();

    const Over over_;
    const TurnCredentials credentials_;
    int fd_ = -1;
    std::string held_;  ///< of TCP's bytes
    std::string realm_;
    std::string nonce_;
    std::string relay_address_;
    std::uint16_t relay_port_ = 0;
};

}  // namespace videochat::test
