#include "transport/websocket_transport.hpp"

#include <algorithm>
#include <utility>

#include "observe/log.hpp"

namespace videochat::transport {
namespace {

using namespace std::chrono_literals;
using observe::Counter;
using protocol::CloseCode;
using protocol::Decoded;
using protocol::Opcode;

// Our close answers theirs, so nothing is waited for but their FIN.
constexpr auto kAnsweredCloseLinger = 2s;
// What a peer may still be sending when it is told to stop.
constexpr std::size_t kDrained = 4 * kMiB;

/// What a close for somebody's fault is counted as; empty for an ordinary end.
std::optional<Counter> counter_of(CloseCode code) {
    switch (code) {
        case CloseCode::ProtocolError:
            return Counter::ClosedProtocolError;
        case CloseCode::UnsupportedData:
            return Counter::ClosedUnsupported;
        case CloseCode::InvalidData:
            return Counter::ClosedInvalidData;
        case CloseCode::PolicyViolation:
            return Counter::ClosedPolicy;
        case CloseCode::MessageTooBig:
            return Counter::ClosedTooBig;
        default:
            return std::nullopt;
    }
}

std::string_view words_for(CloseCode code) {
    switch (code) {
        case CloseCode::ProtocolError:
            return "protocol error";
        case CloseCode::MessageTooBig:
            return "message too big";
        case CloseCode::PolicyViolation:
            return "too many fragments";
        default:
            return {};
    }
}

}  // namespace

WebSocketTransport::WebSocketTransport(net::Connection& connection, const WebSocketLimits& limits,
                                       observe::Metrics& metrics)
    : connection_(connection), limits_(limits), metrics_(metrics), last_heard_(now()) {
    metrics_.add(Counter::WebsocketsOpened);
    rearm(last_heard_);
}

WebSocketTransport::~WebSocketTransport() { metrics_.add(Counter::WebsocketsClosed); }

std::size_t WebSocketTransport::on_bytes(std::span<char> bytes) {
    last_heard_ = now();
    meter(bytes.size());
    std::size_t used = 0;
    while (!connection_.is_over()) {
        const Decoded step = decoder_.next(bytes.subspan(used),
                                           {.bytes = limits_.message, .frames = limits_.fragments});
        used += step.consumed;
        if (step.kind == Decoded::Kind::NeedMore) break;
        if (step.kind == Decoded::Kind::Message) on_message(step);
        if (step.kind == Decoded::Kind::Control) on_control(step);
        if (step.kind == Decoded::Kind::Error) fail(step.error);
    }
    watch_fragments();
    return used;
}

// Beyond its byte rate a peer is not closed, only read more slowly.
void WebSocketTransport::meter(std::size_t bytes) {
    const core::TokenBucket::Rate rate{limits_.byte_rate, limits_.byte_burst};
    if (bytes_.take(bytes, rate, last_heard_) || reading_paused_) return;
    metrics_.add(Counter::ReadsPaused);
    reading_paused_ = true;
    connection_.pause_reading();
    connection_.set_deadline(last_heard_ + bytes_.debt(rate));
}

void WebSocketTransport::watch_fragments() {
    if (!decoder_.in_message()) {
        message_since_ = {};
    } else if (message_since_ == net::TimePoint{}) {
        message_since_ = last_heard_;
        if (!reading_paused_) rearm(last_heard_);
    }
}

void WebSocketTransport::on_message(const Decoded& message) {
    metrics_.add(Counter::MessagesReceived);
    message_since_ = {};  // what follows in the same bytes is another message, with time of its own
    if (!messages_.take(1, {limits_.message_rate, limits_.message_burst}, last_heard_)) {
        metrics_.add(Counter::ClosedRate);
        close(CloseCode::PolicyViolation, "too many messages");
        return;
    }
    const std::string_view payload(message.payload.data(), message.payload.size());
    if (message.opcode == Opcode::Text) {
        session_->on_text(payload);
    } else {
        session_->on_binary(payload);
    }
}

void WebSocketTransport::on_control(const Decoded& control) {
    if (!controls_.take(1, {limits_.control_rate, limits_.control_burst}, last_heard_)) {
        metrics_.add(Counter::ClosedRate);
        close(CloseCode::PolicyViolation, "too many control frames");
        return;
    }
    if (control.opcode == Opcode::Close) on_close(control.payload);
    if (control.opcode == Opcode::Ping) on_ping(control.payload);
    // A pong has done its work by being heard.
}

void WebSocketTransport::on_close(std::span<const char> payload) {
    protocol::ClosePayload theirs;
    CloseCode error{};
    if (!protocol::parse_close(payload, theirs, error)) {
        fail(error);
        return;
    }
    connection_.send(protocol::close_frame(theirs.code, {}));
    connection_.finish(kAnsweredCloseLinger, kDrained);
}

void WebSocketTransport::on_ping(std::span<const char> payload) {
    const std::string_view text(payload.data(), payload.size());
    if (connection_.queue().empty()) {
        connection_.send(protocol::control_frame(Opcode::Pong, text));
    } else {
        next_pong_ = std::make_unique<std::string>(text);
    }
}

void WebSocketTransport::on_drained() {
    if (next_pong_ == nullptr) return;
    const auto pong = std::move(next_pong_);
    connection_.send(protocol::control_frame(Opcode::Pong, *pong));
}

void WebSocketTransport::fail(CloseCode code) { close(code, words_for(code)); }

void WebSocketTransport::close(CloseCode code, std::string_view reason) {
    if (connection_.is_over()) return;
    if (const auto counter = counter_of(code)) {
        metrics_.add(*counter);
        broke_a_rule_ = true;
    }
    observe::log::debug("websocket closed by us",
                        {{"code", static_cast<unsigned>(code)}, {"reason", reason}});
    connection_.send(protocol::close_frame(code, reason));
    connection_.finish(limits_.close_timeout, kDrained);
}

void WebSocketTransport::send(const core::Frame& frame) {
    if (connection_.is_over()) return;
    metrics_.add(Counter::FramesQueued);
    if (enqueue(frame) == core::Push::Accepted) return;
    // A turn may bring more than the limit: only what the socket does not take makes a peer slow.
    connection_.flush_now();
    if (enqueue(frame) == core::Push::Overflow) drop_slow_peer();
}

core::Push WebSocketTransport::enqueue(const core::Frame& frame) {
    return connection_.send(frame,
                            {.bytes = limits_.queue_bytes, .frames = limits_.queue_messages});
}

void WebSocketTransport::drop_slow_peer() {
    metrics_.add(Counter::ClosedSlow);
    observe::log::debug("slow peer dropped", {{"peer", connection_.peer().to_string()}});
    connection_.drop_unsent();
    connection_.send(protocol::close_frame(CloseCode::TryAgainLater, "too slow"));
    connection_.finish(limits_.slow_close_timeout, kDrained);
}

void WebSocketTransport::on_end() { connection_.cut(); }

void WebSocketTransport::on_stop() { close(CloseCode::GoingAway, "server stops"); }

void WebSocketTransport::on_internal_error() { close(CloseCode::InternalError, "internal error"); }

void WebSocketTransport::on_due(net::TimePoint now) {
    if (std::exchange(reading_paused_, false)) connection_.resume_reading();
    if (connection_.is_over()) return;
    if (message_since_ != net::TimePoint{} && now - message_since_ >= limits_.fragment_timeout) {
        close(CloseCode::PolicyViolation, "message took too long");
        return;
    }
    if (limits_.ping_interval > 0ms) {
        if (now - last_heard_ >= limits_.ping_timeout) {
            metrics_.add(Counter::DeadPeers);
            connection_.cut();
            return;
        }
        if (now - last_heard_ >= limits_.ping_interval && last_ping_ <= last_heard_) ping();
    }
    if (!reading_paused_) rearm(now);
}

void WebSocketTransport::ping() {
    last_ping_ = now();
    connection_.send(protocol::control_frame(Opcode::Ping, {}));
}

// Hearing something moves no deadline: the timer finds out when it fires. That keeps a message free
// of timer work.
void WebSocketTransport::rearm(net::TimePoint now) {
    auto next = net::TimePoint::max();
    if (message_since_ != net::TimePoint{}) next = message_since_ + limits_.fragment_timeout;
    if (limits_.ping_interval > 0ms) {
        const bool pinged = last_ping_ > last_heard_;
        next =
            std::min(next, last_heard_ + (pinged ? limits_.ping_timeout : limits_.ping_interval));
    }
    if (next != net::TimePoint::max()) connection_.set_deadline(std::max(next, now));
}

}  // namespace videochat::transport
