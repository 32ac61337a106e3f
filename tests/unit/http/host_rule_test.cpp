// http/host_rule: which hosts are this computer's own, and which may be named.
#include "http/host_rule.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat::http;

TEST_CASE("A host that browsers trust without TLS is told from its likes") {
    for (const char* host : {"localhost", "LocalHost:3000", "localhost.", "a.localhost",
                             "a.b.localhost:1", "127.0.0.1", "127.0.0.1:3000", "127.255.255.254",
                             "[::1]", "[::1]:3000", "[0:0:0:0:0:0:0:1]"}) {
        CAPTURE(host);
        CHECK(is_loopback_host(host));
    }
    for (const char* host :
         {"", "192.168.1.5:3000", "128.0.0.1", "xlocalhost", "localhost.example",
          "127.0.0.1.example", "127.example", "127.1", "0.0.0.0", "[::]", "[::2]",
          "[::ffff:127.0.0.1]", "[fe80::1]", "::1", "localhost@evil", "localhost:x"}) {
        CAPTURE(host);
        CHECK_FALSE(is_loopback_host(host));
    }
}

TEST_CASE("Without a list any host will do, and none") {
    const HostRule rule({});
    CHECK(rule.allows("evil.example"));
    CHECK(rule.allows(""));
    CHECK_FALSE(rule.refusal("evil.example", "").has_value());
}

TEST_CASE("With a list the others are refused, by equality in one spelling") {
    const HostRule rule({"chat.lan", "192.168.1.5", "fd00::5", "[fd00::6]", "Big.Example."});
    for (const char* host :
         {"chat.lan", "CHAT.lan:3000", "chat.lan.", "chat.lan.:80", "192.168.1.5:3000",
          "[fd00::5]:3000", "[FD00:0::5]", "[fd00::6]", "big.example"}) {
        CAPTURE(host);
        CHECK(rule.allows(host));
        CHECK_FALSE(rule.refusal(host, "").has_value());
    }
    for (const char* host :
         {"", "evil.example", "chat.lan.evil.example", "xchat.lan", "chat", "lan", "192.168.1.50",
          "192.168.1", "[fd00::7]", "localhost", "127.0.0.1", "chat.lan@evil", "chat.lan:x"}) {
        CAPTURE(host);
        CHECK_FALSE(rule.allows(host));
    }
}

TEST_CASE("Who is refused gets 421 and the end of the connection") {
    const HostRule rule({"chat.lan"});
    const auto refusal = rule.refusal("evil.example", "");
    REQUIRE(refusal.has_value());
    CHECK(refusal->status == 421);
    CHECK(refusal->close);
    CHECK(refusal->body.view() == "421 Misdirected Request\n");
}

TEST_CASE("The authority of an absolute target has to be allowed too") {
    const HostRule rule({"chat.lan"});
    CHECK_FALSE(rule.refusal("chat.lan", "chat.lan:3000").has_value());
    CHECK(rule.refusal("chat.lan", "evil.example").has_value());
    CHECK(rule.refusal("evil.example", "chat.lan").has_value());
    CHECK(rule.refusal("", "chat.lan").has_value());
}

TEST_CASE("A list of nothing but garbage lets nobody in") {
    const HostRule rule({"a b"});
    CHECK_FALSE(rule.allows("a"));
    CHECK_FALSE(rule.allows(""));
}
