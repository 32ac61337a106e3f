// Conditions on entity tags (RFC 9110 sections 8.8.3, 13.1.2 and 13.1.5).
#pragma once

#include <string_view>

namespace videochat::protocol {

/// If-None-Match: "*" or a list that holds `etag` under weak comparison.
bool matches_if_none_match(std::string_view field, std::string_view etag);

/// If-Range with an entity tag: the same strong tag. False for a date.
bool matches_if_range(std::string_view field, std::string_view etag);

}  // namespace videochat::protocol
