// The text of turnserver.conf, read back as coturn reads it.
#include "turn/coturn_config.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace videochat;
using protocol::IpAddress;
using turn::coturn_config;
using turn::CoturnFacts;

namespace {

using Strings = std::vector<std::string>;

IpAddress address(const std::string& text) { return IpAddress::parse(text).value(); }

CoturnFacts facts() {
    return {.addresses = {.listening = {address("192.168.1.5"), address("2001:db8::5"),
                                        address("127.0.0.1")},
                          .relays = {address("192.168.1.5"), address("2001:db8::5")}},
            .port = 3478,
            .secret = "a secret",
            .user_quota = 20};
}

/// The values of one option, in their order.
Strings values(const std::string& text, const std::string& name) {
    Strings found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line == name) found.emplace_back();
        if (line.starts_with(name + "=")) found.push_back(line.substr(name.size() + 1));
    }
    return found;
}

bool at_most(const IpAddress& a, const IpAddress& b) {
    if (a.is_v4()) return a.bytes() <= b.bytes();
    for (std::size_t i = 0; i < a.bytes().size(); ++i) {
        if (a.bytes().at(i) > b.bytes().at(i)) return false;
    }
    return true;
}

// As coturn 4.6 does it: IPv6 is compared byte by byte, IPv4 is less than IPv6, and an unspecified
// address is no bound at all.
bool in_range(const std::string& range, const IpAddress& peer) {
    const auto dash = range.find('-');
    const IpAddress first = address(range.substr(0, dash));
    const IpAddress last = dash == std::string::npos ? first : address(range.substr(dash + 1));
    const bool range_is_v4 = range.find(':') == std::string::npos;
    if (range_is_v4 != peer.is_v4()) return !range_is_v4 && first == IpAddress();
    if (!first.is_unspecified() && !at_most(first, peer)) return false;
    return last.is_unspecified() || at_most(peer, last);
}

bool any_has(const Strings& ranges, const std::string& peer) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const std::string& range) { return in_range(range, address(peer)); });
}

bool is_allowed(const std::string& text, const std::string& peer) {
    return any_has(values(text, "allowed-peer-ip"), peer) ||
           !any_has(values(text, "denied-peer-ip"), peer);
}

}  // namespace

TEST_CASE("coturn: is told where to listen and relay, and who may use it for how much") {
    const std::string text = coturn_config({}, facts());
    CHECK(values(text, "listening-ip") == Strings{"192.168.1.5", "2001:db8::5", "127.0.0.1"});
    CHECK(values(text, "relay-ip") == Strings{"192.168.1.5", "2001:db8::5"});
    CHECK(values(text, "external-ip").empty());
    const std::vector<std::pair<std::string, std::string>> expected{
        {"listening-port", "3478"},
        {"use-auth-secret", ""},
        {"static-auth-secret", "\"a secret\""},
        {"realm", "videochat"},
        {"min-port", "49152"},
        {"max-port", "49407"},
        {"user-quota", "20"},
        {"total-quota", "1000"},
        {"max-bps", "2097152"},
        {"stale-nonce", "600"},
        {"max-allocate-lifetime", "3600"},
        {"no-cli", ""},
        {"no-tls", ""},
        {"no-dtls", ""},
        {"no-tcp-relay", ""},
        {"fingerprint", ""},
        {"no-multicast-peers", ""},
        {"log-file", "stdout"},
        {"pidfile", "/dev/null"},
        {"userdb", ":memory:"}};
    for (const auto& [name, value] : expected) {
        INFO(name);
        CHECK(values(text, name) == Strings{value});
    }
}

TEST_CASE("coturn: an external address stands for the relay of its family") {
    TurnConfig config;
    config.external_ip = "203.0.113.9";
    CHECK(values(coturn_config(config, facts()), "external-ip") ==
          Strings{"203.0.113.9/192.168.1.5"});
    config.external_ip = "2001:db8:1::9";
    CHECK(values(coturn_config(config, facts()), "external-ip") ==
          Strings{"2001:db8:1::9/2001:db8::5"});
    config.external_ip = "192.168.1.5";  // it is ours: there is nothing to translate
    CHECK(values(coturn_config(config, facts()), "external-ip").empty());
    config.external_ip = "example.org";
    CHECK_THROWS_AS(coturn_config(config, facts()), std::runtime_error);
}

TEST_CASE(
    "coturn: peers are the relays and the internet, nothing of this machine or its networks") {
    const std::string text = coturn_config({}, facts());
    for (const auto* peer :
         {"192.168.1.5", "2001:db8::5", "198.51.100.1", "8.8.8.8", "1.0.0.1", "11.0.0.0",
          "9.255.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
          "223.255.255.255", "2001:db8::6", "2a00:1450::1", "2003::1"}) {
        INFO(peer);
        CHECK(is_allowed(text, peer));
    }
    for (const auto* peer :
         {"0.0.0.0",         "0.1.2.3",    "10.0.0.0",        "10.255.255.255",   "100.64.0.1",
          "100.127.255.255", "127.0.0.1",  "127.255.255.255", "169.254.169.254",  "172.16.0.0",
          "172.31.255.255",  "192.0.0.8",  "192.168.1.1",     "192.168.1.6",      "192.168.255.255",
          "198.18.0.1",      "224.0.0.1",  "239.255.255.250", "240.0.0.1",        "255.255.255.255",
          "::127.0.0.1",     "::10.1.2.3", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2001:0:1:2::3",
          "2002:7f00:1::1",  "fc00::1",    "fd12:3456::1",    "fdff:ffff::ffff",  "fe80::1",
          "febf::1",         "fec0::1",    "ff02::1"}) {
        INFO(peer);
        CHECK_FALSE(is_allowed(text, peer));
    }
    // Mapped ones: of these the parser here makes IPv4, so the line itself has to be there.
    const Strings denied = values(text, "denied-peer-ip");
    CHECK(std::count(denied.begin(), denied.end(), "::ffff:0.0.0.0-::ffff:255.255.255.255") == 1);
}

TEST_CASE("coturn: a public address of this machine is no peer unless it is the relay") {
    CoturnFacts many = facts();
    many.addresses.listening.push_back(address("203.0.113.77"));
    CHECK_FALSE(is_allowed(coturn_config({}, many), "203.0.113.77"));
    CHECK(is_allowed(coturn_config({}, many), "203.0.113.78"));
    many.addresses.relays.front() = address("203.0.113.77");
    CHECK(is_allowed(coturn_config({}, many), "203.0.113.77"));
    CHECK_FALSE(is_allowed(coturn_config({}, many), "192.168.1.5"));
}

TEST_CASE("coturn: networks that the operator names are peers, with whatever bits behind them") {
    TurnConfig config;
    config.allowed_peers = {"192.168.1.9/24", "10.1.2.3", "fd00:1::/33", "172.16.0.0/15"};
    const std::string text = coturn_config(config, facts());
    CHECK(values(text, "allowed-peer-ip") ==
          Strings{"192.168.1.5", "2001:db8::5", "192.168.1.0-192.168.1.255", "10.1.2.3-10.1.2.3",
                  "fd00:1::-fd00:1:7fff:ffff:ffff:ffff:ffff:ffff", "172.16.0.0-172.17.255.255"});
    CHECK(is_allowed(text, "192.168.1.77"));
    CHECK_FALSE(is_allowed(text, "192.168.2.77"));
    CHECK(is_allowed(text, "fd00:1:1::1"));
    CHECK_FALSE(is_allowed(text, "10.1.2.4"));
    // coturn would take ranges from "::" on for all of IPv4 too.
    for (const auto* wrong : {"10.0.0.0/33", "here", "", "::/0", "::1/8"}) {
        INFO(wrong);
        config.allowed_peers = {wrong};
        CHECK_THROWS_AS(coturn_config(config, facts()), std::runtime_error);
    }
}

TEST_CASE("coturn: a secret keeps its blanks, quotes and signs; what no line can hold is refused") {
    CoturnFacts odd = facts();
    for (const auto* secret : {" a ", "=a=", "\"", "#a", "a;", "a b=c", "\xC3\xA9"}) {
        odd.secret = secret;
        CHECK(values(coturn_config({}, odd), "static-auth-secret") ==
              Strings{"\"" + odd.secret + "\""});
    }
    for (const std::string& secret :
         {std::string(), std::string("a\nno-auth"), std::string("a\0b", 3), std::string("\ta"),
          std::string(901, 'a')}) {
        odd.secret = secret;
        CHECK_THROWS_AS(coturn_config({}, odd), std::runtime_error);
    }
    odd.secret = std::string(900, 'a');
    CHECK_NOTHROW(coturn_config({}, odd));
}

TEST_CASE("coturn: a seat may have eight allocations for every other member") {
    CHECK(turn::user_quota(6) == 40);
    CHECK(turn::user_quota(12) == 88);
    CHECK(turn::user_quota(2) == 10);
    CHECK(turn::user_quota(1) == 10);
    CHECK(turn::user_quota(0) == 1000);  // no limit on members: all there is
    CHECK(turn::user_quota(100'000) == 1000);
}
