#include "transport/event_refusal.hpp"

namespace videochat::transport {

using protocol::CloseCode;
using protocol::EventTextError;

void close_for(WebSocketTransport& transport, EventTextError error) {
    switch (error) {
        case EventTextError::None:
            return;
        case EventTextError::InvalidJson:
            transport.close(CloseCode::InvalidData, "not JSON");
            return;
        case EventTextError::TooDeep:
            transport.close(CloseCode::InvalidData, "nested too deeply");
            return;
        case EventTextError::NotAnEvent:
            transport.close(CloseCode::PolicyViolation, "not an event");
            return;
        case EventTextError::NameTooLong:
            transport.close(CloseCode::PolicyViolation, "event name too long");
            return;
    }
}

}  // namespace videochat::transport
