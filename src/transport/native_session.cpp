#include "transport/native_session.hpp"

#include "core/json_text.hpp"
#include "protocol/socketio_packet.hpp"
#include "transport/event_refusal.hpp"
#include "videochat/core/signaling.hpp"

namespace videochat::transport {
namespace {

using protocol::CloseCode;

}  // namespace

NativeSession::NativeSession(WebSocketTransport& transport, core::Hub& hub, std::string_view room,
                             const WebSocketLimits& limits, observe::Metrics& metrics)
    : transport_(transport), limits_(limits), peer_(*this) {
    auto refusal = core::JoinRefusal::None;
    membership_ = hub.join(peer_, room, refusal);
    if (refusal == core::JoinRefusal::None) return;
    metrics.add(observe::Counter::RefusedRooms);
    if (refusal == core::JoinRefusal::RoomFull) {
        send(core::EncodedEvent({R"(["full",)", core::json_string(room), "]"}));
        transport_.close(CloseCode::PolicyViolation, "the room is full");
    } else {
        transport_.close(CloseCode::TryAgainLater, "too many rooms");
    }
}

void NativeSession::on_text(std::string_view text) {
    protocol::EventText event;
    const auto error = event.parse(text, {.depth = limits_.json_depth, .name = limits_.event_name});
    if (error != protocol::EventTextError::None) {
        close_for(transport_, error);
        return;
    }
    core::signaling::handle(membership_.room(), peer_,
                            {.name = event.name(), .first = event.first()});
}

void NativeSession::on_binary(std::string_view /*bytes*/) {
    transport_.close(CloseCode::UnsupportedData, "text only");
}

void NativeSession::send(const core::EncodedEvent& event) {
    transport_.send(event.frame(core::Dialect::Native, protocol::native_event));
}

void NativeSession::dismiss(core::Dismissal why, std::string_view reason) {
    transport_.close(
        why == core::Dismissal::GoingAway ? CloseCode::GoingAway : CloseCode::PolicyViolation,
        reason);
}

}  // namespace videochat::transport
