// The reference for fuzz_engineio_payload: the three framings read the slow and obvious way, text
// of version 3 as UTF-16 as the JavaScript clients see it. Shares no code with the parser under
// test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace videochat::fuzz {

struct SlowPacket {
    char type;
    bool is_binary = false;
    std::string data;
    bool operator==(const SlowPacket&) const = default;
};
using SlowPackets = std::optional<std::vector<SlowPacket>>;

inline std::optional<std::u16string> slow_utf16(const std::string& utf8) {
    std::u16string out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(utf8[k]); };
        const unsigned first = byte(i);
        const std::size_t length = first < 128 ? 1 : first < 224 ? 2 : first < 240 ? 3 : 4;
        if ((first >= 128 && first < 192) || first >= 248 || utf8.size() - i < length) return {};
        std::uint32_t value = length == 1 ? first : first % (128U >> length);
        for (std::size_t k = 1; k < length; ++k) {
            if (byte(i + k) / 64 != 2) return {};
            value = value * 64 + byte(i + k) % 64;
        }
        constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
        if (value < kLeast[length] || value > 0x10FFFF) return {};
        if (value >= 0xD800 && value <= 0xDFFF) return {};
        if (value >= 0x10000) out += static_cast<char16_t>(0xD800 + (value - 0x10000) / 1024);
        out += static_cast<char16_t>(value >= 0x10000 ? 0xDC00 + value % 1024 : value);
        i += length;
    }
    return out;
}

inline std::optional<std::string> slow_utf8(const std::u16string& utf16) {
    std::string out;
    for (std::size_t i = 0; i < utf16.size(); ++i) {
        std::uint32_t value = utf16[i];
        if (value >= 0xDC00 && value <= 0xDFFF) return {};
        if (value >= 0xD800 && value <= 0xDBFF) {
            if (i + 1 == utf16.size() || utf16[i + 1] / 1024 != 0xDC00 / 1024) return {};
            value = 0x10000 + (value - 0xD800) * 1024 + (utf16[++i] - 0xDC00U);
        }
        const int more = value < 0x80 ? 0 : value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
        constexpr std::uint32_t kMark[] = {0, 0xC0, 0xE0, 0xF0};
        out += static_cast<char>(kMark[more] + (value >> (6 * more)));
        for (int k = more - 1; k >= 0; --k)
            out += static_cast<char>(0x80 + (value >> (6 * k)) % 64);
    }
    return out;
}

inline std::optional<std::string> slow_base64(std::string text) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t end = text.find('=');
    if (end != std::string::npos) {
        const std::string padding = text.substr(end);
        if (text.size() % 4 != 0 || (padding != "=" && padding != "==")) return {};
        text.resize(end);
    }
    std::string bits;
    for (const char c : text) {
        const std::size_t value = digits.find(c);
        if (value == std::string::npos) return {};
        for (int k = 5; k >= 0; --k)
            bits += (value >> k) % 2 == 1 ? '1' : '0';
    }
    if (bits.size() % 8 >= 6) return {};  // a digit that adds to no byte
    std::string out;
    for (std::size_t i = 0; i + 8 <= bits.size(); i += 8)
        out += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
    return out;
}

inline bool slow_add_text(std::vector<SlowPacket>& out, const std::string& packet) {
    if (packet.empty() || std::string("0123456").find(packet[0]) == std::string::npos) return false;
    out.push_back({packet[0], false, packet.substr(1)});
    return true;
}

inline bool slow_add_base64(std::vector<SlowPacket>& out, const std::string& base64) {
    const auto bytes = slow_base64(base64);
    if (bytes) out.push_back({'4', true, *bytes});
    return bytes.has_value();
}

inline SlowPackets slow_text4(const std::string& body) {
    std::vector<std::string> parts(1);
    for (const char c : body) {
        if (c == 0x1e) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    std::vector<SlowPacket> out;
    for (const std::string& part : parts) {
        const bool is_binary = !part.empty() && part[0] == 'b';
        if (!(is_binary ? slow_add_base64(out, part.substr(1)) : slow_add_text(out, part)))
            return {};
    }
    return out;
}

inline SlowPackets slow_text3(const std::string& body) {
    const auto all = slow_utf16(body);
    if (!all || all->empty()) return {};
    std::vector<SlowPacket> out;
    for (std::size_t i = 0; i < all->size();) {
        const std::size_t colon = all->find(u':', i);
        if (colon == std::u16string::npos || colon == i) return {};
        std::size_t length = 0;
        for (; i < colon; ++i) {
            if ((*all)[i] < u'0' || (*all)[i] > u'9') return {};
            length = length * 10 + ((*all)[i] - u'0');
            if (length > all->size()) return {};
        }
        i = colon + 1;
        if (length == 0 || all->size() - i < length) return {};
        const auto packet = slow_utf8(all->substr(i, length));
        if (!packet) return {};
        const bool is_binary = packet->rfind("b4", 0) == 0;
        if (!(is_binary ? slow_add_base64(out, packet->substr(2)) : slow_add_text(out, *packet)))
            return {};
        i += length;
    }
    return out;
}

inline SlowPackets slow_binary3(const std::string& body) {
    if (body.empty()) return {};
    std::vector<SlowPacket> out;
    for (std::size_t i = 0; i < body.size();) {
        const char kind = body[i++];
        std::size_t length = 0;
        for (; i < body.size() && body[i] >= 0 && body[i] <= 9; ++i) {
            length = length * 10 + static_cast<std::size_t>(body[i]);
            if (length > body.size()) return {};
        }
        if (i == body.size() || body[i] != '\xff') return {};
        ++i;
        if (length == 0 || body.size() - i < length) return {};
        const std::string packet = body.substr(i, length);
        i += length;
        if (kind == 1 && packet[0] == 4) {
            out.push_back({'4', true, packet.substr(1)});
        } else if (kind != 0 || !slow_utf16(packet) || !slow_add_text(out, packet)) {
            return {};
        }
    }
    return out;
}

}  // namespace videochat::fuzz
