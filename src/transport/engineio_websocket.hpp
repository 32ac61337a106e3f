// EngineIoWebSocket: the WebSocket of an Engine.IO session, or of one that is about to become it
// (the probe of an upgrade). Owned by its WebSocketTransport, which may end before the session does
// and the other way round: each tells the other. On the session's loop.
#pragma once

#include <string_view>

#include "protocol/engineio_packet.hpp"
#include "protocol/engineio_payload.hpp"
#include "protocol/websocket_frame.hpp"
#include "transport/event_spelling.hpp"
#include "transport/session.hpp"
#include "transport/websocket_transport.hpp"
#include "videochat/core/event.hpp"

namespace videochat::transport {

class EngineIoSession;

class EngineIoWebSocket final : public Session {
  public:
    EngineIoWebSocket(WebSocketTransport& transport, EngineIoSession& session,
                      core::AttachmentForm form)
        : transport_(transport), session_(&session), form_(form) {}
    EngineIoWebSocket(const EngineIoWebSocket&) = delete;
    EngineIoWebSocket& operator=(const EngineIoWebSocket&) = delete;
    ~EngineIoWebSocket() override;

    /// A text packet with its digit, or the bytes of a binary message.
    void send(const protocol::OutgoingPacket& packet);
    void send(const core::EncodedEvent& event, const EventSpelling& spelling);
    /// Closes it; the session hears nothing more of it.
    void close(protocol::CloseCode code, std::string_view reason);

    void on_text(std::string_view text) override;
    void on_binary(std::string_view bytes) override;

  private:
    WebSocketTransport& transport_;
    EngineIoSession* session_;
    core::AttachmentForm form_;
};

}  // namespace videochat::transport
