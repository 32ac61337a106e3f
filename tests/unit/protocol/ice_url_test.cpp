#include "protocol/ice_url.hpp"

#include "support/catch.hpp"

using videochat::protocol::is_ice_url;
using videochat::protocol::is_turn_url;

TEST_CASE("ICE URLs: those of RFC 7064 and RFC 7065 are taken") {
    for (const auto* url :
         {"stun:example.org", "stuns:example.org", "stun:example.org:8000", "turn:example.org",
          "turns:example.org", "turn:example.org:8000", "turn:example.org?transport=udp",
          "turn:example.org:8000?transport=tcp", "turns:example.org?transport=tcp",
          "stun:192.0.2.1:3478", "stun:[2001:db8::1]", "turn:[2001:db8::1]:3478?transport=udp",
          "stun:a_b-c.example:1", "stun:h:65535"}) {
        INFO(url);
        CHECK(is_ice_url(url));
    }
}

TEST_CASE("ICE URLs: what a browser would refuse is refused") {
    for (const auto* url : {"",
                            "stun",
                            "stun:",
                            "turn:",
                            "http:example.org",
                            "STUN:example.org",
                            "stunt:example.org",
                            "stun://example.org",
                            "stun:example.org/",
                            "stun:user@example.org",
                            "stun:a b",
                            "stun:example.org:",
                            "stun:example.org:0",
                            "stun:example.org:65536",
                            "stun:example.org:1:2",
                            "stun:example.org:+1",
                            "stun::3478",
                            "stun:[2001:db8::1",
                            "stun:[192.0.2.1]",
                            "stun:[]",
                            "stun:[x]:1",
                            "stun:[2001:db8::1]x",
                            "stun:[2001:db8::1]:",
                            "stun:2001:db8::1",
                            "stun:example.org?transport=udp",
                            "turn:example.org?transport=sctp",
                            "turn:example.org?",
                            "turn:example.org?transport=udp&x=1",
                            "turn:?transport=udp",
                            "turn:example.org\"",
                            "turn:ex\xC3\xA4mple.org",
                            " stun:example.org"}) {
        INFO(url);
        CHECK_FALSE(is_ice_url(url));
    }
}

TEST_CASE("ICE URLs: TURN is told from STUN") {
    CHECK(is_turn_url("turn:example.org"));
    CHECK(is_turn_url("turns:example.org"));
    CHECK_FALSE(is_turn_url("stun:example.org"));
    CHECK_FALSE(is_turn_url("turnip:example.org"));
}
