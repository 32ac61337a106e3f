// PollingRequest (port): one GET or POST of a polling client, as its session sees it. Implemented
// in app over an HTTP exchange; on the session's loop.
#pragma once

#include <cstdint>
#include <string>

namespace videochat::transport {

struct PollingAnswer {
    enum class Body : std::uint8_t {
        Text,    ///< a payload of text
        Bytes,   ///< a binary payload
        Script,  ///< a JSONP payload
        Ok,      ///< what a POST gets
        Refusal  ///< JSON with a code
    };
    unsigned status = 200;
    Body kind = Body::Text;
    std::string body;
};

class PollingRequest {
  public:
    virtual ~PollingRequest() = default;
    /// Once. The request is gone after it. Never calls back into the session.
    virtual void answer(PollingAnswer answer) = 0;
    /// The digits of `j`, if the answer is to be a script; else empty.
    virtual const std::string& jsonp_index() const = 0;
};

}  // namespace videochat::transport
