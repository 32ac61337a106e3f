// UDP sockets that know which of our addresses a datagram was sent to (IP_PKTINFO; RFC 3542 for
// IPv6): a socket for every address would else answer from whichever one the way back begins at,
// and who asked another one ignores that. Used on one loop.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "net/unique_fd.hpp"
#include "protocol/ip_address.hpp"

namespace videochat::stun {

/// Bound, non-blocking sockets for `host` as Listener::open takes it: empty or "::" for every
/// address, which makes one socket for each family that the system has. Throws std::runtime_error
/// with one line, such as "UDP port 3000 is already in use".
std::vector<net::UniqueFd> open_udp(const std::string& host, std::uint16_t port);

/// One datagram, with what is needed to answer it.
class Datagram {
  public:
    enum class Outcome {
        Received,
        Nothing,  ///< no more for now
        Useless   ///< longer than the buffer, sent to many at once, or an error was told in its
                  ///< place
    };

    /// Takes the next one from `fd` and puts its bytes into `buffer`.
    Outcome receive(int fd, std::span<std::uint8_t> buffer);
    /// Sends `bytes` to the sender, from the address that it asked. False: the system does not take
    /// them.
    bool answer(int fd, std::span<const std::uint8_t> bytes);

    std::span<const std::uint8_t> bytes() const { return bytes_; }
    const protocol::IpAddress& sender() const { return sender_; }
    std::uint16_t port() const { return port_; }

  private:
    bool turn_around(msghdr& message);

    std::span<const std::uint8_t> bytes_;
    protocol::IpAddress sender_;
    std::uint16_t port_ = 0;
    sockaddr_storage peer_{};
    socklen_t peer_length_ = 0;
    // Comes with the datagram as the address it was sent to, goes with the answer as its source.
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control_{};
    std::size_t control_length_ = 0;
};

}  // namespace videochat::stun
