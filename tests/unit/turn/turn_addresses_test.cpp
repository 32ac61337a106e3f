// Where coturn listens and relays on machines with many addresses.
#include "turn/turn_addresses.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace videochat;
using turn::turn_addresses;
using turn::TurnAddresses;

namespace {

using Strings = std::vector<std::string>;
using Interfaces = std::vector<net::InterfaceAddress>;

Interfaces interfaces(const std::vector<std::pair<std::string, std::string>>& entries) {
    Interfaces list;
    for (const auto& [name, address] : entries) {
        list.push_back({name, protocol::IpAddress::parse(address).value()});
    }
    return list;
}

Strings texts(const std::vector<protocol::IpAddress>& addresses) {
    Strings list;
    for (const auto& address : addresses)
        list.push_back(address.to_string());
    return list;
}

const Interfaces kHome = interfaces({{"lo", "127.0.0.1"},
                                     {"lo", "::1"},
                                     {"docker0", "172.17.0.1"},
                                     {"eth0", "192.168.1.5"},
                                     {"eth0", "2001:db8::5"},
                                     {"eth0", "fe80::5"},
                                     {"eth1", "169.254.3.4"}});

}  // namespace

TEST_CASE("TURN addresses: it listens at all of them but those of one link's IPv6, loopback last") {
    CHECK(texts(turn_addresses(kHome, "", "").listening) ==
          Strings{"192.168.1.5", "2001:db8::5", "172.17.0.1", "169.254.3.4", "127.0.0.1", "::1"});
}

TEST_CASE("TURN addresses: relays are at one address of each family") {
    const auto relays = [](const Interfaces& list, std::string_view external = "") {
        return texts(turn_addresses(list, "", external).relays);
    };
    CHECK(relays(kHome) == Strings{"192.168.1.5", "2001:db8::5"});
    const auto rented = interfaces(
        {{"lo", "127.0.0.1"}, {"eth0", "10.0.0.2"}, {"eth1", "203.0.113.9"}, {"eth1", "fd00::2"}});
    SECTION("a public one before a private one") {
        CHECK(relays(rented) == Strings{"203.0.113.9", "fd00::2"});
    }
    SECTION("before both the one that the operator calls the external one") {
        CHECK(relays(rented, "10.0.0.2") == Strings{"10.0.0.2", "fd00::2"});
        CHECK(relays(rented, "198.51.100.7") == Strings{"203.0.113.9", "fd00::2"});
    }
    SECTION("a cable without a router") {
        CHECK(relays(interfaces({{"lo", "127.0.0.1"}, {"eth1", "169.254.3.4"}})) ==
              Strings{"169.254.3.4"});
    }
    SECTION("no network at all") {
        CHECK(relays(interfaces({{"lo", "127.0.0.1"}})) == Strings{"127.0.0.1"});
        CHECK(relays({}).empty());
    }
}

TEST_CASE("TURN addresses: --host bounds them") {
    CHECK(texts(turn_addresses(kHome, "192.168.1.5", "").listening) == Strings{"192.168.1.5"});
    CHECK(texts(turn_addresses(kHome, "192.168.1.5", "").relays) == Strings{"192.168.1.5"});
    CHECK(turn_addresses(kHome, "::", "").listening == turn_addresses(kHome, "", "").listening);
    CHECK(texts(turn_addresses(kHome, "0.0.0.0", "").listening) ==
          Strings{"192.168.1.5", "172.17.0.1", "169.254.3.4", "127.0.0.1"});
}

TEST_CASE("TURN addresses: a new network is a reason to begin anew, another IPv6 of it is none") {
    const auto of = [](const std::vector<std::pair<std::string, std::string>>& entries) {
        return turn_addresses(interfaces(entries), "", "");
    };
    const auto before = of({{"eth0", "192.168.1.5"}, {"eth0", "2001:db8::5"}});
    CHECK(same_networks(before, before));
    CHECK(same_networks(
        before, of({{"eth0", "2001:db8::77"}, {"eth0", "192.168.1.5"}, {"eth0", "2001:db8::5"}})));
    CHECK_FALSE(same_networks(before, of({{"eth0", "192.168.1.6"}, {"eth0", "2001:db8::5"}})));
    CHECK_FALSE(same_networks(before, of({{"eth0", "192.168.1.5"}, {"eth0", "2001:db8:0:1::5"}})));
    CHECK_FALSE(same_networks(before, of({{"eth0", "192.168.1.5"}})));
    CHECK_FALSE(same_networks(of({{"eth0", "192.168.1.5"}}), before));
}
