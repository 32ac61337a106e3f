#include "transport/native_session.hpp"

#include "core/json_text.hpp"
#include "protocol/socketio_packet.hpp"
#include "videochat/core/signaling.hpp"

namespace videochat::transport {
namespace {

using protocol::CloseCode;
using protocol::EventTextError;

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
    switch (event.parse(text, {.depth = limits_.json_depth, .name = limits_.event_name})) {
        case EventTextError::None:
            core::signaling::handle(membership_.room(), peer_,
                                    {.name = event.name(), .first = event.first()});
            return;
        case EventTextError::InvalidJson:
            transport_.close(CloseCode::InvalidData, "not JSON");
            return;
        case EventTextError::TooDeep:
            transport_.close(CloseCode::InvalidData, "nested too deeply");
            return;
        case EventTextError::NotAnEvent:
            transport_.close(CloseCode::PolicyViolation, "not an event");
            return;
        case EventTextError::NameTooLong:
            transport_.close(CloseCode::PolicyViolation, "event name too long");
            return;
    }
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
