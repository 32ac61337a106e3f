// Where coturn listens and where it relays, out of the addresses of this machine. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "net/interfaces.hpp"
#include "protocol/ip_address.hpp"

namespace videochat::turn {

struct TurnAddresses {
    std::vector<protocol::IpAddress> listening;  ///< the best guess for a visitor first
    /// At most one of each family. One is enough, and the fewest addresses of this machine that
    /// peers may be at: between two relays here packets never leave the machine, whatever networks
    /// the two people are in.
    std::vector<protocol::IpAddress> relays;
};

/// `host`: the one address that the server speaks at; empty: every one. `external`: the address
/// under which the internet sees this machine, or empty. IPv6 of one link alone (fe80::/10) is left
/// out: URLs cannot name its link.
TurnAddresses turn_addresses(const std::vector<net::InterfaceAddress>& interfaces,
                             std::string_view host, std::string_view external);

/// Whether a coturn that was started for `before` can go on. IPv6 addresses count as networks
/// (/64): those of one network come and go all day, for privacy, and a restart ends what is
/// relayed.
bool same_networks(const TurnAddresses& before, const TurnAddresses& after);

}  // namespace videochat::turn
