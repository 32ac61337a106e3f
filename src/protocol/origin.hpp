// Host and Origin (RFC 9110 section 7.2, RFC 6454): who may speak to us from a browser. Everything
// is compared by equality, never by prefix or suffix.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace videochat::protocol {

/// Whether a Host field is host[:port]: a name of letters, digits, "-", "_" and ".", an IPv4
/// address or an IPv6 literal in brackets. No label is empty, but a dot may stand at the end. No
/// zone, no user, no escapes, no other port than 1 to 65535.
bool is_valid_host(std::string_view host);

/// Whom a valid Host names, in one spelling: without the port, in lower case, without a dot at its
/// end; an IPv6 address as RFC 5952 writes it, without brackets. Empty for what is no host.
std::string host_name(std::string_view host);

/// "scheme://host[:port]" with scheme and host in lower case and a default port dropped, the form
/// in which allow lists are kept. nullopt: not an origin ("null", a path, user info, garbage).
std::optional<std::string> normalize_origin(std::string_view origin);

/// `origin` is the value of the Origin field (its absence is the caller's case), `host` that of
/// Host, `allowed` holds normalized origins. True when host and port of both are the same, schemes
/// aside (a proxy may end TLS), or when the origin is on the list.
bool is_origin_allowed(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed);

}  // namespace videochat::protocol
