#include "protocol/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace videochat::protocol {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// The second byte is what tells overlong forms, surrogates and values past U+10FFFF
// (Unicode, table 3-7).
bool is_second(unsigned char first, unsigned char second) {
    switch (first) {
        case 0xE0:
            return second >= 0xA0 && second <= 0xBF;
        case 0xED:
            return second >= 0x80 && second <= 0x9F;
        case 0xF0:
            return second >= 0x90 && second <= 0xBF;
        case 0xF4:
            return second >= 0x80 && second <= 0x8F;
        default:
            return is_continuation(second);
    }
}

}  // namespace

std::size_t utf8_sequence_length(const char* p, const char* end) {
    if (p == end) return 0;
    const auto byte = [p](std::size_t i) { return static_cast<unsigned char>(p[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    std::size_t length = 0;
    if (first >= 0xC2 && first <= 0xDF) length = 2;
    if (first >= 0xE0 && first <= 0xEF) length = 3;
    if (first >= 0xF0 && first <= 0xF4) length = 4;
    if (length == 0 || static_cast<std::size_t>(end - p) < length) return 0;
    if (!is_second(first, byte(1))) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (!is_continuation(byte(i))) return 0;
    }
    return length;
}

bool is_valid_utf8(std::string_view text) {
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p != end) {
        if (end - p >= 8) {  // most text is ASCII: eight bytes at a time
            std::uint64_t word = 0;
            std::memcpy(&word, p, sizeof word);
            if ((word & kHighBits) == 0) {
                p += sizeof word;
                continue;
            }
        }
        const std::size_t length = utf8_sequence_length(p, end);
        if (length == 0) return false;
        p += length;
    }
    return true;
}

}  // namespace videochat::protocol
