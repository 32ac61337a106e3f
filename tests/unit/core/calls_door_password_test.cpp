// The door, the password, and how many may wait: what stands before admission.
#include <array>

#include "call_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;

namespace {

const std::string kRing = json({"['main check','c']"});

std::string refused(std::string_view words, int code) {
    return json({"['refused',", words, "]\n"}) + "close " + std::to_string(code) + "\n";
}

void set_door(CallClient& host, std::string_view state) {
    host.send(json({"['door','", state, "']"}));
}

bool is_inside(CallClient& client) {
    return client.text().find(R"("state":"admitted")") != std::string::npos;
}

}  // namespace

TEST_CASE("Door: an open one lets newcomers in, a locked one nobody") {
    CallWorld world;
    CallClient& ann = world.enter();
    set_door(ann, "open");
    CHECK(ann.take().back() == "[\"door\",\"open\"]");
    CallClient& ben = world.enter({.name = "Ben", .was = "seat-of-old-1"});
    CHECK(is_inside(ben));
    CHECK(ann.text() == json({R"(['peer joined',{'seat':'seat-000002','name':'Ben',)",
                              "'was':'seat-of-old-1'}]\n"}));
    set_door(ann, "locked");
    CHECK(ben.text() == "[\"door\",\"locked\"]\n");
    ann.take();
    CHECK(world.enter().text() == refused("'locked'", 4003));
    CHECK(ann.take().empty());
    set_door(ann, "knock");
    CHECK_FALSE(is_inside(world.enter()));
}

TEST_CASE("Door: locking refuses all who wait, after telling the members") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& rings = world.enter();
    CallClient& silent = world.enter();
    rings.send(kRing);
    for (CallClient* const client : {&ann, &rings, &silent})
        client->take();
    set_door(ann, "locked");
    CHECK(ann.text() == json({"['door','locked']\n['ring ended','seat-000002','locked']\n"}));
    CHECK(rings.text() == refused("'locked'", 4003));
    CHECK(silent.text() == refused("'locked'", 4003));
}

TEST_CASE("Door: opening admits who rings in the order of ringing, as long as there is room") {
    CallWorld world({.capacity = 3});
    CallClient& ann = world.enter();
    CallClient& third = world.enter();
    CallClient& silent = world.enter();
    CallClient& second = world.enter();
    CallClient& first = world.enter();
    for (CallClient* const client : {&first, &second, &third})
        client->send(kRing);
    for (CallClient* const client : {&ann, &first, &second, &third, &silent})
        client->take();
    set_door(ann, "open");
    const auto frames = ann.take();
    REQUIRE(frames.size() == 5);
    CHECK(frames[0] == "[\"door\",\"open\"]");
    CHECK(frames[1] == json({"['ring ended','seat-000005','accepted']"}));
    CHECK(frames[2].starts_with(json({"['peer joined',{'seat':'seat-000005'"})));
    CHECK(frames[3] == json({"['ring ended','seat-000004','accepted']"}));
    CHECK(frames[4].starts_with(json({"['peer joined',{'seat':'seat-000004'"})));
    CHECK(first.take().front().starts_with("[\"host agreed\""));
    CHECK(third.take().empty());
    CHECK(silent.take().empty());
    // There is room again: who asks now is let in at once, also who did not ring before.
    first.send(json({"['bye']"}));
    silent.send(kRing);
    CHECK(silent.text().starts_with("[\"host agreed\""));
    ann.send(json({"['host is agreed','c',{'to':'", third.id(), "'}]"}));
    CHECK(ann.take().back() == json({"['error',{'event':'host is agreed','code':'full'}]"}));
}

TEST_CASE("Password: absent and wrong ones are refused, and only wrong ones start a wait") {
    CallWorld world;
    CallClient& ann = world.enter();
    ann.send(json({"['password','right']"}));
    CHECK(ann.take().back() == "[\"password\",true]");
    const auto entry = [&world](const char* proof, const char* address = "x") {
        return world.enter({.proof = proof, .address = address}).text();
    };
    for (int i = 0; i < 10; ++i)
        CHECK(entry("") == refused("'password',0", 4001));
    for (int i = 0; i < 3; ++i)
        CHECK(entry("wrong") == refused("'password',0", 4001));
    CHECK(entry("right").starts_with("[\"welcome\""));
    CHECK(entry("wrong") == refused("'password',1000", 4001));
    world.pass(400ms);
    for (const auto* unexamined : {"right", "", "wrong"}) {
        CHECK(entry(unexamined) == refused("'password',600", 4001));
    }
    CHECK(entry("right", "y").starts_with("[\"welcome\""));  // others do not pay for it
    for (const int seconds : {2, 4, 8, 16, 32, 60, 60}) {
        world.pass(60s);
        CHECK(entry("wrong") == refused("'password'," + std::to_string(seconds) + "000", 4001));
    }
    world.pass(60s - 1ms);
    CHECK(entry("right") == refused("'password',1", 4001));
    world.pass(1ms);
    CHECK(entry("right").starts_with("[\"welcome\""));
    ann.take();
}

TEST_CASE("Password: it stands before the door and the capacity, and can be taken away") {
    CallWorld world({.capacity = 1});
    CallClient& ann = world.enter();
    ann.send(json({"['password','right']"}));
    set_door(ann, "locked");
    CHECK(world.enter({.proof = "wrong"}).text() == refused("'password',0", 4001));
    CHECK(world.enter({.proof = "right"}).text() == refused("'locked'", 4003));
    set_door(ann, "open");
    CHECK(world.enter({.proof = "right"}).text() == refused("'full',1", 4002));
    ann.take();
    ann.send(json({"['password',null]"}));
    CHECK(ann.text() == "[\"password\",false]\n");
    CHECK(world.enter().text() == refused("'full',1", 4002));
    CHECK(ann.take().empty());  // no newcomer has touched the call
}

TEST_CASE("Password: many addresses make the call forget only some of them") {
    CallWorld world;
    CallClient& ann = world.enter();
    ann.send(json({"['password','right']"}));
    const auto guess = [&world](const std::string& address) {
        return world.enter({.proof = "wrong", .address = address}).text();
    };
    for (int i = 0; i < 6; ++i) {
        guess("stubborn");
        world.pass(5s);
    }
    for (int i = 0; i < 3000; ++i)
        CHECK(guess("one of many " + std::to_string(i)) == refused("'password',0", 4001));
    CHECK(guess("stubborn") == refused("'password',8000", 4001));
}

TEST_CASE("Waiting: so many in all, so many from one address, so many from it in a minute") {
    SECTION("in all") {
        CallWorld world({.waiting = 3});
        world.enter();
        for (const auto* address : {"x", "y", "z"})
            CHECK(world.enter({.address = address}).is_open());
        CHECK(world.enter({.address = "w"}).text() == refused("'rate',6000", 4008));
    }
    SECTION("from one address") {
        CallWorld world({.waiting_per_address = 2});
        world.enter();
        world.enter({.address = "x"});
        CallClient& second = world.enter({.address = "x"});
        CHECK(world.enter({.address = "x"}).text() == refused("'rate',6000", 4008));
        CHECK(world.enter({.address = "y"}).is_open());
        second.drop();
        CHECK(world.enter({.address = "x"}).is_open());
    }
    SECTION("in a minute") {
        CallWorld world;
        world.enter();
        for (int i = 0; i < 10; ++i) {
            CallClient& client = world.enter({.address = "x"});
            CHECK(client.is_open());
            client.drop();
        }
        CHECK(world.enter({.address = "x"}).text() == refused("'rate',6000", 4008));
        world.pass(5s);
        CHECK(world.enter({.address = "x"}).text() == refused("'rate',1000", 4008));
        CHECK(world.enter({.address = "y"}).is_open());
        world.pass(1s);
        CHECK(world.enter({.address = "x"}).is_open());
        CHECK(world.enter({.address = "x"}).text() == refused("'rate',6000", 4008));
        // Admission at once is not waiting.
        CHECK(world.call().members().size() == 1);
    }
}

TEST_CASE(
    "Full: a member without a socket takes a place, and who is told so is told before `rate`") {
    CallWorld world({.capacity = 2, .waiting = 1});
    CallClient& ann = world.enter();
    CallClient& waits = world.enter();
    CallClient& rings = world.enter({.address = "b"});
    CHECK(rings.text() == refused("'rate',6000", 4008));
    waits.send(kRing);
    ann.send(json({"['host is agreed','c',{'to':'", waits.id(), "'}]"}));
    waits.drop();
    CHECK(world.enter({.address = "b"}).text() == refused("'full',2", 4002));
    set_door(ann, "open");
    CHECK(world.enter({.address = "b"}).text() == refused("'full',2", 4002));
}

TEST_CASE("Password: wrong proofs count at one call alone") {
    CallWorld world;
    for (const auto* call : {"c", "d"})
        world.enter({}, call).send(json({"['password','right']"}));
    for (int i = 0; i < 4; ++i)
        world.enter({.proof = "wrong"}, "c");
    CHECK(world.enter({.proof = "right"}, "c").text() == refused("'password',1000", 4001));
    CHECK(world.enter({.proof = "right"}, "d").text().starts_with("[\"welcome\""));
}

TEST_CASE("Password: its digest is kept and compared, and nothing else") {
    CallWorld world;
    std::atomic<std::size_t> in_all{0};
    core::Calls calls({},
                      {.new_seat_id = [] { return seat_id(1); },
                       .new_token = [] { return seat_token(1); },
                       .digest = [](std::string_view proof) { return std::string(1, proof[0]); },
                       .ice_servers = [](auto, auto) { return "[]"; },
                       .unix_ms = {},
                       .unknown_event = {},
                       .not_admitted = {}},
                      in_all);
    CallClient host(world, "c");
    core::Seat* const seat = calls.enter(host, "c", {}, world.now);
    const std::array<std::string_view, 1> proof{"\"apple\""};
    calls.handle("c", *seat, {.name = "password", .arguments = proof}, world.now);
    CallClient avocado(world, "c");
    CHECK(calls.enter(avocado, "c", {.proof = "avocado", .address = "a"}, world.now) != nullptr);
    CallClient banana(world, "c");
    CHECK(calls.enter(banana, "c", {.proof = "banana", .address = "a"}, world.now) == nullptr);
}
