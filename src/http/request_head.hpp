// The head of a request (RFC 9112): from bytes as they came to fields that can be trusted. A guard
// of our own refuses what Beast 1.81 lets through (smuggling, bare line ends, limits); Beast's
// push parser then parses, and what it refuses is refused. Pure; one RequestHead per loop is
// enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "videochat/config.hpp"

namespace videochat::http {

enum class BodyFraming { None, Length, Chunked };

/// How far a head was examined: kept by the connection while its head is incomplete, so that a head
/// that drips in is looked at once. A fresh one for each request.
struct HeadScan {
    std::uint32_t position = 0;    ///< first byte not examined yet
    std::uint32_t line_start = 0;  ///< of the line that holds `position`
    std::uint32_t lines = 0;       ///< complete lines, the request line included
};

/// Views into the bytes that were parsed: valid as long as those stay in place.
class RequestHead {
  public:
    struct Field {
        std::string_view name;   ///< as sent
        std::string_view value;  ///< without the white space around it
    };

    Method method = Method::Other;
    std::string_view method_name;  ///< a registered method, case-sensitive
    std::string_view target;       ///< as sent: not empty, no white space, no control byte
    unsigned minor_version = 1;    ///< of HTTP/1.x
    std::size_t size = 0;          ///< bytes of the head; what follows is body or the next request
    bool keep_alive = true;        ///< what the client wants (RFC 9112 section 9.3)
    BodyFraming body = BodyFraming::None;
    std::uint64_t content_length = 0;  ///< with BodyFraming::Length; 0 has framing None
    std::vector<Field> fields;

    /// The first value of that name (compared without case), or empty.
    std::string_view value(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    /// All values of that name as one list (RFC 9110 section 5.3).
    std::string list(std::string_view name) const;
    /// Whether the comma-separated values of that name hold the token, without regard to case.
    bool has_token(std::string_view name, std::string_view token) const;
};

enum class HeadOutcome { NeedMore, Ok, Refused };

struct HeadResult {
    HeadOutcome outcome = HeadOutcome::NeedMore;
    unsigned status = 0;  ///< when refused: 400, 414, 431, 501 or 505. Answer, then cut.
};

/// `bytes` begins at the first byte of the request and holds everything that came since. `head` is
/// filled only when the outcome is Ok; an object used before keeps its memory.
HeadResult parse_request_head(std::string_view bytes, const HttpLimits& limits, HeadScan& scan,
                              RequestHead& head);

}  // namespace videochat::http
