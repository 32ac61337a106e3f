// Channel: the two calls by which a connection moves bytes through its non-blocking socket. Plain
// TCP is one implementation; TLS is another one, not a template parameter.
#pragma once

#include <cstddef>
#include <memory>
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

    // What follows is for channels that have a protocol of their own between us and the socket.

    /// The handshake is over; bytes of the handler's come from now on.
    virtual bool is_established() const { return true; }
    /// read() has something to give or to tell, although the socket may have nothing.
    virtual bool has_unread() const { return false; }
    /// The socket has not taken everything yet of what write() or the protocol itself had to say.
    virtual bool has_unsent() const { return false; }
    /// Writes that. Ok: nothing is left.
    virtual IoStatus write_unsent(int /*fd*/) { return IoStatus::Ok; }
    /// The protocol's goodbye, before our side of the socket is ended. Does not wait for a reply.
    virtual void say_goodbye(int /*fd*/) {}
};

/// Chooses the channel of a connection by the first bytes that arrive on it. Lives longer than the
/// connections of its loop; called there.
class ChannelOpener {
  public:
    virtual ~ChannelOpener() = default;
    /// Null: plain. A channel reads `first` (at least one byte) before it reads the socket.
    virtual std::unique_ptr<Channel> open(std::span<const char> first) = 0;
};

/// At most this many pieces are gathered for one write.
inline constexpr std::size_t kMaxPieces = 64;

/// Plain TCP; without state, so one serves every connection of every loop.
Channel& plain_channel();

/// As recv() and send() on a non-blocking socket, without SIGPIPE: -1 and errno if nothing was
/// moved.
std::ptrdiff_t receive(int fd, std::span<char> into);
std::ptrdiff_t transmit(int fd, std::string_view bytes);

}  // namespace videochat::net
