// The answer to a good opening handshake (RFC 6455 section 4.2.2).
#pragma once

#include <string>
#include <string_view>

namespace videochat::transport {

/// Sec-WebSocket-Accept for a checked key.
std::string websocket_accept(std::string_view key);

/// The whole 101 response; no subprotocol and no extension is ever taken up.
std::string switching_protocols(std::string_view key);

}  // namespace videochat::transport
