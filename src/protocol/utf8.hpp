// UTF-8 as Unicode defines it (no overlong forms, no surrogates, at most U+10FFFF), RFC 3629.
#pragma once

#include <cstddef>
#include <string_view>

namespace videochat::protocol {

/// Length (1..4) of the well-formed sequence that starts at `p`, or 0 if there is none before
/// `end`.
std::size_t utf8_sequence_length(const char* p, const char* end);

bool is_valid_utf8(std::string_view text);

}  // namespace videochat::protocol
