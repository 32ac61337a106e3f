// What routes get and give: a request whose head was checked, and an answer. Values; the
// conversation (http_conversation.hpp) reads the one and writes the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "videochat/core/frame.hpp"

namespace videochat::http {

class RequestHead;

enum class Method { Get, Head, Options, Other };

/// A checked request head. Views live only during the call that got it.
struct Request {
    Method method = Method::Get;
    std::string_view path;   ///< decoded once, dot segments resolved, base path removed; starts "/"
    std::string_view query;  ///< as sent, without "?"
    std::string_view target;  ///< as sent (path and query), for redirects and logs
    std::string_view if_none_match;
    std::string_view if_modified_since;
    std::string_view range;
    std::string_view if_range;
    std::string_view accept_encoding;
    const RequestHead* head = nullptr;  ///< all fields; null in tests that need none
    bool secure = false;                ///< it came over TLS
    bool from_proxy = false;            ///< the peer is a trusted proxy
    std::uint16_t https_port = 0;       ///< where this visitor finds TLS; 0: on the same port
};

/// Bytes that are read from somewhere while they are sent, at most `kChunk` at a time in memory.
class BodySource {
  public:
    static constexpr std::size_t kChunk = 64 * std::size_t{1024};
    virtual ~BodySource() = default;
    /// The next bytes, at most kChunk; an empty frame when nothing more can be read. If that comes
    /// before `content_length` bytes (a file that shrank), the connection is cut.
    virtual core::Frame next() = 0;
};

/// Which policy goes with an answer (response_head.hpp).
enum class Policy {
    Own,         ///< of pages that only our own may show in a frame; of everything else as well
    Embeddable,  ///< pages of --embed-origin may too
    None,        ///< a part of a page, for which the policy of that page holds
};

/// An answer. The conversation adds the status line, Date, Connection, the security fields and
/// Content-Length; `fields` holds the rest, each as "Name: value\r\n".
struct Response {
    unsigned status = 200;
    core::Frame fields;                  ///< prepared header lines, may be shared between answers
    std::string extra_fields;            ///< more header lines, made for this answer
    core::Frame body;                    ///< whole body in memory, or
    std::unique_ptr<BodySource> source;  ///< a body that is streamed
    std::uint64_t content_length = 0;    ///< of the body that a GET gets; HEAD has it too
    bool no_body = false;                ///< HEAD, 204, 304: nothing follows the head
    bool close = false;                  ///< cut after this answer
    Policy policy = Policy::Own;
};

/// One answer is due at once; routes never wait.
using Route = std::function<Response(const Request&)>;

}  // namespace videochat::http
