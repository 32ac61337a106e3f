// The addresses of this machine: what `ipaddr` answers and which links the start-up output shows.
// Each call asks the system anew (getifaddrs), so a laptop that changed networks is not out of
// date. Any thread; meant for start-up and the rare `ipaddr`, not for hot paths.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/ip_address.hpp"

struct sockaddr;

namespace videochat::net {

/// The IPv4 or IPv6 address in a socket address; nullopt: null or another family.
std::optional<protocol::IpAddress> address_of(const sockaddr* address);

/// One address of one interface that is up and running.
struct InterfaceAddress {
    std::string interface;  ///< "eth0"
    protocol::IpAddress address;
};

/// In the system's order; empty when the system does not tell.
std::vector<InterfaceAddress> interface_addresses();

/// Every IPv4 address other than loopback, as text: the answers to the event `ipaddr`.
std::vector<std::string> ipaddr_answers(const std::vector<InterfaceAddress>& addresses);

/// The addresses under which others on the network may reach this machine, the best guess first:
/// private IPv4 of a real interface, other IPv4, IPv6 (global or unique local), and last what
/// belongs to bridges, containers and tunnels. No loopback, no link-local.
std::vector<protocol::IpAddress> lan_addresses(const std::vector<InterfaceAddress>& addresses);

}  // namespace videochat::net
