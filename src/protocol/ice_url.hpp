// URLs of STUN and TURN servers (RFC 7064, RFC 7065), as operators give them and browsers take
// them. Pure.
#pragma once

#include <string_view>

namespace videochat::protocol {

/// Stands for the host of the page that reads the URL: a server of one's own has many addresses,
/// and who asks has shown that it reaches one of them.
inline constexpr std::string_view kPageHost = "{host}";

/// "turn:" or "turns:".
bool is_turn_url(std::string_view url);

/// "stun:", "stuns:", "turn:" or "turns:" (in small letters), a host (an IPv6 address in brackets;
/// or kPageHost), a port if need be, for TURN a transport, and nothing else: browsers refuse a
/// whole list for one URL that they cannot read.
bool is_ice_url(std::string_view url);

}  // namespace videochat::protocol
