// ByteHandler: what a connection gives its bytes to. First an HttpConversation, after an upgrade a
// WebSocketTransport. Owned by its connection, called on the connection's loop.
#pragma once

#include <cstddef>
#include <span>

#include "net/clock.hpp"

namespace videochat::net {

class ByteHandler {
  public:
    virtual ~ByteHandler() = default;

    /// Bytes have arrived; they may be changed in place and are not valid after the call. Returns
    /// how many are done with: the rest is kept and shown again, in front of what comes next.
    virtual std::size_t on_bytes(std::span<char> bytes) = 0;
    /// The connection has turned out to have a handshake of its own (TLS) before the bytes; its
    /// deadline is the handler's.
    virtual void on_handshake() {}
    /// That handshake is over.
    virtual void on_secured() {}
    /// The peer has ended its side.
    virtual void on_end() = 0;
    /// Everything that was queued has gone to the socket.
    virtual void on_drained() {}
    /// The deadline set with Connection::set_deadline has passed.
    virtual void on_due(TimePoint now) = 0;
    /// The server begins to stop: end soon.
    virtual void on_stop() = 0;
    /// A call into it threw. It may say a last word; then the connection is over.
    virtual void on_internal_error() {}
};

}  // namespace videochat::net
