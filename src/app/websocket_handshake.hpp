// The opening handshake of a WebSocket (RFC 6455 section 4.2) on an HTTP request: what is wrong
// with it, as an answer. Pure.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "http/request_head.hpp"

namespace videochat::app {

/// The status of a bad handshake, 101 for a good one. Who asks, and for what, is not judged.
unsigned judge_handshake(const http::RequestHead& head);

/// The answer with that status: 405 and 426 name what would be right.
http::Response handshake_refusal(unsigned status);

/// Both: nullopt when the handshake is good.
std::optional<http::Response> refuse_handshake(const http::RequestHead& head);

}  // namespace videochat::app
