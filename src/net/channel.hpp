// Channel: the two calls by which a connection moves bytes through its non-blocking socket. Plain
// TCP is one implementation; TLS is another one, not a template parameter.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace videochat::net {

enum class IoStatus {
    Ok,          ///< `bytes` were moved, at least one
    WouldBlock,  ///< nothing can be moved now
    End,         ///< the peer has ended its side (reading only)
    Error        ///< the connection is lost
};

struct IoResult {
    IoStatus status = IoStatus::Ok;
    std::size_t bytes = 0;
};

class Channel {
  public:
    virtual ~Channel() = default;
    virtual IoResult read(int fd, std::span<char> into) = 0;
    /// Writes as much of the pieces as the socket takes, in one call where it can.
    virtual IoResult write(int fd, std::span<const std::string_view> pieces) = 0;
};

/// At most this many pieces are gathered for one write.
inline constexpr std::size_t kMaxPieces = 64;

/// Plain TCP; without state, so one serves every connection of every loop.
Channel& plain_channel();

}  // namespace videochat::net
