// Addresses, networks, the key of the limits and X-Forwarded-For.
#include "protocol/ip_address.hpp"

#include <string>
#include <unordered_set>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

IpAddress ip(std::string_view text) {
    const auto address = IpAddress::parse(text);
    INFO(text);
    REQUIRE(address.has_value());
    return *address;
}

bool holds(std::string_view cidr, std::string_view address) {
    const auto parsed = Cidr::parse(cidr);
    INFO(cidr);
    REQUIRE(parsed.has_value());
    return parsed->contains(ip(address));
}

std::string client(std::string_view peer, std::string_view forwarded_for,
                   const std::vector<std::string>& trusted) {
    std::vector<Cidr> networks;
    for (const auto& text : trusted)
        networks.push_back(Cidr::parse(text).value());
    return client_address(ip(peer), forwarded_for, networks).to_string();
}

}  // namespace

TEST_CASE("IpAddress: literals are read and written in their short form") {
    CHECK(ip("192.0.2.1").to_string() == "192.0.2.1");
    CHECK(ip("2001:DB8:0:0::1").to_string() == "2001:db8::1");
    CHECK(ip("::").to_string() == "::");
    CHECK(ip("2001:db8::1").to_url_host() == "[2001:db8::1]");
    CHECK(ip("192.0.2.1").to_url_host() == "192.0.2.1");
}

TEST_CASE("IpAddress: a mapped address is the IPv4 address itself") {
    CHECK(ip("::ffff:192.0.2.1") == ip("192.0.2.1"));
    CHECK(ip("::ffff:192.0.2.1").to_string() == "192.0.2.1");
    CHECK(ip("::ffff:c000:201").is_v4());
    CHECK_FALSE(ip("::1").is_v4());
}

TEST_CASE("IpAddress: bytes of socket addresses make the same values as text") {
    const std::array<std::uint8_t, 4> v4{192, 0, 2, 1};
    CHECK(IpAddress::from_v4(v4) == ip("192.0.2.1"));
    std::array<std::uint8_t, 16> v6{0x20, 0x01, 0x0D, 0xB8};
    v6[15] = 1;
    CHECK(IpAddress::from_v6(v6) == ip("2001:db8::1"));
}

TEST_CASE("IpAddress: what is not a literal is refused") {
    const auto text = GENERATE(
        as<std::string>{}, "", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ",
        " 1.2.3.4", "01.2.3.4", "[::1]", "::1%lo", "1.2.3.4:80", ":::", "12345::", "1::2::3",
        std::string("1.2.3.4\0", 8), std::string("::1\0x", 5), std::string(1000, '1'));
    INFO(text);
    CHECK_FALSE(IpAddress::parse(text).has_value());
}

TEST_CASE("IpAddress: kinds end exactly where their networks end") {
    CHECK(ip("127.255.255.255").is_loopback());
    CHECK_FALSE(ip("128.0.0.1").is_loopback());
    CHECK(ip("::1").is_loopback());
    CHECK_FALSE(ip("::2").is_loopback());

    for (const auto* text :
         {"10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.255.1",
          "100.64.0.1", "100.127.255.255", "fc00::1", "fdff::1"}) {
        INFO(text);
        CHECK(ip(text).is_private());
    }
    for (const auto* text : {"11.0.0.0", "172.15.255.255", "172.32.0.0", "192.169.0.1",
                             "100.128.0.0", "100.63.255.255", "fe00::1", "2001:db8::1"}) {
        INFO(text);
        CHECK_FALSE(ip(text).is_private());
    }

    CHECK(ip("169.254.0.1").is_link_local());
    CHECK(ip("febf::1").is_link_local());
    CHECK_FALSE(ip("fec0::1").is_link_local());
    CHECK_FALSE(ip("169.253.0.1").is_link_local());

    CHECK(ip("::").is_unspecified());
    CHECK(ip("0.0.0.0").is_unspecified());
    CHECK_FALSE(ip("0.0.0.1").is_unspecified());
}

TEST_CASE("AddressKey: IPv4 counts alone, IPv6 by its /64") {
    CHECK(ip("192.0.2.1").key() == ip("::ffff:192.0.2.1").key());
    CHECK_FALSE(ip("192.0.2.1").key() == ip("192.0.2.2").key());
    CHECK(ip("2001:db8:0:1::1").key() == ip("2001:db8:0:1:ffff::2").key());
    CHECK_FALSE(ip("2001:db8:0:1::1").key() == ip("2001:db8:0:2::1").key());
    CHECK_FALSE(ip("::1").key() == ip("0.0.0.0").key());
}

TEST_CASE("AddressKey: neighbouring addresses spread over buckets") {
    std::unordered_set<std::size_t> buckets;
    for (int i = 0; i < 256; ++i) {
        const auto key = ip("10.0.0." + std::to_string(i)).key();
        buckets.insert(std::hash<AddressKey>{}(key) % 1024);
    }
    // 256 thrown at random into 1024 leave about 226 different ones.
    CHECK(buckets.size() > 190);
}

TEST_CASE("Cidr: holds its network and nothing beside it") {
    CHECK(holds("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
    CHECK(holds("10.1.2.3/8", "10.9.9.9"));
    CHECK(holds("192.0.2.128/25", "192.0.2.255"));
    CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
    CHECK(holds("192.0.2.1", "192.0.2.1"));
    CHECK_FALSE(holds("192.0.2.1", "192.0.2.0"));
    CHECK(holds("192.0.2.1/32", "::ffff:192.0.2.1"));
    CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(holds("::1", "::1"));
    CHECK(holds("::ffff:10.0.0.0/104", "10.2.3.4"));
    CHECK_FALSE(holds("::ffff:10.0.0.0/104", "11.2.3.4"));
}

TEST_CASE("Cidr: families do not mix") {
    CHECK(holds("0.0.0.0/0", "203.0.113.9"));
    CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
    CHECK(holds("::/0", "2001:db8::1"));
    CHECK_FALSE(holds("::/0", "203.0.113.9"));
}

TEST_CASE("Cidr: what is not a network is refused") {
    const auto text = GENERATE(as<std::string>{}, "", "/8", "10.0.0.0/", "10.0.0.0/33",
                               "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ", "10.0.0.0/8/8",
                               "::/129", "10.0.0/8", "10.0.0.0/99999999999", "proxy.example/8");
    INFO(text);
    CHECK_FALSE(Cidr::parse(text).has_value());
}

TEST_CASE("X-Forwarded-For: counts only from a trusted proxy") {
    CHECK(client("203.0.113.9", "198.51.100.1", {"10.0.0.0/8"}) == "203.0.113.9");
    CHECK(client("10.0.0.1", "198.51.100.1", {"10.0.0.0/8"}) == "198.51.100.1");
    CHECK(client("10.0.0.1", "198.51.100.1", {}) == "10.0.0.1");
    CHECK(client("::ffff:10.0.0.1", "198.51.100.1", {"10.0.0.0/8"}) == "198.51.100.1");
}

TEST_CASE("X-Forwarded-For: the rightmost address that is no proxy is the client") {
    const std::vector<std::string> trusted{"10.0.0.0/8", "fd00::/8"};
    CHECK(client("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", trusted) == "198.51.100.1");
    CHECK(client("10.0.0.1", "6.6.6.6,198.51.100.1 ,\t fd00::5", trusted) == "198.51.100.1");
    CHECK(client("10.0.0.1", "10.0.0.3, 10.0.0.2", trusted) == "10.0.0.3");
}

TEST_CASE("X-Forwarded-For: what lies beyond the client may be anything") {
    CHECK(client("10.0.0.1", "<script>, , 198.51.100.1", {"10.0.0.0/8"}) == "198.51.100.1");
}

TEST_CASE("X-Forwarded-For: a list that cannot be read leaves the peer itself") {
    const auto text =
        GENERATE(as<std::string>{}, "", "  ", "unknown", "198.51.100.1, unknown", "198.51.100.1,",
                 ",", "198.51.100.1, _hidden", "198.51.100.1 10.0.0.2", "[::1", "[::1]x",
                 "198.51.100.1, unknown, 10.0.0.2");
    INFO(text);
    CHECK(client("10.0.0.1", text, {"10.0.0.0/8"}) == "10.0.0.1");
}

TEST_CASE("X-Forwarded-For: ports that some proxies add are dropped") {
    const std::vector<std::string> trusted{"10.0.0.0/8"};
    CHECK(client("10.0.0.1", "198.51.100.1:4711", trusted) == "198.51.100.1");
    CHECK(client("10.0.0.1", "[2001:db8::1]:4711", trusted) == "2001:db8::1");
    CHECK(client("10.0.0.1", "[2001:db8::1]", trusted) == "2001:db8::1");
    CHECK(client("10.0.0.1", "2001:db8::1", trusted) == "2001:db8::1");
}
