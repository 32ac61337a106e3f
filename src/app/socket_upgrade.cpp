#include "app/socket_upgrade.hpp"

#include <memory>
#include <utility>

#include "app/websocket_handshake.hpp"
#include "protocol/origin.hpp"
#include "protocol/request_target.hpp"
#include "protocol/room_name.hpp"
#include "transport/native_session.hpp"
#include "transport/websocket_accept.hpp"
#include "transport/websocket_transport.hpp"

namespace videochat::app {
namespace {

using http::RequestHead;
using http::UpgradeRequest;

constexpr unsigned kSwitchingProtocols = 101;

}  // namespace

// What is wrong is said in this order: the request itself, who asks, what for.
unsigned SocketUpgrade::judge(const UpgradeRequest& request) const {
    const RequestHead& head = request.head;
    const unsigned verdict = judge_handshake(head);
    if (verdict != kSwitchingProtocols) return verdict;
    const std::size_t origins = head.count("Origin");
    if (origins > 1) return 400;
    if (origins == 1 && !protocol::is_origin_allowed(head.value("Origin"), head.value("Host"),
                                                     parts_.allowed_origins)) {
        request.metrics.add(observe::Counter::RefusedOrigins);
        return 403;
    }
    return verdict;
}

bool SocketUpgrade::find_room(std::string_view query, std::string& room) const {
    auto parameter = protocol::find_parameter(query, "room");
    if (parameter.outcome == protocol::ParameterOutcome::Absent) return true;
    if (parameter.outcome != protocol::ParameterOutcome::One) return false;
    room = std::move(parameter.value);
    return protocol::check_room_name(room, parts_.config.rooms) == protocol::RoomNameOutcome::Ok;
}

std::optional<http::Response> SocketUpgrade::operator()(net::Connection& connection,
                                                        const UpgradeRequest& request) const {
    const unsigned verdict = judge(request);
    if (verdict != kSwitchingProtocols) return handshake_refusal(verdict);
    std::string room(core::kLobby);
    if (!find_room(request.query, room)) {
        request.metrics.add(observe::Counter::RefusedRooms);
        return handshake_refusal(400);
    }
    connection.send(core::Frame::copy_of(
        transport::switching_protocols(request.head.value("Sec-WebSocket-Key"))));
    auto transport = std::make_unique<transport::WebSocketTransport>(
        connection, parts_.config.websocket, parts_.metrics);
    transport->set_session(std::make_unique<transport::NativeSession>(
        *transport, parts_.hub, room, parts_.config.websocket, parts_.metrics));
    connection.become(std::move(transport));
    return std::nullopt;
}

std::optional<std::size_t> SocketUpgrade::home_of(std::string_view query) const {
    std::string room(core::kLobby);
    if (parts_.loops.size() == 1 || !find_room(query, room)) return std::nullopt;
    const std::size_t home = parts_.loops.index_for(room);
    return home == parts_.home ? std::nullopt : std::optional(home);
}

}  // namespace videochat::app
