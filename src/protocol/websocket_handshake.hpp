// The opening handshake, the server's side (RFC 6455 section 4.2): which upgrade requests are good.
// Pure. The answer's hash is made in transport/websocket_accept.
#pragma once

#include <cstddef>
#include <string_view>

namespace videochat::protocol {

/// What of a request's head decides.
struct HandshakeRequest {
    bool is_get = false;
    unsigned minor_version = 0;          ///< of HTTP/1.x
    bool upgrades_to_websocket = false;  ///< "websocket" among the tokens of Upgrade
    bool connection_upgrade = false;     ///< "upgrade" among the tokens of Connection
    std::size_t version_count = 0;       ///< Sec-WebSocket-Version fields
    std::string_view version;
    std::size_t key_count = 0;  ///< Sec-WebSocket-Key fields
    std::string_view key;
};

/// 101: good. 405: not GET. 426: no upgrade at all, or another version. 400: anything else.
unsigned judge_handshake(const HandshakeRequest& request);

/// Base64 (RFC 4648) of exactly 16 bytes.
bool is_handshake_key(std::string_view key);

}  // namespace videochat::protocol
