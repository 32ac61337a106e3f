// Keyed hashes (RFC 2104), as raw bytes.
#pragma once

#include <string>
#include <string_view>

namespace videochat::app {

std::string hmac_sha1(std::string_view key, std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace videochat::app
