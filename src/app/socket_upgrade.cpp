#include "app/socket_upgrade.hpp"

#include <memory>
#include <utility>

#include "app/call_query.hpp"
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

std::optional<SocketUpgrade::Destination> SocketUpgrade::find_destination(
    std::string_view query, const protocol::IpAddress& client) const {
    Destination destination{std::string(core::kLobby), std::nullopt};
    if (asks_for_call(query)) {
        destination.call = parse_call_query(query, parts_.config.rooms);
        if (!destination.call) return std::nullopt;
        const auto [high, low] = client.key();
        destination.call->entry.address = std::to_string(high) + ":" + std::to_string(low);
        return destination;
    }
    if (!find_room(query, destination.room)) return std::nullopt;
    return destination;
}

std::optional<http::Response> SocketUpgrade::operator()(net::Connection& connection,
                                                        const UpgradeRequest& request) const {
    const unsigned verdict = judge(request);
    if (verdict != kSwitchingProtocols) return handshake_refusal(verdict);
    const auto destination = find_destination(request.query, request.client);
    if (!destination) {
        request.metrics.add(observe::Counter::RefusedRooms);
        return handshake_refusal(400);
    }
    connection.send(core::Frame::copy_of(
        transport::switching_protocols(request.head.value("Sec-WebSocket-Key"))));
    auto transport = std::make_unique<transport::WebSocketTransport>(
        connection, parts_.config.websocket, parts_.metrics);
    transport->set_session(make_session(*transport, *destination));
    connection.become(std::move(transport));
    return std::nullopt;
}

std::unique_ptr<transport::Session> SocketUpgrade::make_session(
    transport::WebSocketTransport& transport, const Destination& destination) const {
    const WebSocketLimits& limits = parts_.config.websocket;
    if (destination.call) {
        return std::make_unique<transport::CallSession>(transport, parts_.calls, *destination.call,
                                                        limits, parts_.metrics);
    }
    return std::make_unique<transport::NativeSession>(transport, parts_.hub, destination.room,
                                                      limits, parts_.metrics);
}

std::optional<std::size_t> SocketUpgrade::home_of(std::string_view query) const {
    if (parts_.loops.size() == 1) return std::nullopt;
    const auto destination = find_destination(query, {});
    if (!destination) return std::nullopt;
    const std::size_t home =
        parts_.loops.index_for(destination->call ? destination->call->call : destination->room);
    return home == parts_.home ? std::nullopt : std::optional(home);
}

}  // namespace videochat::app
