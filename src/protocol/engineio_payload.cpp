#include "protocol/engineio_payload.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "protocol/base64.hpp"
#include "protocol/utf8.hpp"

namespace videochat::protocol {
namespace {

constexpr char kSeparator = '\x1e';
constexpr char kBinaryMessage = '\x04';
constexpr char kLengthEnd = '\xff';

/// Takes "<n>:" off `body`.
std::optional<std::size_t> take_text_length(std::string_view& body) {
    std::size_t length = 0;
    const char* const end = body.data() + body.size();
    const auto [colon, error] = std::from_chars(body.data(), end, length);
    if (error != std::errc{} || colon == end || *colon != ':') return std::nullopt;
    body.remove_prefix(static_cast<std::size_t>(colon + 1 - body.data()));
    return length;
}

/// Takes digits of one byte each and their end off `body`.
std::optional<std::size_t> take_binary_length(std::string_view& body) {
    const std::size_t digits = body.find(kLengthEnd);
    if (digits == std::string_view::npos) return std::nullopt;
    const std::size_t room = body.size() - digits - 1;
    std::size_t length = 0;
    for (const char c : body.substr(0, digits)) {
        const auto digit = static_cast<unsigned char>(c);
        if (digit > 9) return std::nullopt;
        length = length * 10 + digit;
        if (length > room) return std::nullopt;
    }
    body.remove_prefix(digits + 1);
    if (length == 0) return std::nullopt;
    return length;
}

bool starts_with_ascii_word(const char* p) {
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    return (word & 0x8080808080808080U) == 0;
}

/// The bytes of the first `units` UTF-16 code units. nullopt: fewer, no UTF-8, or the last unit is
/// half a surrogate pair.
std::optional<std::size_t> bytes_of_units(std::string_view text, std::size_t units) {
    const char* p = text.data();
    const char* const end = p + text.size();
    while (units != 0) {
        if (units >= 8 && end - p >= 8 && starts_with_ascii_word(p)) {
            p += 8;
            units -= 8;
            continue;
        }
        const std::size_t length = utf8_sequence_length(p, end);
        const std::size_t width = length == 4 ? 2 : 1;
        if (length == 0 || width > units) return std::nullopt;
        p += length;
        units -= width;
    }
    return static_cast<std::size_t>(p - text.data());
}

std::string_view take(std::string_view& body, std::size_t bytes) {
    const std::string_view taken = body.substr(0, bytes);
    body.remove_prefix(bytes);
    return taken;
}

void append_text4(std::string& out, const OutgoingPacket& packet) {
    if (!out.empty()) out += kSeparator;
    if (packet.is_binary) {
        out += 'b';
        append_base64(out, packet.data);
    } else {
        out += packet.data;
    }
}

void append_text3(std::string& out, const OutgoingPacket& packet) {
    if (packet.is_binary) {
        out += std::to_string(2 + base64_size(packet.data.size()));
        out += ":b4";
        append_base64(out, packet.data);
    } else {
        out += std::to_string(utf16_length(packet.data));
        out += ':';
        out += packet.data;
    }
}

void append_binary3(std::string& out, const OutgoingPacket& packet) {
    out += packet.is_binary ? '\x01' : '\x00';
    for (const char digit : std::to_string(packet.data.size() + (packet.is_binary ? 1 : 0)))
        out += static_cast<char>(digit - '0');
    out += kLengthEnd;
    if (packet.is_binary) out += kBinaryMessage;
    out += packet.data;
}

/// Enough for every framing: the most that surrounds a packet is 2 bytes and its length.
std::size_t encoded_size(std::span<const OutgoingPacket> packets) {
    std::size_t size = 0;
    for (const OutgoingPacket& packet : packets)
        size += 24 + (packet.is_binary ? base64_size(packet.data.size()) : packet.data.size());
    return size;
}

}  // namespace

bool PayloadParser::parse(std::string_view body, PayloadFraming framing, std::size_t max_packets) {
    packets_.clear();
    decoded_.clear();
    max_packets_ = max_packets;
    bool is_well_formed = false;
    switch (framing) {
        case PayloadFraming::Text4:
            is_well_formed = parse_text4(body);
            break;
        case PayloadFraming::Text3:
            is_well_formed = !body.empty() && parse_text3(body);
            break;
        case PayloadFraming::Binary3:
            is_well_formed = !body.empty() && parse_binary3(body);
            break;
    }
    if (!is_well_formed) packets_.clear();
    return is_well_formed;
}

bool PayloadParser::parse_text4(std::string_view body) {
    while (true) {
        const std::size_t end = std::min(body.find(kSeparator), body.size());
        const std::string_view packet = body.substr(0, end);
        const bool is_binary = !packet.empty() && packet.front() == 'b';
        if (!(is_binary ? add_base64(packet.substr(1)) : add_text(packet))) return false;
        if (end == body.size()) return true;
        body.remove_prefix(end + 1);
    }
}

bool PayloadParser::parse_text3(std::string_view body) {
    while (!body.empty()) {
        const auto units = take_text_length(body);
        if (!units) return false;
        const auto bytes = bytes_of_units(body, *units);
        if (!bytes) return false;
        const std::string_view packet = take(body, *bytes);
        const bool is_binary = packet.substr(0, 2) == "b4";
        if (!(is_binary ? add_base64(packet.substr(2)) : add_text(packet))) return false;
    }
    return true;
}

bool PayloadParser::parse_binary3(std::string_view body) {
    while (!body.empty()) {
        const char kind = take(body, 1).front();
        if (kind != '\x00' && kind != '\x01') return false;
        const auto length = take_binary_length(body);
        if (!length) return false;
        const std::string_view packet = take(body, *length);
        if (kind == '\x00') {
            if (!is_valid_utf8(packet) || !add_text(packet)) return false;
        } else {
            if (packet.front() != kBinaryMessage || !add_binary(packet.substr(1))) return false;
        }
    }
    return true;
}

bool PayloadParser::add_text(std::string_view packet) {
    const auto parsed = parse_engineio_packet(packet);
    if (!parsed || packets_.size() == max_packets_) return false;
    packets_.push_back(*parsed);
    return true;
}

bool PayloadParser::add_base64(std::string_view base64) {
    if (packets_.size() == max_packets_) return false;
    auto bytes = base64_decode(base64);
    return bytes && add_binary(decoded_.emplace_back(std::move(*bytes)));
}

bool PayloadParser::add_binary(std::string_view bytes) {
    if (packets_.size() == max_packets_) return false;
    packets_.push_back({EngineIoPacketType::Message, true, bytes});
    return true;
}

std::string encode_payload(std::span<const OutgoingPacket> packets, PayloadFraming framing) {
    std::string out;
    out.reserve(encoded_size(packets));
    for (const OutgoingPacket& packet : packets) {
        switch (framing) {
            case PayloadFraming::Text4:
                append_text4(out, packet);
                break;
            case PayloadFraming::Text3:
                append_text3(out, packet);
                break;
            case PayloadFraming::Binary3:
                append_binary3(out, packet);
                break;
        }
    }
    return out;
}

// Every sequence begins with a byte that is no continuation; those of four bytes are two units.
std::size_t utf16_length(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        units += static_cast<std::size_t>((byte & 0xC0U) != 0x80U);
        units += static_cast<std::size_t>(byte >= 0xF0U);
    }
    return units;
}

}  // namespace videochat::protocol
