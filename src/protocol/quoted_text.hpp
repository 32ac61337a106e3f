// Text of unknown origin made safe for a line of a log or an error message. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// So many bytes of a text are shown; the rest is replaced by "...".
inline constexpr std::size_t kQuotedBytes = 200;

/// Control characters escaped, bytes that are not UTF-8 as \xNN: one line and printable whatever
/// comes in.
std::string escaped(std::string_view text, std::size_t limit = kQuotedBytes);

/// As escaped(), in double quotes, with quotes and backslashes inside escaped too. Always call it
/// with its namespace: for a std::string the compiler also finds std::quoted.
std::string quoted(std::string_view text, std::size_t limit = kQuotedBytes);

/// A JSON string (RFC 8259); what is not UTF-8 is replaced by U+FFFD.
std::string quoted_json(std::string_view text, std::size_t limit = kQuotedBytes);

}  // namespace videochat::protocol
