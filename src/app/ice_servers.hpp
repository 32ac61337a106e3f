// What seats are told of STUN and TURN servers (RTCIceServer of WebRTC): a list of the operator's,
// with credentials that coturn's `use-auth-secret` understands: a name of an expiry and the seat,
// and HMAC-SHA1 of it under the shared secret, so that they end by themselves and name who has
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "videochat/config.hpp"

namespace videochat::app {

/// A JSON array; empty for who is not `admitted`. `now`: seconds since 1970. A TURN server is left
/// out if there is no secret.
std::string ice_servers_json(const IceConfig& config, std::string_view seat, bool admitted,
                             std::int64_t now);

}  // namespace videochat::app
