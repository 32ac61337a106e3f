// STUN messages written and read for tests, by other means than the code under test: the checksum
// bit by bit, the attributes as a list, the cookie and all types as plain numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ip_address.hpp"

namespace videochat::test {

using Bytes = std::vector<std::uint8_t>;
using Transaction = std::array<std::uint8_t, 12>;

struct StunAttribute {
    std::uint16_t type = 0;
    Bytes value;
    bool operator==(const StunAttribute&) const = default;
};

inline Bytes from_hex(std::string_view digits) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

inline void append_number(Bytes& bytes, std::uint64_t value, unsigned size) {
    while (size-- > 0)
        bytes.push_back(static_cast<std::uint8_t>(value >> 8U * size));
}

inline std::uint32_t fingerprint_of(std::span<const std::uint8_t> bytes) {
    std::uint32_t sum = ~std::uint32_t{0};
    for (const std::uint8_t byte : bytes) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            const bool is_set = ((sum ^ static_cast<std::uint32_t>(byte) >> bit) & 1U) != 0;
            sum = sum >> 1U ^ (is_set ? 0xEDB88320U : 0U);
        }
    }
    return ~sum ^ 0x5354554EU;
}

/// A whole message; `fingerprint` is appended as its last attribute.
inline Bytes stun_message(std::uint16_t type, const Transaction& transaction,
                          const std::vector<StunAttribute>& attributes = {},
                          bool fingerprint = false) {
    Bytes body;
    for (const StunAttribute& attribute : attributes) {
        append_number(body, attribute.type, 2);
        append_number(body, attribute.value.size(), 2);
        body.insert(body.end(), attribute.value.begin(), attribute.value.end());
        while (body.size() % 4 != 0)
            body.push_back(0);
    }
    Bytes message;
    append_number(message, type, 2);
    append_number(message, body.size() + (fingerprint ? 8 : 0), 2);
    append_number(message, 0x2112A442, 4);
    message.insert(message.end(), transaction.begin(), transaction.end());
    message.insert(message.end(), body.begin(), body.end());
    if (fingerprint) {
        const std::uint32_t sum = fingerprint_of(message);
        append_number(message, 0x80280004, 4);
        append_number(message, sum, 4);
    }
    return message;
}

struct StunReading {
    std::uint16_t type = 0;
    Transaction transaction{};
    std::vector<StunAttribute> attributes;

    const Bytes* find(std::uint16_t wanted) const {
        for (const StunAttribute& attribute : attributes) {
            if (attribute.type == wanted) return &attribute.value;
        }
        return nullptr;
    }
};

/// nullopt: not one whole message with its cookie.
inline std::optional<StunReading> read_stun(std::span<const std::uint8_t> bytes) {
    const auto number = [&bytes](std::size_t at) {
        return static_cast<std::size_t>(bytes[at]) * 256 + bytes[at + 1];
    };
    if (bytes.size() < 20 || number(2) + 20 != bytes.size() || number(4) != 0x2112 ||
        number(6) != 0xA442) {
        return std::nullopt;
    }
    StunReading reading;
    reading.type = static_cast<std::uint16_t>(number(0));
    for (std::size_t i = 0; i < reading.transaction.size(); ++i)
        reading.transaction.at(i) = bytes[8 + i];
    for (std::size_t at = 20; at < bytes.size();) {
        if (bytes.size() - at < 4 || bytes.size() - at - 4 < number(at + 2)) return std::nullopt;
        const auto value = bytes.subspan(at + 4, number(at + 2));
        reading.attributes.push_back(
            {static_cast<std::uint16_t>(number(at)), {value.begin(), value.end()}});
        at += 4 + value.size();
        while (at % 4 != 0)
            ++at;
    }
    return reading;
}

struct SeenAddress {
    protocol::IpAddress address;
    std::uint16_t port = 0;
    std::uint8_t family = 0;  ///< 1: IPv4, 2: IPv6
};

/// What XOR-MAPPED-ADDRESS says.
inline std::optional<SeenAddress> seen_address(const StunReading& reading) {
    const Bytes* const value = reading.find(0x0020);
    if (value == nullptr || (value->size() != 8 && value->size() != 20)) return std::nullopt;
    Bytes key = {0x21, 0x12, 0xA4, 0x42};
    key.insert(key.end(), reading.transaction.begin(), reading.transaction.end());
    SeenAddress seen;
    seen.family = (*value)[1];
    seen.port = static_cast<std::uint16_t>(((*value)[2] ^ 0x21U) << 8U | ((*value)[3] ^ 0x12U));
    std::array<std::uint8_t, 16> plain{};
    for (std::size_t i = 4; i < value->size(); ++i)
        plain.at(i - 4) = static_cast<std::uint8_t>((*value)[i] ^ key.at(i - 4));
    const std::span<const std::uint8_t, 16> whole(plain);
    seen.address = value->size() == 8 ? protocol::IpAddress::from_v4(whole.first<4>())
                                      : protocol::IpAddress::from_v6(whole);
    return seen;
}

}  // namespace videochat::test
