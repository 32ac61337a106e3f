#include "app/socket_upgrade.hpp"

#include <memory>
#include <utility>

#include "http/response_head.hpp"
#include "protocol/origin.hpp"
#include "protocol/request_target.hpp"
#include "protocol/room_name.hpp"
#include "protocol/websocket_handshake.hpp"
#include "transport/native_session.hpp"
#include "transport/websocket_accept.hpp"
#include "transport/websocket_transport.hpp"

namespace videochat::app {
namespace {

using http::RequestHead;
using http::UpgradeRequest;

constexpr unsigned kSwitchingProtocols = 101;

protocol::HandshakeRequest handshake_of(const RequestHead& head) {
    return {.is_get = head.method == http::Method::Get,
            .minor_version = head.minor_version,
            .upgrades_to_websocket = head.has_token("Upgrade", "websocket"),
            .connection_upgrade = head.has_token("Connection", "upgrade"),
            .version_count = head.count("Sec-WebSocket-Version"),
            .version = head.value("Sec-WebSocket-Version"),
            .key_count = head.count("Sec-WebSocket-Key"),
            .key = head.value("Sec-WebSocket-Key")};
}

http::Response refusal(unsigned status) {
    http::Response response = http::plain_response(status);
    if (status == 405) response.extra_fields += "Allow: GET\r\n";
    if (status == 426) {
        // RFC 9110 section 15.5.22 wants Upgrade, and Connection to name it.
        response.extra_fields +=
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    }
    return response;
}

}  // namespace

// What is wrong is said in this order: the request itself, who asks, what for.
unsigned SocketUpgrade::judge(const UpgradeRequest& request) const {
    const RequestHead& head = request.head;
    const unsigned verdict = protocol::judge_handshake(handshake_of(head));
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
    if (verdict != kSwitchingProtocols) return refusal(verdict);
    std::string room(core::kLobby);
    if (!find_room(request.query, room)) {
        request.metrics.add(observe::Counter::RefusedRooms);
        return refusal(400);
    }
    move_in(connection, request, room);
    return std::nullopt;
}

void SocketUpgrade::move_in(net::Connection& connection, const UpgradeRequest& request,
                            const std::string& room) const {
    const std::size_t home = parts_.loops.index_for(room);
    net::Loop& loop = parts_.loops.at(home);
    const std::string accepted =
        transport::switching_protocols(request.head.value("Sec-WebSocket-Key"));
    if (&loop == &connection.loop()) {
        connection.send(core::Frame::copy_of(accepted));
        connection.become(make_transport(connection, home, room));
        return;
    }
    // std::function wants copies, a socket is one of a kind: it travels in a shared box.
    auto box = std::make_shared<net::Socket>(connection.release());
    std::string rest(request.rest.data(), request.rest.size());
    loop.post([this, box, room, accepted, rest = std::move(rest), home, &loop] {
        auto* const moved =
            net::Connection::open(loop, std::move(*box), [&](net::Connection& here) {
                here.send(core::Frame::copy_of(accepted));
                return make_transport(here, home, room);
            });
        if (moved != nullptr && !rest.empty()) moved->inject(rest);
    });
}

std::unique_ptr<net::ByteHandler> SocketUpgrade::make_transport(net::Connection& connection,
                                                                std::size_t home,
                                                                std::string_view room) const {
    const WebSocketLimits& limits = parts_.config.websocket;
    observe::Metrics& metrics = parts_.metrics_of(home);
    auto transport = std::make_unique<transport::WebSocketTransport>(connection, limits, metrics);
    transport->set_session(std::make_unique<transport::NativeSession>(
        *transport, parts_.hub_of(home), room, limits, metrics));
    return transport;
}

}  // namespace videochat::app
