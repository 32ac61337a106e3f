// protocol/origin: equality and nothing else.
#include "protocol/origin.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

bool is_allowed(std::string_view origin, std::string_view host) {
    return is_origin_allowed(origin, host, {});
}

}  // namespace

TEST_CASE("Hosts are names, IPv4 addresses and IPv6 literals, with or without a port") {
    for (const char* host :
         {"a", "localhost:3000", "Example.COM", "a-b.c_d", "xn--bcher-kva.example", "127.0.0.1",
          "127.0.0.1:65535", "[::1]", "[::1]:3000", "[2001:db8::1.2.3.4]", "example.com."}) {
        CAPTURE(host);
        CHECK(is_valid_host(host));
    }
}

TEST_CASE("Everything else is no host") {
    for (const char* host : {"",         ":",        ":80",         "a:",
                             "a:0",      "a:65536",  "a:1x",        "a:+1",
                             "a:-1",     "a:080",    "a:000080",    "a b",
                             "a,b",      "a/b",      "http://a",    "u@a",
                             "a\\b",     "a%41",     "a?b",         "a#b",
                             "\xC3\xA9", "[",        "]",           "[]",
                             "[::1",     "::1",      "[::1]x",      "[::1]3000",
                             "[::1]:",   "[::g]",    "[127.0.0.1]", "[fe80::1%eth0]",
                             "a]",       "[a]",      "[::1]]",      "[[::1]]",
                             "a:1:2",    "a\t",      " a",          ".",
                             ".a",       "a..b",     "a..",         "..",
                             ".:80",     "[::1%25e]"}) {
        CAPTURE(host);
        CHECK_FALSE(is_valid_host(host));
    }
    CHECK_FALSE(is_valid_host(std::string_view("a\0", 2)));
    CHECK_FALSE(is_valid_host(std::string_view("[::1\0]", 6)));
    CHECK(is_valid_host(std::string(255, 'a')));
    CHECK_FALSE(is_valid_host(std::string(256, 'a')));
}

TEST_CASE("Whom a Host names has one spelling") {
    CHECK(host_name("Example.COM:3000") == "example.com");
    CHECK(host_name("example.com.") == "example.com");
    CHECK(host_name("example.com.:80") == "example.com");
    CHECK(host_name("192.168.1.5:3000") == "192.168.1.5");
    CHECK(host_name("[FD00:0:0::5]:3000") == "fd00::5");
    CHECK(host_name("[::1]") == "::1");
    CHECK(host_name("a_b") == "a_b");
    for (const char* host : {"", "a:b", "u@a", "[fe80::1%eth0]", ".", "::1"}) {
        CAPTURE(host);
        CHECK(host_name(host).empty());
    }
}

TEST_CASE("An origin is normalized: lower case, no default port") {
    CHECK(normalize_origin("HTTPS://Example.COM:443") == "https://example.com");
    CHECK(normalize_origin("http://a:80") == "http://a");
    CHECK(normalize_origin("http://a:443") == "http://a:443");
    CHECK(normalize_origin("https://a:80") == "https://a:80");
    CHECK(normalize_origin("http://[::1]:8080") == "http://[::1]:8080");
    CHECK(normalize_origin("http://[2001:DB8::1]") == "http://[2001:db8::1]");
    CHECK(normalize_origin("capacitor://localhost") == "capacitor://localhost");
}

TEST_CASE("What is no origin is told") {
    for (const char* origin : {"",
                               "null",
                               "NULL",
                               "a",
                               "//a",
                               "http:",
                               "http://",
                               "http:///",
                               "http://a/",
                               "http://a/b",
                               "http://u@a",
                               "http://a b",
                               "http://a, http://b",
                               "://a",
                               "1http://a",
                               "ht tp://a",
                               "http://a?b",
                               "http://a#b",
                               "http://*",
                               "http://a:",
                               "http://a:99999",
                               "http://a://b"}) {
        CAPTURE(origin);
        CHECK_FALSE(normalize_origin(origin).has_value());
    }
}

TEST_CASE("The page's own host is allowed, whatever the scheme") {
    CHECK(is_allowed("http://localhost:3000", "localhost:3000"));
    CHECK(is_allowed("https://localhost:3000", "localhost:3000"));
    CHECK(is_allowed("http://Example.com", "example.COM"));
    CHECK(is_allowed("http://127.0.0.1:1", "127.0.0.1:1"));
    CHECK(is_allowed("http://[::1]:3000", "[::1]:3000"));
}

TEST_CASE("The default port may be written or left out on either side") {
    CHECK(is_allowed("https://a", "a"));
    CHECK(is_allowed("https://a", "a:443"));
    CHECK(is_allowed("https://a:443", "a"));
    CHECK(is_allowed("http://a", "a:80"));
    CHECK_FALSE(is_allowed("http://a", "a:443"));
    CHECK_FALSE(is_allowed("https://a", "a:80"));
    CHECK_FALSE(is_allowed("http://a:443", "a"));
}

TEST_CASE("Another host or port is refused, however alike") {
    for (const char* origin :
         {"http://b.example", "http://a.example.evil", "http://evil.a.example",
          "http://evila.example", "http://a.examplee", "http://a.exampl", "http://a.example:8080",
          "http://a.example.", "http://a.example@evil", "http://evil/a.example",
          "http://evil#a.example", "null", "", "a.example", "file://a.example", "http://a.example/",
          "http://a.example http://a.example", "http:a.example", "javascript://a.example"}) {
        CAPTURE(origin);
        CHECK_FALSE(is_allowed(origin, "a.example"));
    }
    CHECK_FALSE(is_allowed("http://a.example:300", "a.example:3000"));
    CHECK_FALSE(is_allowed("http://a.example:30000", "a.example:3000"));
    CHECK_FALSE(is_allowed(std::string_view("http://a.example\0", 17), "a.example"));
}

TEST_CASE("A Host that is none matches nothing") {
    CHECK_FALSE(is_allowed("http://a", ""));
    CHECK_FALSE(is_allowed("http://", ""));
    CHECK_FALSE(is_allowed("http://a", "a/"));
}

TEST_CASE("The list is compared with scheme and port") {
    const std::vector<std::string> allowed = {"https://app.example", "http://dev:8080"};
    const auto is_listed = [&](std::string_view origin) {
        return is_origin_allowed(origin, "server.example", allowed);
    };
    CHECK(is_listed("https://app.example"));
    CHECK(is_listed("HTTPS://APP.example:443"));
    CHECK(is_listed("http://dev:8080"));
    CHECK_FALSE(is_listed("http://app.example"));
    CHECK_FALSE(is_listed("https://app.example:8443"));
    CHECK_FALSE(is_listed("https://x.app.example"));
    CHECK_FALSE(is_listed("http://dev"));
    CHECK_FALSE(is_listed("null"));
    CHECK(is_listed("http://server.example"));
}
