// app/network_links: the links of every way to listen.
#include "app/network_links.hpp"

#include "presences.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;
using namespace videochat::test;

TEST_CASE("Links: on every address there is this computer's and the network's") {
    const Strings all{"http://192.168.1.10:3000/", "http://[fd00::10]:3000/"};
    for (const char* host : {"", "::"}) {
        CHECK(network_urls(plain(host)) == all);
        CHECK(local_url(plain(host)) == "http://localhost:3000/");
    }
}

TEST_CASE("Links: on every IPv4 address there is no IPv6 link") {
    CHECK(network_urls(plain("0.0.0.0")) == Strings{"http://192.168.1.10:3000/"});
    CHECK(local_url(plain("0.0.0.0")) == "http://localhost:3000/");
}

TEST_CASE("Links: bound to one address there is that link alone") {
    CHECK(network_urls(plain("192.168.1.10")) == Strings{"http://192.168.1.10:3000/"});
    CHECK(network_urls(plain("2001:db8::1")) == Strings{"http://[2001:db8::1]:3000/"});
    CHECK(local_url(plain("192.168.1.10")).empty());
}

TEST_CASE("Links: bound to loopback nobody else is invited") {
    for (const Presence& presence :
         {plain("127.0.0.1"), plain("::1"), secure({"127.0.0.1"}, "::1")}) {
        CHECK(network_urls(presence).empty());
        CHECK(local_url(presence) == "http://localhost:3000/");
    }
    CHECK(local_url(plain("127.0.0.5")) == "http://127.0.0.5:3000/");
}

TEST_CASE("Links: hold the base path and leave the usual port away") {
    CHECK(local_url(with_port(plain("", "/chat"), 8080)) == "http://localhost:8080/chat/");
    CHECK(local_url(with_port(plain(""), 80)) == "http://localhost/");
    CHECK(local_url(with_port(plain(""), 443)) == "http://localhost:443/");
    CHECK(network_urls(with_port(secure({"192.168.1.10"}), 443)) ==
          Strings{"https://192.168.1.10/", "http://[fd00::10]:443/"});
    CHECK(network_urls(with_port(secure({"192.168.1.10"}), 80)) ==
          Strings{"https://192.168.1.10:80/", "http://[fd00::10]/"});
}

TEST_CASE("Links: by https to what the certificate is good for, this computer's stays plain") {
    CHECK(network_urls(secure({"localhost", "pc.local", "192.168.1.10", "fd00::10"})) ==
          Strings{"https://192.168.1.10:3000/", "https://[fd00::10]:3000/"});
    CHECK(network_urls(secure({"localhost", "fd00::10"})) ==
          Strings{"https://[fd00::10]:3000/", "http://192.168.1.10:3000/"});
    CHECK(local_url(secure({"localhost"})) == "http://localhost:3000/");
}

TEST_CASE("Links: where the certificate is not good, the plain page explains") {
    CHECK(network_urls(secure({"localhost"})) ==
          Strings{"http://192.168.1.10:3000/", "http://[fd00::10]:3000/"});
}

TEST_CASE("Links: real certificates invite to their names, if there is a network") {
    CHECK(network_urls(real({"chat.example.org", "*.example.org", "localhost"})) ==
          Strings{"https://chat.example.org:3000/", "http://192.168.1.10:3000/",
                  "http://[fd00::10]:3000/"});
    CHECK(network_urls(real({"*.example.org"})) ==
          Strings{"http://192.168.1.10:3000/", "http://[fd00::10]:3000/"});
    CHECK(network_urls(with_lan(real({"chat.example.org"}), {})).empty());
}

TEST_CASE("Links: with hosts that are allowed, those that are answered and the names among them") {
    CHECK(network_urls(with_allowed(plain(""), {"192.168.1.10"})) ==
          Strings{"http://192.168.1.10:3000/"});
    CHECK(network_urls(with_allowed(plain(""), {"[fd00:0::10]", "Chat.Lan", "localhost",
                                                "a.localhost", "198.51.100.1"})) ==
          Strings{"http://chat.lan:3000/", "http://[fd00::10]:3000/"});
    CHECK(network_urls(with_allowed(plain(""), {"localhost"})).empty());
    CHECK(network_urls(with_allowed(plain("127.0.0.1"), {"chat.lan"})).empty());
}

TEST_CASE("Links: a name that is allowed is opened by https if the certificate has it") {
    CHECK(network_urls(with_allowed(secure({"chat.lan", "192.168.1.10"}), {"chat.lan", "pc"})) ==
          Strings{"https://chat.lan:3000/", "http://pc:3000/"});
    const auto with_star = real({"*.example.org", "example.org"});
    CHECK(network_urls(with_allowed(with_star, {"chat.example.org", "a.chat.example.org"})) ==
          Strings{"https://chat.example.org:3000/", "http://a.chat.example.org:3000/"});
    CHECK(network_urls(with_allowed(with_star, {"example.org"})) ==
          Strings{"https://example.org:3000/"});
    CHECK(network_urls(with_allowed(real({"*"}), {"pc"})) == Strings{"http://pc:3000/"});
}
