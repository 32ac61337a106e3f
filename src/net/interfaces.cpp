#include "net/interfaces.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace videochat::net {
namespace {

using protocol::IpAddress;

// Bridges and pairs of containers and virtual machines, tunnels: others on the network seldom
// reach the machine through them.
bool is_virtual(std::string_view interface) {
    constexpr std::array<std::string_view, 12> kPrefixes{"docker", "veth",    "br-", "virbr",
                                                         "tun",    "tap",     "wg",  "utun",
                                                         "vmnet",  "vboxnet", "lxc", "cni"};
    return std::any_of(kPrefixes.begin(), kPrefixes.end(), [interface](std::string_view prefix) {
        return interface.starts_with(prefix);
    });
}

// Lower is better.
int rank(const InterfaceAddress& entry) {
    const int kind = !entry.address.is_v4() ? 2 : (entry.address.is_private() ? 0 : 1);
    return is_virtual(entry.interface) ? kind + 3 : kind;
}

}  // namespace

std::optional<IpAddress> address_of(const sockaddr* address) {
    if (address == nullptr) return std::nullopt;
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        return IpAddress::from_v4(bytes);
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, address, sizeof v6);
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return IpAddress::from_v6(bytes);
    }
    return std::nullopt;
}

std::vector<InterfaceAddress> interface_addresses() {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, &freeifaddrs);
    std::vector<InterfaceAddress> found;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        constexpr unsigned kUsable = IFF_UP | IFF_RUNNING;
        if ((entry->ifa_flags & kUsable) != kUsable) continue;
        if (const auto address = address_of(entry->ifa_addr)) {
            found.push_back({entry->ifa_name, *address});
        }
    }
    return found;
}

std::vector<std::string> ipaddr_answers(const std::vector<InterfaceAddress>& addresses) {
    std::vector<std::string> answers;
    for (const auto& entry : addresses) {
        if (entry.address.is_v4() && !entry.address.is_loopback()) {
            answers.push_back(entry.address.to_string());
        }
    }
    return answers;
}

std::vector<IpAddress> lan_addresses(const std::vector<InterfaceAddress>& addresses) {
    std::vector<InterfaceAddress> usable;
    std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(usable),
                 [](const InterfaceAddress& entry) {
                     const auto& address = entry.address;
                     return !address.is_loopback() && !address.is_link_local() &&
                            !address.is_unspecified();
                 });
    std::stable_sort(usable.begin(), usable.end(),
                     [](const auto& a, const auto& b) { return rank(a) < rank(b); });
    std::vector<IpAddress> result;
    for (const auto& entry : usable) {
        if (std::find(result.begin(), result.end(), entry.address) == result.end()) {
            result.push_back(entry.address);
        }
    }
    return result;
}

}  // namespace videochat::net
