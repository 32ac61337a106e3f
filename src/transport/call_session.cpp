#include "transport/call_session.hpp"

#include <vector>

#include "protocol/event_text.hpp"
#include "protocol/socketio_packet.hpp"
#include "transport/event_refusal.hpp"

namespace videochat::transport {

using protocol::CloseCode;

CallSession::CallSession(WebSocketTransport& transport, CallClock& clock,
                         const CallRequest& request, const WebSocketLimits& limits,
                         observe::Metrics& metrics)
    : transport_(transport), clock_(clock), limits_(limits), call_(request.call) {
    core::Calls& calls = clock_.calls();
    if (request.peek) {
        if (!calls.peek(*this, call_, request.entry, clock_.now())) {
            metrics.add(observe::Counter::RefusedCalls);
        }
        return;
    }
    core::Seat* const seat =
        request.token.empty()
            ? calls.enter(*this, call_, request.entry, clock_.now())
            : calls.resume(*this, call_, request.token, request.seen, clock_.now());
    if (seat == nullptr) metrics.add(observe::Counter::RefusedCalls);
    if (!ended_) seat_ = seat;
    clock_.rearm();
}

CallSession::~CallSession() {
    if (seat_ == nullptr) return;
    clock_.calls().lose_socket(call_, *seat_, transport_.broke_a_rule(), clock_.now());
    clock_.rearm();
}

void CallSession::on_text(std::string_view text) {
    protocol::EventText event;
    std::vector<std::string_view> arguments;
    const auto error =
        event.parse(text, {.depth = limits_.json_depth, .name = limits_.event_name}, &arguments);
    if (error != protocol::EventTextError::None) {
        close_for(transport_, error);
        return;
    }
    if (seat_ == nullptr) return;
    clock_.calls().handle(call_, *seat_, {.name = event.name(), .arguments = arguments},
                          clock_.now());
    clock_.rearm();
}

void CallSession::on_binary(std::string_view /*bytes*/) {
    transport_.close(CloseCode::UnsupportedData, "text only");
}

void CallSession::send(const core::EncodedEvent& event) {
    transport_.send(event.frame(core::Dialect::Native, protocol::native_event));
}

void CallSession::end(core::CallClose code) {
    seat_ = nullptr;
    ended_ = true;
    transport_.close(static_cast<CloseCode>(code), {});
}

}  // namespace videochat::transport
