// Which addresses of this machine go into its certificate.
#include "tls/own_addresses.hpp"

#include <algorithm>

#include "certificates.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::tls;
using test::address;

TEST_CASE("Own addresses: loopback is there once at least, and needed") {
    const auto all = own_addresses();
    for (const auto* text : {"127.0.0.1", "::1"}) {
        const auto found = std::find_if(all.begin(), all.end(), [text](const OwnAddress& own) {
            return own.address == address(text);
        });
        REQUIRE(found != all.end());
        CHECK_FALSE(found->is_passing);
    }
}

TEST_CASE("Own addresses: who is invited gets none that passes, nor this computer's own") {
    const auto own = own_addresses();
    for (const auto& invited : lasting_lan_addresses()) {
        CAPTURE(invited.to_string());
        CHECK_FALSE(invited.is_loopback());
        CHECK_FALSE(invited.is_link_local());
        CHECK(std::any_of(own.begin(), own.end(), [&invited](const OwnAddress& each) {
            return each.address == invited && !each.is_passing;
        }));
    }
}

TEST_CASE("Own addresses: temporary ones are told by the system's list") {
    const auto found = temporary_addresses(
        "00000000000000000000000000000001 01 80 10 80       lo\n"
        "fd001234000000000000000000000077 02 40 00 01     eth0\n"
        "fd001234000000000000000000000005 02 40 00 00     eth0\n"
        "fe800000000000000000000000000009 02 40 20 80     eth0\n"
        "20010db8000000000000000000000099 02 40 00 21     eth0\n"
        "fd00 02 40 00 01     eth0\n"
        "fd00123400000000000000000000zz77 02 40 00 01     eth0\n"
        "fd001234000000000000000000000078\n"
        "\n");
    CHECK(found == std::vector{address("fd00:1234::77"), address("2001:db8::99")});
    CHECK(temporary_addresses("").empty());
}
