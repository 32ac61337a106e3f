// Text of unknown origin made safe for a line of a log or an error message. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// So much of a text is shown; the rest is replaced by "...".
inline constexpr std::size_t kQuotedBytes = 200;

/// The text in double quotes: quotes, backslashes and control bytes escaped, bytes that are not
/// UTF-8 as \xNN. One line and printable whatever comes in.
std::string quoted(std::string_view text);

/// As a JSON string (RFC 8259), cut at the same length, what is not UTF-8 replaced by U+FFFD.
std::string quoted_json(std::string_view text);

}  // namespace videochat::protocol
