// Ways to listen, for the tests of what is told of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/network_links.hpp"

namespace videochat::test {

using app::Presence;
using protocol::IpAddress;
using Strings = std::vector<std::string>;

inline std::vector<IpAddress> lan_of_two() {
    return {IpAddress::parse("192.168.1.10").value(), IpAddress::parse("fd00::10").value()};
}

/// Bound to that address, on port 3000, without TLS.
inline Presence plain(const std::string& host, const std::string& base_path = "") {
    Presence presence;
    presence.listen.host = host;
    presence.listen.base_path = base_path;
    presence.port = 3000;
    presence.lan = lan_of_two();
    return presence;
}

/// The same with a CA of its own, whose certificate is good for those names.
inline Presence secure(const Strings& names, const std::string& host = "") {
    Presence presence = plain(host);
    presence.trust = {.leaf_sha256 = "AB:CD", .ca_sha256 = "01:23", .names = names};
    return presence;
}

/// The same with a real certificate.
inline Presence real(const Strings& names) {
    Presence presence = secure(names);
    presence.trust.ca_sha256.clear();
    return presence;
}

inline Presence with_lan(Presence presence, std::vector<IpAddress> lan) {
    presence.lan = std::move(lan);
    return presence;
}

inline Presence with_port(Presence presence, std::uint16_t port) {
    presence.port = port;
    return presence;
}

inline Presence with_allowed(Presence presence, const Strings& hosts) {
    presence.listen.allow_hosts = hosts;
    return presence;
}

}  // namespace videochat::test
