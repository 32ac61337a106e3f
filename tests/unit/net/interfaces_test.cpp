// Which of a machine's addresses are told to whom.
#include "net/interfaces.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "support/catch.hpp"

using namespace videochat::net;
using videochat::protocol::IpAddress;

namespace {

using Strings = std::vector<std::string>;

InterfaceAddress on(const std::string& interface, const std::string& address) {
    return {interface, IpAddress::parse(address).value()};
}

Strings lan_of(const std::vector<InterfaceAddress>& addresses) {
    Strings texts;
    for (const auto& address : lan_addresses(addresses))
        texts.push_back(address.to_string());
    return texts;
}

}  // namespace

TEST_CASE("Interfaces: socket addresses of both families are understood, others are not") {
    sockaddr_storage storage{};
    CHECK_FALSE(address_of(nullptr).has_value());
    auto* const any = reinterpret_cast<sockaddr*>(&storage);
    any->sa_family = AF_UNIX;
    CHECK_FALSE(address_of(any).has_value());

    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0xC0000201);
    CHECK(address_of(reinterpret_cast<const sockaddr*>(&v4)) == IpAddress::parse("192.0.2.1"));

    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    CHECK(address_of(reinterpret_cast<const sockaddr*>(&v6)) == IpAddress::parse("::1"));
}

TEST_CASE("Interfaces: ipaddr answers every IPv4 address but loopback, in the system's order") {
    const Strings expected{"192.168.1.10", "169.254.3.4", "172.17.0.1", "203.0.113.5"};
    CHECK(ipaddr_answers({on("lo", "127.0.0.1"), on("lo", "127.0.1.1"), on("eth0", "192.168.1.10"),
                          on("eth0", "169.254.3.4"), on("lo", "::1"), on("eth0", "2001:db8::10"),
                          on("docker0", "172.17.0.1"), on("eth1", "203.0.113.5")}) == expected);
}

TEST_CASE("Interfaces: the link most likely to work comes first") {
    const Strings expected{"192.168.1.10", "203.0.113.5", "2001:db8::10",
                           "fd00::10",     "172.17.0.1",  "fd99::1"};
    CHECK(lan_of({on("docker0", "172.17.0.1"), on("docker0", "fd99::1"), on("eth0", "2001:db8::10"),
                  on("eth1", "203.0.113.5"), on("eth0", "fd00::10"),
                  on("wlan0", "192.168.1.10")}) == expected);
}

TEST_CASE("Interfaces: bridges, container ends and tunnels come last") {
    for (const std::string name :
         {"docker0", "veth12ab", "br-0123", "virbr0", "tun0", "tap1", "wg0"}) {
        INFO(name);
        CHECK(lan_of({on(name, "10.0.0.1"), on("eth0", "192.168.1.10")}) ==
              Strings{"192.168.1.10", "10.0.0.1"});
    }
}

TEST_CASE("Interfaces: what no other machine reaches is no link, and none is told twice") {
    CHECK(lan_of({on("lo", "127.0.0.1"), on("lo", "::1"), on("eth0", "169.254.1.1"),
                  on("eth0", "fe80::1")})
              .empty());
    CHECK(lan_of({on("eth0", "10.0.0.1"), on("eth1", "10.0.0.1")}) == Strings{"10.0.0.1"});
}

TEST_CASE("Interfaces: what the system tells holds an address with the name of its interface") {
    for (const auto& entry : interface_addresses()) {
        INFO(entry.interface << " " << entry.address.to_string());
        CHECK_FALSE(entry.interface.empty());
        CHECK_FALSE(entry.address.is_unspecified());
    }
}
