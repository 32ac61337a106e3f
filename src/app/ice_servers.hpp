// What seats are told of STUN and TURN servers (RTCIceServer of WebRTC): our own STUN, then the
// operator's, with credentials that coturn's `use-auth-secret` understands: a name of an expiry and
// the seat, which is random, and HMAC-SHA1 of it under the shared secret, so that they end by
// themselves and are nobody else's.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "videochat/config.hpp"

namespace videochat::app {

/// Credentials hold no longer, whatever is configured.
inline constexpr std::chrono::hours kLongestTurnTtl{24};

/// A JSON array; empty for who is not `admitted`. `now`: seconds since 1970. `stun_port`: of our
/// own STUN, at whatever host the page has come from; 0: there is none. A TURN server is left out
/// if there is no secret.
std::string ice_servers_json(const IceConfig& config, std::uint16_t stun_port,
                             std::string_view seat, bool admitted, std::int64_t now);

/// Which kinds of servers are in that array.
struct IceFeatures {
    bool stun = false;
    bool turn = false;
};
IceFeatures ice_features(const IceConfig& config, std::uint16_t stun_port);

}  // namespace videochat::app
