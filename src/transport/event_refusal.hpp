// How a WebSocket of `/socket` is closed for a text that is no event (docs/protocol.md, "Ends").
#pragma once

#include "protocol/event_text.hpp"
#include "transport/websocket_transport.hpp"

namespace videochat::transport {

/// `error` is not None. On the transport's loop.
void close_for(WebSocketTransport& transport, protocol::EventTextError error);

}  // namespace videochat::transport
