// From a file and a request to an answer: conditions (RFC 9110 section 13), one range (section 14)
// and the choice between plain and gzip (section 12). Pure; reads nothing but the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "http/message.hpp"
#include "http/served_file.hpp"

namespace videochat::http {

/// 200, 206, 304 or 416 for GET and HEAD. `now` is seconds since 1970. A streamed answer keeps the
/// file open until it is written.
Response answer_file(const std::shared_ptr<const ServedFile>& file, const Request& request,
                     std::int64_t now);

/// 404 with that page. Conditions and ranges have no meaning for it.
Response answer_not_found(const std::shared_ptr<const ServedFile>& page, const Request& request);

/// A short answer in plain text; `text` lives as long as the process.
Response answer_text(const Request& request, unsigned status, std::string_view text);

}  // namespace videochat::http
