// NativeSession: the dialect of `/socket`: each text frame is `["event", ...args]`
// (docs/protocol.md). One peer in one room, from the upgrade to the end of the connection; on the
// room's loop.
#pragma once

#include <string_view>

#include "protocol/event_text.hpp"
#include "transport/session.hpp"
#include "transport/websocket_transport.hpp"
#include "videochat/core/hub.hpp"

namespace videochat::transport {

class NativeSession final : public Session, public core::Outbox {
  public:
    /// Joins the room, or closes the transport with the reason why not.
    NativeSession(WebSocketTransport& transport, core::Hub& hub, std::string_view room,
                  const WebSocketLimits& limits, observe::Metrics& metrics);

    void on_text(std::string_view text) override;
    void on_binary(std::string_view bytes) override;

    void send(const core::EncodedEvent& event) override;
    void dismiss(core::Dismissal why, std::string_view reason) override;

  private:
    WebSocketTransport& transport_;
    const WebSocketLimits& limits_;
    core::Peer peer_;
    core::Membership membership_;  // after the peer: it leaves first
};

}  // namespace videochat::transport
