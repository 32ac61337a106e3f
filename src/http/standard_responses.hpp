// Answers that are the same whoever is asked for what (RFC 9110).
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace videochat::http {

/// 405, with the methods that there are.
Response method_not_allowed();
/// 204 to OPTIONS.
Response options_response();
/// 308; `location` is a path that starts with one slash.
Response moved_to(std::string location, std::string_view query);
/// 503, or 429 to who comes too often; the connection ends.
Response busy_response(bool too_many = false);

}  // namespace videochat::http
