// WebSocketTransport: RFC 6455 between a connection and a session: frames in, frames out, pings,
// rates, the closing handshake. Owned by its connection; owns the session; on the room's loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/byte_handler.hpp"
#include "net/connection.hpp"
#include "observe/metrics.hpp"
#include "protocol/websocket_frame.hpp"
#include "transport/session.hpp"
#include "videochat/config.hpp"
#include "videochat/core/token_bucket.hpp"

namespace videochat::transport {

class WebSocketTransport final : public net::ByteHandler {
  public:
    WebSocketTransport(net::Connection& connection, const WebSocketLimits& limits,
                       observe::Metrics& metrics);
    ~WebSocketTransport() override;

    /// Before the first byte is given to it.
    void set_session(std::unique_ptr<Session> session) { session_ = std::move(session); }

    /// Closes with this code after what is queued; nothing more is read as messages. The session
    /// goes at the end of the loop's turn.
    void close(protocol::CloseCode code, std::string_view reason);

    /// Queues a frame. A peer whose queue is full is dropped (close 1013).
    void send(const core::Frame& frame);
    /// Closed, closing or cut: nothing goes out any more.
    bool is_over() const { return connection_.is_over(); }
    /// We closed it for something that its peer must not do: 1002, 1003, 1007, 1008 or 1009.
    bool broke_a_rule() const { return broke_a_rule_; }
    net::Connection& connection() const { return connection_; }

    std::size_t on_bytes(std::span<char> bytes) override;
    void on_end() override;
    void on_drained() override;
    void on_due(net::TimePoint now) override;
    void on_stop() override;
    void on_internal_error() override;

  private:
    void on_message(const protocol::Decoded& message);
    void on_control(const protocol::Decoded& control);
    void on_close(std::span<const char> payload);
    void on_ping(std::span<const char> payload);
    void fail(protocol::CloseCode code);
    core::Push enqueue(const core::Frame& frame);
    void drop_slow_peer();
    void watch_fragments();
    void meter(std::size_t bytes);
    void ping();
    void rearm(net::TimePoint now);
    net::TimePoint now() const { return connection_.loop().now(); }

    net::Connection& connection_;
    const WebSocketLimits& limits_;
    observe::Metrics& metrics_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<std::string> next_pong_;  ///< waits for the queue; a newer ping replaces it
    protocol::FrameDecoder decoder_;
    core::TokenBucket messages_;
    core::TokenBucket bytes_;
    core::TokenBucket controls_;
    net::TimePoint last_heard_;
    net::TimePoint last_ping_{};
    net::TimePoint message_since_{};  ///< the first byte of an unfinished message; {}: none
    bool reading_paused_ = false;
    bool broke_a_rule_ = false;
};

}  // namespace videochat::transport
