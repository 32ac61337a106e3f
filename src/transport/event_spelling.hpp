// EventSpelling: the dialects in which an Engine.IO session's client reads events, one for each of
// its transports, and who encodes them.
#pragma once

#include "protocol/engineio_packet.hpp"
#include "protocol/socketio_packet.hpp"
#include "videochat/core/event.hpp"

namespace videochat::transport {

struct EventSpelling {
    core::Dialect websocket;
    core::EncodedEvent::Encoder encode_websocket;
    core::Dialect polling;
    core::EncodedEvent::Encoder encode_polling;

    static EventSpelling of(protocol::EngineIoVersion version, bool offsets) {
        using core::Dialect;
        if (version == protocol::EngineIoVersion::V3) {  // 1.x clients read only ASCII right
            return {Dialect::WebSocket, protocol::websocket_event, Dialect::PollingAscii,
                    protocol::polling_event_ascii};
        }
        if (offsets) {
            return {Dialect::WebSocketOffset, protocol::websocket_event_with_offset,
                    Dialect::PollingOffset, protocol::polling_event_with_offset};
        }
        return {Dialect::WebSocket, protocol::websocket_event, Dialect::Polling,
                protocol::polling_event};
    }
};

}  // namespace videochat::transport
