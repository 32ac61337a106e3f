#include "protocol/double_utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "protocol/utf8.hpp"

namespace videochat::protocol {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool is_ascii(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// Each character as a byte. nullopt: one is above U+00FF.
std::optional<std::string> characters_as_bytes(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) {
            bytes += text[i];
            continue;
        }
        if ((first != 0xC2 && first != 0xC3) || ++i == text.size()) return std::nullopt;
        const auto second = static_cast<unsigned char>(text[i]);
        bytes += static_cast<char>((first & 3U) << 6U | (second & 63U));
    }
    return bytes;
}

/// Half a surrogate pair, as if it were a character: old clients encode that too.
bool starts_with_surrogate(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    return text.size() >= 3 && byte(0) == 0xED && byte(1) >= 0xA0 && byte(1) <= 0xBF &&
           (byte(2) & 0xC0U) == 0x80U;
}

/// UTF-8 with U+FFFD for each lone surrogate, as a browser would send it. nullopt: no UTF-8.
std::optional<std::string> as_utf8(std::string bytes) {
    if (is_valid_utf8(bytes)) return bytes;
    std::string out;
    const std::string_view all = bytes;
    for (std::size_t i = 0; i < all.size();) {
        const std::size_t length = utf8_sequence_length(all.data() + i, all.data() + all.size());
        const bool is_surrogate = length == 0 && starts_with_surrogate(all.substr(i));
        if (length == 0 && !is_surrogate) return std::nullopt;
        out += is_surrogate ? kReplacement : all.substr(i, length);
        i += is_surrogate ? 3 : length;
    }
    return out;
}

}  // namespace

std::optional<std::string> peel_utf8(std::string_view text, Utf8Layers& layers) {
    if (layers == Utf8Layers::One || is_ascii(text)) return std::nullopt;
    auto bytes = characters_as_bytes(text);
    auto inner = bytes ? as_utf8(std::move(*bytes)) : std::nullopt;
    if (layers == Utf8Layers::Unknown) layers = inner ? Utf8Layers::Two : Utf8Layers::One;
    return inner;
}

}  // namespace videochat::protocol
