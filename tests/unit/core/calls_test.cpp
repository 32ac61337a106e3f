// The calls of a loop: names, how many there may be, and that nothing stays of one that is over.
#include "videochat/core/calls.hpp"

#include <algorithm>

#include "call_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;

TEST_CASE("Calls: names are compared byte by byte, and calls do not hear each other") {
    CallWorld world;
    CallClient& ann = world.enter({}, "c");
    CallClient& ben = world.enter({}, "C");
    CHECK(world.calls.size() == 2);
    CHECK(world.calls_in_all == 2);
    ann.take();
    ben.take();
    ben.send(json({"['message','x']"}));
    ben.send(json({"['message','x',{'to':'", ann.id(), "'}]"}));
    ben.send(json({"['host','", ann.id(), "']"}));
    ben.send(json({"['remove','", ann.id(), "']"}));
    CHECK(ann.take().empty());
    CHECK(ben.take().size() == 3);
}

TEST_CASE("Calls: beyond the limit over all loops there is no new one, but way into the others") {
    CallWorld world({.calls = 2});
    const CallLimits limits{.calls = 2};
    {
        std::atomic<std::size_t>& in_all = world.calls_in_all;
        core::Calls other_loop(limits,
                               {.new_seat_id = [] { return seat_id(1); },
                                .new_token = [] { return seat_token(1); },
                                .digest = {},
                                .ice_servers = [](auto, auto) { return "[]"; },
                                .unix_ms = {},
                                .unknown_event = {},
                                .not_admitted = {}},
                               in_all);
        CallClient socket(world, "there");
        CHECK(other_loop.enter(socket, "there", {}, world.now) != nullptr);
        CallClient& ann = world.enter({}, "a");
        CHECK(world.enter({}, "b").text() == "close 1013\n");
        CHECK(world.enter({}, "a").is_open());
        CHECK(in_all == 2);
        ann.send(json({"['bye']"}));
        CHECK(in_all == 1);
        CHECK(world.enter({}, "b").is_open());
    }
    CHECK(world.calls_in_all == 1);  // a loop that ends takes its calls with it
}

TEST_CASE("Calls: a limit of 0 is none") {
    CallWorld world({.capacity = 0, .waiting = 0, .waiting_per_address = 0, .calls = 0});
    CallClient& host = world.enter();
    host.send(json({"['door','open']"}));
    for (int i = 0; i < 20; ++i)
        CHECK(world.enter().is_open());
    host.send(json({"['door','knock']"}));
    for (int i = 0; i < 20; ++i)
        CHECK(world.enter({.address = std::to_string(i / 10)}).is_open());
    CHECK(world.enter({}, "another").is_open());
}

TEST_CASE("Calls: each one's time comes by itself") {
    CallWorld world({.ring_timeout = 1s, .seat_grace = 3s});
    CHECK(world.calls.next_due() == core::TimePoint::max());
    CallClient& ann = world.enter({}, "a");
    CHECK(world.calls.next_due() == core::TimePoint::max());
    CallClient& ben = world.enter({}, "b");
    CallClient& cem = world.enter({}, "b");
    CHECK(world.calls.next_due() == world.now + 10s);
    cem.send(json({"['main check','b']"}));
    CHECK(world.calls.next_due() == world.now + 1s);
    ann.drop();
    world.pass(2s);
    CHECK(cem.take().back() == "close 4004");
    CHECK(world.calls.next_due() == world.now + 1s);
    CHECK(world.calls.size() == 2);
    world.pass(1s);
    CHECK(world.calls.find("a") == nullptr);
    ben.drop();
    world.pass(3s);
    CHECK(world.calls.size() == 0);
    CHECK(world.calls_in_all == 0);
    CHECK(world.calls.next_due() == core::TimePoint::max());
}

TEST_CASE("Calls: what is kept is shared by the members, and gone when the call is over") {
    // Keeps the frame itself, so that its users can be counted.
    struct Keeper final : core::CallSocket {
        void send(const core::EncodedEvent& event) override { last = event.with_header(0); }
        void end(core::CallClose) override { ended = true; }
        core::Frame last;
        bool ended = false;
    };
    CallWorld world;
    CallClient& ann = world.enter();
    ann.send(json({"['door','open']"}));
    Keeper ben;
    Keeper cem;
    core::Seat* const ben_seat = world.calls.enter(ben, "c", {.address = "b"}, world.now);
    core::Seat* const cem_seat = world.calls.enter(cem, "c", {.address = "c"}, world.now);
    ann.send(json({"['message','", std::string(10'000, 'x'), "']"}));
    CHECK(ben.last.data() == cem.last.data());
    CHECK(ben.last.use_count() == 4);  // two sockets, two seats
    ann.send(json({"['bye']"}));
    const core::Frame last = ben.last;
    world.calls.handle("c", *ben_seat, {.name = "bye", .arguments = {}}, world.now);
    world.calls.handle("c", *cem_seat, {.name = "bye", .arguments = {}}, world.now);
    CHECK(ben.ended);
    CHECK(cem.ended);
    ben.last = {};
    cem.last = {};
    CHECK(last.use_count() == 1);
    CHECK(world.calls.size() == 0);
}

TEST_CASE("Secrets: equal is equal, and nothing else is") {
    CHECK(core::equal_secrets("", ""));
    CHECK(core::equal_secrets("abc\xFF", "abc\xFF"));
    CHECK_FALSE(core::equal_secrets("abc", "abd"));
    CHECK_FALSE(core::equal_secrets("bbc", "abc"));
    CHECK_FALSE(core::equal_secrets("abc", "abcd"));
    CHECK_FALSE(core::equal_secrets("abc", ""));
}

TEST_CASE("Secrets: where two differ makes no difference in time") {
    const std::string secret(std::size_t{1} << 20, 'a');  // so long that an early end would show
    const auto fastest = [&secret](const std::string& other) {
        auto least = std::chrono::steady_clock::duration::max();
        for (int i = 0; i < 9; ++i) {
            const auto began = std::chrono::steady_clock::now();
            const bool equal = core::equal_secrets(secret, other);
            least = std::min(least, std::chrono::steady_clock::now() - began);
            CHECK(equal == (secret == other));
        }
        return least;
    };
    std::string first = secret;
    first.front() = 'b';
    std::string last = secret;
    last.back() = 'b';
    const auto times = {fastest(secret), fastest(first), fastest(last)};
    CHECK(std::max(times) < 3 * std::min(times));
}
