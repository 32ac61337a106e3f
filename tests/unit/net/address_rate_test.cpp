// How much one address gets in a stretch of time.
#include "net/address_rate.hpp"

#include <array>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using videochat::net::AddressRate;
using videochat::net::TimePoint;
using videochat::protocol::AddressKey;
using videochat::protocol::IpAddress;

namespace {

const TimePoint kStart = TimePoint{} + 1h;

AddressKey key(std::string_view text) { return IpAddress::parse(text).value().key(); }
AddressKey nth(std::uint64_t i) { return {i, 1}; }

int admitted(AddressRate& rate, const AddressKey& address, TimePoint now, int asked) {
    int count = 0;
    for (int i = 0; i < asked; ++i)
        count += rate.admit(address, now) ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("AddressRate: an address gets its number in a second, and again in the next") {
    AddressRate rate(20);
    CHECK(admitted(rate, key("192.0.2.1"), kStart, 25) == 20);
    CHECK(admitted(rate, key("192.0.2.1"), kStart + 999ms, 25) == 0);
    CHECK(admitted(rate, key("192.0.2.1"), kStart + 1s, 25) == 20);
}

TEST_CASE("AddressRate: a flood of any speed gets no more than that") {
    AddressRate rate(20);
    int count = 0;
    for (auto passed = 0ms; passed < 10s; passed += 1ms)
        count += rate.admit(key("192.0.2.1"), kStart + passed) ? 1 : 0;
    CHECK(count == 200);
}

TEST_CASE("AddressRate: addresses do not count for each other, those of one /64 do") {
    AddressRate rate(2);
    CHECK(admitted(rate, key("192.0.2.1"), kStart, 9) == 2);
    CHECK(admitted(rate, key("192.0.2.2"), kStart, 9) == 2);
    CHECK(admitted(rate, key("2001:db8::1"), kStart, 9) == 2);
    CHECK(admitted(rate, key("2001:db8::2"), kStart, 9) == 0);
    CHECK(admitted(rate, key("2001:db8:0:1::1"), kStart, 9) == 2);
}

TEST_CASE("AddressRate: 0 is no limit, and nothing is remembered") {
    AddressRate rate(0);
    CHECK(admitted(rate, key("192.0.2.1"), kStart, 1000) == 1000);
    CHECK(rate.remembered() == 0);
}

TEST_CASE("AddressRate: when too many have been answered in a second, new ones wait for its end") {
    constexpr std::uint64_t kAll = AddressRate::kAddresses;
    AddressRate rate(2);
    std::size_t count = 0;
    for (std::uint64_t i = 0; i < kAll + 100; ++i)
        count += rate.admit(nth(i), kStart) ? 1 : 0;
    CHECK(count == kAll);
    CHECK(rate.remembered() == kAll);
    CHECK_FALSE(rate.admit(nth(kAll), kStart + 900ms));
    CHECK(rate.admit(nth(7), kStart + 900ms));  // one of those who are known

    CHECK(rate.admit(nth(kAll), kStart + 1s));
    CHECK(rate.remembered() == 1);
}

TEST_CASE(
    "AddressRate: whoever was answered lately is still counted after the others are forgotten") {
    AddressRate rate(1);
    for (std::uint64_t i = 0; i + 1 < AddressRate::kAddresses; ++i)
        rate.admit(nth(i), kStart);
    CHECK(rate.admit(key("192.0.2.1"), kStart + 900ms));
    CHECK(rate.admit(key("192.0.2.2"), kStart + 1100ms));
    CHECK(rate.remembered() == 2);
    CHECK_FALSE(rate.admit(key("192.0.2.1"), kStart + 1100ms));
}

TEST_CASE("AddressRate: a stretch may be long, and who was refused is told what is left of it") {
    AddressRate rate(2, 60s);
    CHECK(admitted(rate, key("192.0.2.1"), kStart, 9) == 2);
    CHECK(admitted(rate, key("192.0.2.1"), kStart + 59s, 9) == 0);
    CHECK(rate.wait(key("192.0.2.1"), kStart + 59s) == 1s);
    CHECK(rate.wait(key("192.0.2.1"), kStart) == 60s);
    CHECK(rate.wait(key("192.0.2.2"), kStart) == 60s);  // refused for the sake of the others
    CHECK(admitted(rate, key("192.0.2.1"), kStart + 60s, 9) == 2);
}
