// The addresses under which this machine may be opened, for its certificate. Asks the system. Any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tls/leaf_plan.hpp"

namespace videochat::tls {

/// Of every interface that is up, and the two of loopback in any case.
std::vector<OwnAddress> own_addresses();

/// Under which others on the network may reach this machine, the best guess first: those of
/// net::lan_addresses that last.
std::vector<protocol::IpAddress> lasting_lan_addresses();

/// Linux's name of this machine; empty: it does not tell.
std::string system_host_name();

/// Of /proc/net/if_inet6: the addresses that are replaced each day or so (RFC 8981), for which
/// nobody is sent an invitation.
std::vector<protocol::IpAddress> temporary_addresses(std::string_view if_inet6);

}  // namespace videochat::tls
