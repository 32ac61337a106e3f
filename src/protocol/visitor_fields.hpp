// What a request's fields tell about who asks: whether a person waits for a page, behind which kind
// of proxy, and what was chosen before. Fields that came several times are joined by commas,
// Cookie by semicolons. Pure.
#pragma once

#include <string_view>

namespace videochat::protocol {

/// Whether Accept (RFC 9110 section 12.5.1) names text/html itself: what takes everything, and
/// what has a weight of 0, does not count.
bool names_html(std::string_view accept);

/// Whether Forwarded (RFC 7239) or X-Forwarded-Proto says that some proxy was reached by https.
bool came_by_https(std::string_view forwarded, std::string_view x_forwarded_proto);

/// Whether Cookie (RFC 6265 section 5.4) holds that name with that value. Both are compared as they
/// are.
bool has_cookie(std::string_view cookies, std::string_view name, std::string_view value);

}  // namespace videochat::protocol
