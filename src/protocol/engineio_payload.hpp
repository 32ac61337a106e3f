// Engine.IO payloads: the packets of one POST body, or of one long-polling answer. Version 4 joins
// them with U+001E; version 3 prefixes each with its length, in UTF-16 code units (text payload) or
// in bytes (binary payload). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/engineio_packet.hpp"

namespace videochat::protocol {

/// The three ways a payload can be framed.
enum class PayloadFraming : std::uint8_t {
    Text4,   ///< version 4: "4a\x1e4b"; a binary message is "b" and base64
    Text3,   ///< version 3: "2:4a"; a binary message is "b4" and base64
    Binary3  ///< version 3, application/octet-stream: 0 or 1, digits of the length, 255, packet
};

/// A POST body, taken apart. Reusable; its packets live as long as it and the body do.
class PayloadParser {
  public:
    /// False: malformed (then no packet counts), empty, or more than `max_packets`.
    /// The text of version 3 packets is checked to be UTF-8, because it has to be counted; that of
    /// version 4 is not.
    bool parse(std::string_view body, PayloadFraming framing, std::size_t max_packets);

    std::span<const EngineIoPacket> packets() const { return packets_; }

  private:
    bool parse_text4(std::string_view body);
    bool parse_text3(std::string_view body);
    bool parse_binary3(std::string_view body);
    bool add_text(std::string_view packet);
    bool add_base64(std::string_view base64);
    bool add_binary(std::string_view bytes);

    std::vector<EngineIoPacket> packets_;
    std::deque<std::string> decoded_;  ///< bytes that came as base64
    std::size_t max_packets_ = 0;
};

/// A packet on its way out, as it waits: a text packet with its digit, or the bytes of a message.
struct OutgoingPacket {
    std::string_view data;
    bool is_binary = false;
};

/// Any framing takes any packets, but the text of Text3 must be UTF-8.
std::string encode_payload(std::span<const OutgoingPacket> packets, PayloadFraming framing);

/// UTF-16 code units of valid UTF-8.
std::size_t utf16_length(std::string_view utf8);

}  // namespace videochat::protocol
