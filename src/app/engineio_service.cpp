#include "app/engineio_service.hpp"

#include <charconv>
#include <memory>
#include <utility>

#include "app/admission_counter.hpp"
#include "app/polling_exchange.hpp"
#include "app/random_id.hpp"
#include "app/websocket_handshake.hpp"
#include "http/response_head.hpp"
#include "protocol/engineio_jsonp.hpp"
#include "protocol/origin.hpp"
#include "protocol/room_name.hpp"
#include "transport/engineio_websocket.hpp"
#include "transport/websocket_accept.hpp"
#include "transport/websocket_transport.hpp"

namespace videochat::app {
namespace {

using http::RequestHead;
using observe::Counter;
using protocol::EngineIoVersion;
using Transport = EngineIoQuery::Transport;

// A sid is this many random characters, and the number of its loop if there are several.
constexpr std::size_t kRandomPart = 20;

/// Pages of old came from anywhere; what the origin test lets through may read the answers.
std::string cors_fields(const RequestHead& head) {
    const std::string_view origin = head.value("Origin");
    if (origin.empty()) return "Access-Control-Allow-Origin: *\r\n";
    std::string fields = "Access-Control-Allow-Origin: ";
    return fields.append(origin).append(
        "\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n");
}

http::Response preflight_response(const RequestHead& head) {
    http::Response response;
    response.status = 204;
    response.no_body = true;
    response.extra_fields = cors_fields(head) +
                            "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
                            "Access-Control-Allow-Headers: Content-Type\r\n"
                            "Access-Control-Max-Age: 600\r\nCache-Control: no-store\r\n";
    return response;
}

/// What engine.io tells a WebSocket that it does not take.
http::Response upgrade_refusal(transport::EngineIoError error) {
    const std::string_view text = transport::message_of(error);
    http::Response response;
    response.status = error == transport::EngineIoError::Forbidden ? 403 : 400;
    response.fields = core::Frame::of_static("Content-Type: text/html\r\n");
    response.body = core::Frame::copy_of(text);
    response.content_length = text.size();
    response.close = true;
    return response;
}

http::Response too_many() {
    http::Response response = http::plain_response(429);
    response.extra_fields += "Retry-After: 5\r\n";
    return response;
}

bool is_octets(const RequestHead& head) {
    return head.value("Content-Type") == "application/octet-stream";
}

/// The poll's or POST's own `j`.
std::string jsonp_index(const EngineIoQuery& query) { return query.jsonp.value_or(std::string()); }

/// 1.x and 2.x set it so that a load balancer can tell sessions apart; nobody reads it here.
std::string cookie_field(const transport::EngineIoSession& session) {
    if (session.version() != EngineIoVersion::V3) return {};
    return "Set-Cookie: io=" + session.sid() + "; Path=/; HttpOnly; SameSite=Strict\r\n";
}

}  // namespace

EngineIoService::EngineIoService(Parts parts)
    : parts_(std::move(parts)),
      context_{.limits = parts_.config.engineio,
               .websocket = parts_.config.websocket,
               .sessions = sessions_,
               .metrics = parts_.metrics} {}

std::optional<std::size_t> EngineIoService::home_of(std::string_view text) const {
    if (parts_.loops.size() == 1) return std::nullopt;
    const EngineIoQuery query = EngineIoQuery::parse(text);
    std::size_t home = parts_.home;
    if (!query.sid) {
        home = parts_.loops.index_for(query.room);
    } else if (query.sid->size() > kRandomPart) {
        const char* const end = query.sid->data() + query.sid->size();
        std::size_t named = home;
        std::from_chars(query.sid->data() + kRandomPart, end, named);
        if (named < parts_.loops.size()) home = named;
    }
    return home == parts_.home ? std::nullopt : std::optional(home);
}

std::string EngineIoService::sid() const {
    std::string sid = random_id();
    if (parts_.loops.size() > 1) sid += std::to_string(parts_.home);
    return sid;
}

bool EngineIoService::is_origin_allowed(const RequestHead& head) const {
    if (head.count("Origin") == 0) return true;
    return protocol::is_origin_allowed(head.value("Origin"), head.value("Host"),
                                       parts_.allowed_origins);
}

// The order is engine.io's; who asks for a session learns nothing of why it may not have one.
std::optional<transport::EngineIoError> EngineIoService::judge(const RequestHead& head,
                                                               const EngineIoQuery& query,
                                                               bool is_upgrade,
                                                               Session*& session) const {
    if (query.transport == Transport::Unknown) return Error::TransportUnknown;
    if (head.count("Origin") > 1) return Error::BadRequest;
    if (query.jsonp && !protocol::is_jsonp_index(*query.jsonp)) return Error::BadRequest;
    if (!query.sid) return judge_handshake(head, query, is_upgrade);
    session = sessions_.find(*query.sid);
    if (session == nullptr || !session->check_alive()) return Error::SessionUnknown;
    const bool fits = is_upgrade ? query.transport == Transport::WebSocket
                                 : query.transport == Transport::Polling && session->is_polling();
    if (!fits || query.version != session->version()) return Error::BadRequest;
    if (!is_origin_allowed(head)) return Error::Forbidden;
    return std::nullopt;
}

std::optional<transport::EngineIoError> EngineIoService::judge_handshake(const RequestHead& head,
                                                                         const EngineIoQuery& query,
                                                                         bool is_upgrade) const {
    if (head.method != http::Method::Get) return Error::BadHandshakeMethod;
    if (is_upgrade != (query.transport == Transport::WebSocket)) return Error::BadRequest;
    if (!is_origin_allowed(head)) return Error::Forbidden;
    if (!query.version) return Error::UnsupportedVersion;
    if (query.has_call) return Error::BadRequest;
    const bool is_named = !query.room.empty();
    if (!query.is_room_valid ||
        (is_named && protocol::check_room_name(query.room, parts_.config.rooms) !=
                         protocol::RoomNameOutcome::Ok)) {
        parts_.metrics.add(Counter::RefusedRooms);
        return Error::BadRequest;
    }
    return std::nullopt;
}

transport::EngineIoSession* EngineIoService::open_session(const EngineIoQuery& query,
                                                          const protocol::IpAddress& client) {
    net::Loop& loop = parts_.loops.at(parts_.home);
    net::ConnectionGate::Ticket ticket;
    const net::Admission admission = parts_.sessions.admit(client, loop.now(), ticket);
    if (admission != net::Admission::Ok) {
        parts_.metrics.add(counter_of(admission));
        return nullptr;
    }
    const bool offsets = parts_.config.recovery.enabled && query.version == EngineIoVersion::V4;
    return &loop.adopt(
        std::make_unique<Session>(context_, Session::Handshake{.version = *query.version,
                                                               .base64 = query.base64,
                                                               .offsets = offsets,
                                                               .sid = sid(),
                                                               .ticket = std::move(ticket)}));
}

void EngineIoService::begin(Session& session, const EngineIoQuery& query) {
    session.open();
    session.set_application(parts_.make_application(session, query));
}

void EngineIoService::serve(http::Exchange& exchange, const http::ServiceRequest& request) {
    if (request.head.method == http::Method::Options) {
        exchange.answer(is_origin_allowed(request.head)
                            ? preflight_response(request.head)
                            : polling_response(transport::refusal(Error::Forbidden), {}));
        return;
    }
    const EngineIoQuery query = EngineIoQuery::parse(request.query);
    Session* session = nullptr;
    if (const auto error = judge(request.head, query, false, session)) {
        parts_.metrics.add(Counter::RefusedSessions);
        if (error == Error::Forbidden) parts_.metrics.add(Counter::RefusedOrigins);
        const bool readable = error != Error::Forbidden && is_origin_allowed(request.head);
        exchange.answer(polling_response(transport::refusal(*error),
                                         readable ? cors_fields(request.head) : std::string()));
        return;
    }
    if (session == nullptr) {
        session = open_session(query, request.client);
        if (session == nullptr) {
            exchange.answer(too_many());
            return;
        }
        begin(*session, query);
    }
    serve_session(exchange, request, query, *session);
}

void EngineIoService::serve_session(http::Exchange& exchange, const http::ServiceRequest& request,
                                    const EngineIoQuery& query, Session& session) {
    auto pending = std::make_unique<PollingExchange>(
        exchange, session,
        PollingExchange::Request{.fields = cors_fields(request.head) + cookie_field(session),
                                 .jsonp_index = jsonp_index(query),
                                 .octets = is_octets(request.head)});
    PollingExchange& polling = *pending;
    if (request.head.method == http::Method::Get) {
        exchange.wait(std::move(pending));
        session.poll(polling);
    } else if (request.head.method_name == "POST") {
        if (session.begin_post(polling)) {
            exchange.receive_body(transport::max_payload(parts_.config.engineio),
                                  http::BodyBytes::Kept, std::move(pending));
        }
    } else {
        polling.answer(transport::refusal(Error::BadRequest));
    }
}

std::optional<http::Response> EngineIoService::upgrade(net::Connection& connection,
                                                       const http::UpgradeRequest& request) {
    const EngineIoQuery query = EngineIoQuery::parse(request.query);
    Session* session = nullptr;
    if (const auto error = judge(request.head, query, true, session)) {
        parts_.metrics.add(Counter::RefusedSessions);
        if (error == Error::Forbidden) parts_.metrics.add(Counter::RefusedOrigins);
        return upgrade_refusal(*error);
    }
    if (auto refusal = refuse_handshake(request.head)) return refusal;
    const bool is_new = session == nullptr;
    if (is_new) session = open_session(query, request.client);
    if (session == nullptr) return too_many();
    take_over(connection, request.head.value("Sec-WebSocket-Key"), *session, is_new);
    if (is_new) begin(*session, query);
    return std::nullopt;
}

void EngineIoService::take_over(net::Connection& connection, std::string_view key, Session& session,
                                bool is_new) {
    connection.send(core::Frame::copy_of(transport::switching_protocols(key)));
    auto transport = std::make_unique<transport::WebSocketTransport>(
        connection, parts_.config.websocket, parts_.metrics);
    const bool is_late = !is_new && (!session.is_polling() || session.is_upgrading());
    if (is_late) {  // a second one: taken, and closed at once
        transport->close(protocol::CloseCode::Normal, "the session has a WebSocket");
    } else {
        auto websocket = std::make_unique<transport::EngineIoWebSocket>(*transport, session,
                                                                        session.attachment_form());
        if (is_new) {
            session.begin_with(*websocket);
        } else {
            session.begin_upgrade(*websocket);
        }
        transport->set_session(std::move(websocket));
    }
    connection.become(std::move(transport));
}

}  // namespace videochat::app
