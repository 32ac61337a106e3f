// Dates of HTTP (RFC 9110 section 5.6.7), without locale or time zone of the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT". Seconds since 1970; clamped to years 0 to 9999.
std::string format_http_date(std::int64_t seconds);

/// Any of the three forms. `now` decides the century of an RFC 850 year: at most 50 years ahead.
/// The name of the weekday is not compared with the date.
std::optional<std::int64_t> parse_http_date(std::string_view text, std::int64_t now);

}  // namespace videochat::protocol
