#include "app/websocket_handshake.hpp"

#include "http/response_head.hpp"
#include "protocol/websocket_handshake.hpp"

namespace videochat::app {
namespace {

constexpr unsigned kSwitchingProtocols = 101;

}  // namespace

unsigned judge_handshake(const http::RequestHead& head) {
    return protocol::judge_handshake(
        {.is_get = head.method == http::Method::Get,
         .minor_version = head.minor_version,
         .upgrades_to_websocket = head.has_token("Upgrade", "websocket"),
         .connection_upgrade = head.has_token("Connection", "upgrade"),
         .version_count = head.count("Sec-WebSocket-Version"),
         .version = head.value("Sec-WebSocket-Version"),
         .key_count = head.count("Sec-WebSocket-Key"),
         .key = head.value("Sec-WebSocket-Key")});
}

http::Response handshake_refusal(unsigned status) {
    http::Response response = http::plain_response(status);
    if (status == 405) response.extra_fields += "Allow: GET\r\n";
    if (status == 426) {
        // RFC 9110 section 15.5.22 wants Upgrade, and Connection to name it.
        response.extra_fields +=
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    }
    return response;
}

std::optional<http::Response> refuse_handshake(const http::RequestHead& head) {
    const unsigned status = judge_handshake(head);
    if (status == kSwitchingProtocols) return std::nullopt;
    return handshake_refusal(status);
}

}  // namespace videochat::app
