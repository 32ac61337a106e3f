// What a leaf is good for, of all that a machine is called.
#include "tls/leaf_plan.hpp"

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::tls;

namespace {

using Strings = std::vector<std::string>;

OwnAddress own(std::string_view text, bool is_passing = false) {
    const auto parsed = protocol::IpAddress::parse(text);
    REQUIRE(parsed);
    return {*parsed, is_passing};
}

}  // namespace

TEST_CASE("Leaf plan: takes what the CA permits and tells what it leaves out, nothing twice") {
    const auto plan =
        plan_leaf(home_policy({"den"}),
                  {own("127.0.0.1"), own("192.168.1.5"), own("2001:db8::5"), own("fd00::5"),
                   own("192.168.1.5"), own("203.0.113.9"), own("2001:db8::5")},
                  {"localhost", "den", "den.local", "chat.example", "den", "chat.example"});
    CHECK(plan.wanted.to_strings() ==
          Strings{"localhost", "den", "den.local", "127.0.0.1", "192.168.1.5", "fd00::5"});
    CHECK(plan.left_out == Strings{"chat.example", "2001:db8::5", "203.0.113.9"});
    CHECK(plan.needed == plan.wanted);
}

TEST_CASE("Leaf plan: a CA without constraints leaves nothing out") {
    const auto plan = plan_leaf({}, {own("2001:db8::5")}, {"chat.example"});
    CHECK(plan.wanted.to_strings() == Strings{"chat.example", "2001:db8::5"});
    CHECK(plan.left_out.empty());
}

TEST_CASE("Leaf plan: passing addresses are taken but not needed") {
    const auto plan =
        plan_leaf(home_policy({}),
                  {own("192.168.1.5"), own("fe80::1", true), own("fd00::77", true)}, {"localhost"});
    CHECK(plan.wanted.to_strings() == Strings{"localhost", "192.168.1.5", "fe80::1", "fd00::77"});
    CHECK(plan.needed.to_strings() == Strings{"localhost", "192.168.1.5"});
}

TEST_CASE("Leaf plan: a leaf serves as long as nothing that is needed is missing") {
    const auto plan = [](const std::vector<OwnAddress>& addresses, const Strings& names) {
        return plan_leaf({}, addresses, names).needed;
    };
    const auto have = plan({own("192.168.1.5"), own("10.0.0.1")}, {"localhost", "den"});
    CHECK(covers(have, have));
    CHECK(covers(have, plan({own("10.0.0.1")}, {"localhost"})));
    CHECK(covers(have, {}));
    CHECK_FALSE(covers(have, plan({own("192.168.1.6")}, {})));
    CHECK_FALSE(covers(have, plan({}, {"den.lan"})));
}

TEST_CASE("Own names: the host's with the endings under which networks know it") {
    CHECK(own_names("den") == Strings{"localhost", "den", "den.local", "den.lan", "den.home.arpa"});
    CHECK(own_names("Den.Example.com") ==
          Strings{"localhost", "den.example.com", "den.local", "den.lan", "den.home.arpa"});
    CHECK(own_names("den.lan") == Strings{"localhost", "den.lan", "den.local", "den.home.arpa"});
}

TEST_CASE("Own names: a host name that is no DNS name, or says nothing, adds none") {
    for (const auto* host : {"", "localhost", "localhost.localdomain", "my_pc", "-pc", "pc-",
                             "a..b", "a.", ".a", "10.0.0.1", "p c", "p\xC3\xA4",
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        INFO(host);
        CHECK(own_names(host) == Strings{"localhost"});
    }
}
