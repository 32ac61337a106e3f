// Accept-Encoding (RFC 9110 section 12.5.3), as far as a server with gzip cares.
#pragma once

#include <string_view>

namespace videochat::protocol {

/// Whether gzip may be sent and is not less welcome than the plain bytes. `field` is empty when
/// there was none: then only the plain bytes are safe. A weight that is none counts as 0.
bool prefers_gzip(std::string_view field);

}  // namespace videochat::protocol
