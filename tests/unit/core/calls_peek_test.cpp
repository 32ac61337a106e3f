// A look from outside: what it shows, whom it is refused, and that it leaves nothing behind.
#include "call_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;

namespace {

const std::string kRing = json({"['main check','c']"});

std::string seen(std::string_view about) {
    return json({"['peek',{", about, "}]\n"}) + "close 1000\n";
}

std::string refused(std::string_view words, int code) {
    return json({"['refused',", words, "]\n"}) + "close " + std::to_string(code) + "\n";
}

}  // namespace

TEST_CASE("Peek: a call that nobody is in looks like a new one, and is not made") {
    CallWorld world({.calls = 1});
    const std::string nobody = seen("'count':0,'capacity':6,'door':'knock','password':false");
    for (int i = 0; i < 30; ++i)
        CHECK(world.peek().text() == nobody);
    CHECK(world.calls.size() == 0);
    CHECK(world.calls_in_all == 0);
    CHECK(world.ids == 0);
    world.enter({}, "another");
    CHECK(world.peek().text() == nobody);  // also where it would find no place
    CHECK(world.calls.size() == 1);
}

TEST_CASE("Peek: shows how many are inside and what stands before it, and nobody notices") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    CallClient& rings = world.enter();
    rings.send(kRing);
    ben.drop();
    for (CallClient* const client : {&ann, &rings})
        client->take();
    const core::TimePoint due = world.calls.next_due();
    CHECK(world.peek().text() == seen("'count':2,'capacity':6,'door':'knock','password':false"));
    CHECK(ann.take().empty());
    CHECK(rings.take().empty());
    CHECK(world.calls.next_due() == due);
    CHECK(world.call().waiting().size() == 1);
    ann.send(json({"['door','open']"}));
    ann.send(json({"['password','right']"}));
    CHECK(world.peek({.proof = "right"}).text() ==
          seen("'count':3,'capacity':6,'door':'open','password':true"));
}

TEST_CASE("Peek: is examined as somebody new is") {
    CallWorld world({.capacity = 2, .waiting = 1});
    CallClient& ann = world.enter();
    CallClient& waits = world.enter({.address = "b"});
    CHECK(world.peek({.address = "c"}).text() == refused("'rate',6000", 4008));
    waits.send(kRing);
    ann.send(json({"['host is agreed','c',{'to':'", waits.id(), "'}]"}));
    CHECK(world.peek().text() == refused("'full',2", 4002));
    ann.send(json({"['door','locked']"}));
    CHECK(world.peek().text() == refused("'locked'", 4003));
    ann.send(json({"['password','right']"}));
    CHECK(world.peek().text() == refused("'password',0", 4001));
    CHECK(world.peek({.proof = "right"}).text() == refused("'locked'", 4003));
}

TEST_CASE("Peek: a proof that is tried by looking counts like one that is tried by entering") {
    CallWorld world;
    world.enter().send(json({"['password','right']"}));
    const auto look = [&world](const char* proof) {
        return world.peek({.proof = proof, .address = "x"}).text();
    };
    for (int i = 0; i < 20; ++i)
        CHECK(look("") == refused("'password',0", 4001));
    CHECK(look("wrong") == refused("'password',0", 4001));
    CHECK(world.enter({.proof = "wrong", .address = "x"}).text() == refused("'password',0", 4001));
    CHECK(look("wrong") == refused("'password',0", 4001));
    CHECK(look("wrong") == refused("'password',1000", 4001));
    CHECK(look("right") == refused("'password',1000", 4001));
    CHECK(world.enter({.proof = "right", .address = "x"}).text() ==
          refused("'password',1000", 4001));
    world.pass(1s);
    CHECK(look("right") == seen("'count':1,'capacity':6,'door':'knock','password':true"));
    CHECK(world.enter({.proof = "right", .address = "x"}).is_open());
}

TEST_CASE("Peek: ten looks from an address, then one every six seconds; entering is not touched") {
    CallWorld world;
    CallClient& ann = world.enter();
    const auto look = [&world](const char* address) { return world.peek({.address = address}); };
    for (const bool is_open : {false, true}) {
        ann.send(is_open ? json({"['door','open']"}) : json({"['door','knock']"}));
        for (int i = 0; i < 10; ++i)
            CHECK(look("x").text().starts_with(R"(["peek")"));
        for (int i = 0; i < 10; ++i)
            CHECK(look("x").text() == refused("'rate',6000", 4008));
        CHECK(look("y").text().starts_with(R"(["peek")"));
        world.pass(6s);
        CHECK(look("x").text().starts_with(R"(["peek")"));
        CHECK(look("x").text() == refused("'rate',6000", 4008));
        CHECK(world.enter({.address = "x"}).is_open());
        world.pass(60s);
    }
}

TEST_CASE("Peek: who has made too many waiting seats is told so, and it costs nothing") {
    CallWorld world;
    world.enter();
    for (int i = 0; i < 10; ++i)
        world.enter({.address = "x"}).drop();
    CHECK(world.peek({.address = "x"}).text() == refused("'rate',6000", 4008));
    world.pass(6s);
    CHECK(world.peek({.address = "x"}).text().starts_with(R"(["peek")"));
    CHECK(world.enter({.address = "x"}).is_open());
}
