// CallSession: one socket of a call's seat (docs/protocol.md, "Calls"). The seat may outlive it,
// and may get another one: then this one is over. Owned by its transport, on the call's loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "transport/call_clock.hpp"
#include "transport/session.hpp"
#include "transport/websocket_transport.hpp"
#include "videochat/core/calls.hpp"

namespace videochat::transport {

/// What the upgrade asked for: to come in, to come back with a token, or to look from outside.
struct CallRequest {
    std::string call;
    core::CallEntry entry;
    std::string token;  ///< empty: a newcomer
    std::optional<std::uint64_t> seen;
    bool peek = false;  ///< whatever else was said
};

class CallSession final : public Session, public core::CallSocket {
  public:
    CallSession(WebSocketTransport& transport, CallClock& clock, const CallRequest& request,
                const WebSocketLimits& limits, observe::Metrics& metrics);
    ~CallSession() override;

    void on_text(std::string_view text) override;
    void on_binary(std::string_view bytes) override;

    void send(const core::EncodedEvent& event) override;
    void end(core::CallClose code) override;

  private:
    WebSocketTransport& transport_;
    CallClock& clock_;
    const WebSocketLimits& limits_;
    std::string call_;
    core::Seat* seat_ = nullptr;  ///< null: refused, ended or replaced
    bool ended_ = false;
};

}  // namespace videochat::transport
