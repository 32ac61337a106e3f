#include "protocol/base64.hpp"

#include <array>
#include <cstdint>

namespace videochat::protocol {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> digit_values() {
    std::array<std::uint8_t, 256> values{};
    for (auto& value : values)
        value = kNoDigit;
    for (std::size_t i = 0; i < kDigits.size(); ++i)
        values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
    return values;
}
constexpr std::array<std::uint8_t, 256> kValues = digit_values();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

std::uint32_t digit_at(std::string_view text, std::size_t i) { return kValues[byte_at(text, i)]; }

char byte_of(std::uint32_t group, unsigned shift) {
    return static_cast<char>(static_cast<unsigned char>(group >> shift));
}

/// Writes the four digits of 24 bits.
void put_digits(char* at, std::uint32_t group) {
    at[0] = kDigits[group >> 18U];
    at[1] = kDigits[group >> 12U & 63U];
    at[2] = kDigits[group >> 6U & 63U];
    at[3] = kDigits[group & 63U];
}

/// Padding is right or absent: whoever writes some must fill the last group with it.
bool strip_padding(std::string_view& text) {
    const std::size_t size = text.size();
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i)
        text.remove_suffix(1);
    return text.size() == size || size % 4 == 0;
}

/// The last two or three digits: one byte or two. Bits beyond them do not matter.
bool decode_rest(std::string_view digits, char* at) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const std::uint32_t value = digit_at(digits, i);
        if (value == kNoDigit) return false;
        group = group << 6U | value;
    }
    if (digits.size() == 2) at[0] = byte_of(group, 4);
    if (digits.size() == 3) {
        at[0] = byte_of(group, 10);
        at[1] = byte_of(group, 2);
    }
    return true;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string text;
    append_base64(text, bytes);
    return text;
}

void append_base64(std::string& out, std::string_view bytes) {
    const std::size_t start = out.size();
    out.resize(start + base64_size(bytes.size()));
    char* at = out.data() + start;
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3, at += 4) {
        put_digits(at,
                   byte_at(bytes, i) << 16U | byte_at(bytes, i + 1) << 8U | byte_at(bytes, i + 2));
    }
    if (i == bytes.size()) return;
    const bool has_two = i + 2 == bytes.size();
    put_digits(at, byte_at(bytes, i) << 16U | (has_two ? byte_at(bytes, i + 1) << 8U : 0U));
    at[3] = '=';
    if (!has_two) at[2] = '=';
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (!strip_padding(text) || text.size() % 4 == 1) return std::nullopt;
    const std::size_t whole = text.size() / 4 * 4;
    std::string bytes(text.size() * 3 / 4, '\0');
    char* at = bytes.data();
    for (std::size_t i = 0; i < whole; i += 4, at += 3) {
        const std::uint32_t a = digit_at(text, i);
        const std::uint32_t b = digit_at(text, i + 1);
        const std::uint32_t c = digit_at(text, i + 2);
        const std::uint32_t d = digit_at(text, i + 3);
        if ((a | b | c | d) > 63) return std::nullopt;
        const std::uint32_t group = a << 18U | b << 12U | c << 6U | d;
        at[0] = byte_of(group, 16);
        at[1] = byte_of(group, 8);
        at[2] = byte_of(group, 0);
    }
    if (!decode_rest(text.substr(whole), at)) return std::nullopt;
    return bytes;
}

}  // namespace videochat::protocol
