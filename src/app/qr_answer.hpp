// GET /qr?text=URL: an address of this server as a QR code, for the phone beside the screen. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace videochat::app {

/// 200 with an SVG for an http or https URL of 512 bytes at most whose host is the one that the
/// request names, one of `names`, or that of one of `origins` (URLs); 404 for any other URL, so
/// that nobody shows codes of his own under our name; 400 for what is no URL, or no or several
/// texts.
http::Response qr_answer(const http::Request& request, const std::vector<std::string>& names,
                         const std::vector<std::string>& origins);

}  // namespace videochat::app
