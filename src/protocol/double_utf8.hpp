// Text of socket.io 1.x clients over polling: they encode to UTF-8 twice. One reads it right only
// by noticing it (no other server but their own generation's does). Not so on WebSocket and in
// binary payloads: their text there is encoded once and says nothing. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// How often a client's text is encoded, as far as it has shown. The first text that can tell
/// decides for the whole session.
enum class Utf8Layers : std::uint8_t { Unknown, One, Two };

/// `text` is valid UTF-8. If all its characters are at most U+00FF and, taken as bytes, are valid
/// UTF-8 with something beyond ASCII, the client encodes twice: returns the inner text, in which
/// U+FFFD stands for each lone surrogate (such a client encodes those too). A character above
/// U+00FF, or characters that are no UTF-8, show that it encodes once. nullopt: take `text` as it
/// is. `layers` learns, unless it knows already.
std::optional<std::string> peel_utf8(std::string_view text, Utf8Layers& layers);

}  // namespace videochat::protocol
