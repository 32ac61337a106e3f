#include "protocol/engineio_packet.hpp"

#include "protocol/quoted_text.hpp"

namespace videochat::protocol {

std::optional<EngineIoPacket> parse_engineio_packet(std::string_view text) {
    if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
    return EngineIoPacket{static_cast<EngineIoPacketType>(text.front()), false, text.substr(1)};
}

std::string open_packet(const EngineIoHandshake& handshake) {
    std::string text = R"(0{"sid":)";
    text += quoted_json(handshake.sid);
    text += handshake.can_upgrade ? R"(,"upgrades":["websocket"])" : R"(,"upgrades":[])";
    text += R"(,"pingInterval":)" + std::to_string(handshake.ping_interval.count());
    text += R"(,"pingTimeout":)" + std::to_string(handshake.ping_timeout.count());
    text += R"(,"maxPayload":)" + std::to_string(handshake.max_payload);
    text += '}';
    return text;
}

}  // namespace videochat::protocol
