#include "turn/turn_addresses.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace videochat::turn {
namespace {

using protocol::IpAddress;

void append_once(std::vector<IpAddress>& list, const IpAddress& address) {
    if (std::find(list.begin(), list.end(), address) == list.end()) list.push_back(address);
}

// Those that others reach, then those of a cable without a router, and at last this machine's own.
std::vector<IpAddress> all_of(const std::vector<net::InterfaceAddress>& interfaces) {
    std::vector<IpAddress> list = net::lan_addresses(interfaces);
    for (const auto& entry : interfaces) {
        if (entry.address.is_v4() && entry.address.is_link_local())
            append_once(list, entry.address);
    }
    for (const auto& entry : interfaces) {
        if (entry.address.is_loopback()) append_once(list, entry.address);
    }
    return list;
}

// A public one serves people of the internet and of every network here; between private ones there
// is nothing to choose. Loopback is the last resort: coturn relays to nobody from there.
int rank(const IpAddress& address, const std::optional<IpAddress>& external) {
    if (external && address == *external) return 0;
    if (address.is_loopback()) return 4;
    if (address.is_link_local()) return 3;
    return address.is_private() ? 2 : 1;
}

std::optional<IpAddress> relay_of(const std::vector<IpAddress>& listening, bool v4,
                                  const std::optional<IpAddress>& external) {
    std::optional<IpAddress> best;
    for (const IpAddress& address : listening) {
        if (address.is_v4() != v4) continue;
        if (!best || rank(address, external) < rank(*best, external)) best = address;
    }
    return best;
}

auto networks_of(const std::vector<IpAddress>& list) {
    std::set<std::pair<std::uint64_t, std::uint64_t>> networks;
    for (const IpAddress& address : list) {
        const protocol::AddressKey key = address.key();
        networks.emplace(key.high, key.low);
    }
    return networks;
}

}  // namespace

TurnAddresses turn_addresses(const std::vector<net::InterfaceAddress>& interfaces,
                             std::string_view host, std::string_view external) {
    const auto only = IpAddress::parse(host);
    const auto outside = IpAddress::parse(external);
    TurnAddresses result;
    if (only && !only->is_unspecified()) {
        result.listening.push_back(*only);
    } else {
        result.listening = all_of(interfaces);
        // "0.0.0.0" is every address of IPv4 alone; "::" takes both.
        if (only && only->is_v4()) {
            auto& list = result.listening;
            list.erase(std::remove_if(list.begin(), list.end(),
                                      [](const IpAddress& each) { return !each.is_v4(); }),
                       list.end());
        }
    }
    for (const bool v4 : {true, false}) {
        if (const auto relay = relay_of(result.listening, v4, outside)) {
            result.relays.push_back(*relay);
        }
    }
    return result;
}

bool same_networks(const TurnAddresses& before, const TurnAddresses& after) {
    return networks_of(before.listening) == networks_of(after.listening) &&
           networks_of(before.relays) == networks_of(after.relays);
}

}  // namespace videochat::turn
