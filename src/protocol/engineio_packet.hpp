// Engine.IO packets, versions 3 (clients 1.x and 2.x) and 4 (3.x and 4.x): what they are, and the
// text of those that the server makes. Pure. Framing in POST bodies and long-polling answers is in
// engineio_payload.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "videochat/config.hpp"

namespace videochat::protocol {

enum class EngineIoVersion : std::uint8_t { V3 = 3, V4 = 4 };

enum class EngineIoPacketType : char {
    Open = '0',
    Close = '1',
    Ping = '2',
    Pong = '3',
    Message = '4',
    Upgrade = '5',
    Noop = '6'
};

/// A packet that a client sent. Views point into the text or payload that was parsed.
struct EngineIoPacket {
    EngineIoPacketType type = EngineIoPacketType::Noop;
    bool is_binary = false;  ///< only of a Message
    std::string_view data;   ///< behind the digit; the bytes of a binary message
};

/// A text packet: a digit and its data. nullopt: no such packet.
std::optional<EngineIoPacket> parse_engineio_packet(std::string_view text);

/// What the open packet tells.
struct EngineIoHandshake {
    std::string_view sid;
    bool can_upgrade = false;  ///< "upgrades":["websocket"], otherwise []
    Milliseconds ping_interval{};
    Milliseconds ping_timeout{};
    std::size_t max_payload = 0;  ///< bytes
};
/// `0{"sid":...,"upgrades":...,"pingInterval":...,"pingTimeout":...,"maxPayload":...}`, exactly
/// these five keys in this order.
std::string open_packet(const EngineIoHandshake& handshake);

}  // namespace videochat::protocol
