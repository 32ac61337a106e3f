// Which names a CA may sign for: the rules of RFC 5280, and the list of a CA of ours.
#include "tls/name_policy.hpp"

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::tls;

namespace {

protocol::IpAddress address(std::string_view text) {
    const auto parsed = protocol::IpAddress::parse(text);
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace

TEST_CASE("Name policy: a CA of ours permits addresses that do not reach the internet, no others") {
    const NamePolicy policy = home_policy({});
    for (const auto* inside :
         {"10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1",
          "192.168.255.255", "100.64.0.1", "100.127.255.255", "169.254.1.1", "127.0.0.1",
          "127.255.255.255", "fc00::1", "fdff:ffff::1", "fe80::1", "febf::1", "::1"}) {
        INFO(inside);
        CHECK(policy.permits(address(inside)));
    }
    for (const auto* outside : {"9.255.255.255",
                                "11.0.0.0",
                                "172.15.255.255",
                                "172.32.0.0",
                                "192.167.255.255",
                                "192.169.0.0",
                                "100.63.255.255",
                                "100.128.0.0",
                                "169.253.255.255",
                                "169.255.0.0",
                                "126.255.255.255",
                                "128.0.0.0",
                                "8.8.8.8",
                                "0.0.0.0",
                                "fbff::1",
                                "fe00::1",
                                "fe7f::1",
                                "fec0::1",
                                "2001:db8::1",
                                "::",
                                "::2",
                                "64:ff9b::a00:1"}) {
        INFO(outside);
        CHECK_FALSE(policy.permits(address(outside)));
    }
}

TEST_CASE("Name policy: a CA of ours permits names of the house and those it was told") {
    const NamePolicy policy = home_policy({"den", "chat.example", "lan"});
    for (const auto* inside :
         {"localhost", "a.localhost", "local", "den.local", "den.lan", "lan", "home.arpa",
          "chat.home.arpa", "den", "x.den", "chat.example", "a.b.chat.example", "DEN.Local"}) {
        INFO(inside);
        CHECK(policy.permits(inside));
    }
    for (const auto* outside : {"example", "example.com", "xlocal", "notlan", "arpa", "ome.arpa",
                                "mychat.example", "chat.example.com", "local.com", "eden", ""}) {
        INFO(outside);
        CHECK_FALSE(policy.permits(outside));
    }
    CHECK(policy.names == std::vector<std::string>{"localhost", "local", "lan", "home.arpa", "den",
                                                   "chat.example"});
}

TEST_CASE("Name policy: a kind that is not listed is not constrained") {
    CHECK_FALSE(NamePolicy{}.is_constrained());
    CHECK(NamePolicy{}.permits(address("8.8.8.8")));
    CHECK(NamePolicy{}.permits("example.com"));
    const NamePolicy names_alone{{}, {"lan"}};
    CHECK(names_alone.is_constrained());
    CHECK(names_alone.permits(address("8.8.8.8")));
    CHECK_FALSE(names_alone.permits("example.com"));
    const NamePolicy v4_alone{{*PermittedNetwork::parse("10.0.0.0/8")}, {}};
    CHECK(v4_alone.is_constrained());
    CHECK(v4_alone.permits("example.com"));
    CHECK_FALSE(v4_alone.permits(address("::1")));
}

TEST_CASE("Name policy: a dot in front permits only what is below") {
    const NamePolicy policy{{}, {".example"}};
    CHECK(policy.permits("a.example"));
    CHECK_FALSE(policy.permits("example"));
    CHECK_FALSE(policy.permits(".example"));
}

TEST_CASE("Permitted network: families do not mix, not even for all addresses") {
    CHECK_FALSE(PermittedNetwork::parse("::/0")->contains(address("10.0.0.1")));
    CHECK_FALSE(PermittedNetwork::parse("0.0.0.0/0")->contains(address("::1")));
    CHECK(PermittedNetwork::parse("0.0.0.0/0")->contains(address("8.8.8.8")));
    CHECK(PermittedNetwork::parse("::/0")->contains(address("2001:db8::1")));
}

TEST_CASE("Permitted network: octets and back") {
    for (const auto* text : {"10.0.0.0/8", "172.16.0.0/12", "192.0.2.1/32", "0.0.0.0/0", "fc00::/7",
                             "fe80::/10", "::1/128", "::/0"}) {
        const auto network = PermittedNetwork::parse(text);
        REQUIRE(network);
        CHECK(network->to_string() == text);
        CHECK(PermittedNetwork::from_octets(network->octets()) == network);
    }
    const auto small = PermittedNetwork::parse("10.1.2.3/12");
    REQUIRE(small);
    CHECK(small->octets() == std::vector<std::uint8_t>{10, 0, 0, 0, 255, 240, 0, 0});
    const std::vector<std::uint8_t> holes{10, 0, 5, 0, 255, 0, 255, 0};
    CHECK(PermittedNetwork::from_octets(holes)->to_string() == "10.0.5.0/255.0.255.0");
    CHECK(PermittedNetwork::from_octets(holes)->contains(address("10.9.5.9")));
    CHECK_FALSE(PermittedNetwork::from_octets(holes)->contains(address("10.9.6.9")));
}

TEST_CASE("Permitted network: what is none") {
    for (const auto* text : {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8x", "x/8",
                             "fc00::/129", "10.0.0.0/-1", "/8"}) {
        INFO(text);
        CHECK_FALSE(PermittedNetwork::parse(text));
    }
    CHECK_FALSE(PermittedNetwork::from_octets(std::vector<std::uint8_t>(7)));
    CHECK_FALSE(PermittedNetwork::from_octets({}));
}
