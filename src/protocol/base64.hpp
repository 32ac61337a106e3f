// Base64 with the standard alphabet (RFC 4648 section 4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// With padding.
std::string base64_encode(std::string_view bytes);
void append_base64(std::string& out, std::string_view bytes);

/// Bytes of the encoded form.
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

/// nullopt: a byte that is no digit, a length that no bytes have, or wrong padding. It may be
/// missing, and bits beyond the last byte do not matter.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace videochat::protocol
