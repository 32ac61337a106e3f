// SocketIoSession: Socket.IO protocol 4 (clients 1.x and 2.x) and 5 (3.x and 4.x) in one Engine.IO
// session: the main namespace, whose events are those of core::signaling. Owned by the Engine.IO
// session, on the room's loop.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/double_utf8.hpp"
#include "protocol/socketio_packet.hpp"
#include "transport/absent_peer.hpp"
#include "transport/engineio_session.hpp"
#include "transport/session.hpp"
#include "transport/socketio_peer.hpp"
#include "videochat/core/hub.hpp"

namespace videochat::transport {

/// What the sessions of one loop share.
struct SocketIoContext {
    const WebSocketLimits& websocket;
    const EngineIoLimits& engineio;
    const RecoveryConfig& recovery;
    core::Hub& hub;
    AbsentPeers& absent;
    observe::Metrics& metrics;
};

class SocketIoSession final : public Session {
  public:
    /// A client of protocol 4 is a member of `room` at once, one of protocol 5 when it says so.
    SocketIoSession(EngineIoSession& session, const SocketIoContext& context, std::string room);
    ~SocketIoSession() override;

    void on_text(std::string_view text) override;
    void on_binary(std::string_view bytes) override;

  private:
    /// A binary event whose attachments have not all come.
    struct Incomplete {
        protocol::SocketIoPacketType type = protocol::SocketIoPacketType::BinaryEvent;
        std::string data;
        std::size_t expected = 0;
        std::vector<core::Frame> attachments;
    };

    bool is_protocol_5() const { return session_.version() == protocol::EngineIoVersion::V4; }
    void on_packet(const protocol::SocketIoPacket& packet);
    void on_other_namespace(const protocol::SocketIoPacket& packet);
    void on_connect(const protocol::SocketIoPacket& packet);
    void on_disconnect(const protocol::SocketIoPacket& packet);
    void on_ack(std::string_view data);
    void begin_binary(const protocol::SocketIoPacket& packet);
    void finish_binary();
    void on_event(std::string_view data, std::span<const core::Frame> attachments);
    void handle(std::string_view name, std::string_view first,
                std::span<const core::Frame> attachments);
    void join(std::string id);
    bool recover(const protocol::ConnectData& data);
    bool is_within_limit(std::span<const core::Frame> attachments) const;
    void malformed();
    void too_big();

    EngineIoSession& session_;
    const SocketIoContext& context_;
    std::string room_;
    protocol::Utf8Layers utf8_layers_ = protocol::Utf8Layers::Unknown;
    std::string_view text_;  ///< the packet being handled
    std::unique_ptr<Incomplete> incomplete_;
    std::unique_ptr<SocketIoPeer> peer_;  ///< null: not in the namespace
};

}  // namespace videochat::transport
