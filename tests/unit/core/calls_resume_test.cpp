// Losing the socket is not leaving: grace, tokens, what is missed and what is not, replacement.
#include "call_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;
using Frames = std::vector<std::string>;

namespace {

const std::string kExpired = "[\"refused\",\"expired\"]\nclose 4007\n";

/// A host and a member who has seen 1 counted frame: `host agreed`.
struct Two {
    explicit Two(const CallLimits& limits = {}) : world(limits) {}
    std::string say(const std::string& text) {
        ann.send("[\"message\"," + text + "]");
        return "[\"message\"," + text + ",{\"from\":\"seat-000001\"}]";
    }
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
};

bool has(const std::string& frame, std::string_view text) {
    return frame.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("Resume: exactly what was missed comes, once, in order, before anything new") {
    Two two;
    const std::string first = two.say("1");
    two.ben.take();
    two.ben.drop();
    CHECK(two.ann.text() == "[\"peer away\",\"seat-000002\"]\n");
    const std::string second = two.say("2");
    const std::string third = two.say("3");
    CallClient& back = two.world.resume(two.ben.token(), 2);
    CHECK(two.ann.text() == "[\"peer back\",\"seat-000002\"]\n");
    const std::string fourth = two.say("4");
    Frames frames = back.take();
    REQUIRE(frames.size() == 4);
    CHECK(has(frames[0], R"("resumed":true,"heard":1,)"));
    CHECK(has(frames[0], R"({"seat":"seat-000002","name":"","host":false,"away":false})"));
    frames.erase(frames.begin());
    CHECK(frames == Frames{second, third, fourth});
    // What got lost on the way comes again; what was got does not.
    CHECK(two.world.resume(two.ben.token(), 4).take().at(1) == fourth);
    CHECK(two.world.resume(two.ben.token(), 5).take().size() == 1);
    CHECK(first != second);
}

TEST_CASE("Resume: without a count, or with one that cannot be, all is new") {
    for (const std::optional<std::uint64_t> seen :
         {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(3),
          std::optional<std::uint64_t>(UINT64_MAX)}) {
        Two two;
        two.say("1");
        two.ben.drop();
        CallClient& back = two.world.resume(two.ben.token(), seen);
        const Frames frames = back.take();
        REQUIRE(frames.size() == 1);
        CHECK(has(frames[0], R"("resumed":false,"heard":1,)"));
        const std::string next = two.say("2");  // the first that counts now
        CHECK(two.world.resume(two.ben.token(), 0).take().at(1) == next);
    }
}

TEST_CASE("Resume: 256 frames are held, and not one more") {
    Two two;
    two.ben.drop();
    for (int i = 0; i < 256; ++i)
        two.say(std::to_string(i));
    const Frames all = two.world.resume(two.ben.token(), 1).take();
    REQUIRE(all.size() == 257);
    CHECK(all.back() == "[\"message\",255,{\"from\":\"seat-000001\"}]");
    two.say("256");
    CHECK(has(two.world.resume(two.ben.token(), 1).text(), R"("resumed":false)"));
}

TEST_CASE("Resume: 256 KiB are held, and not one byte more") {
    constexpr std::size_t kAround = 37;  // ["message","",{"from":"seat-000001"}]
    for (const std::size_t extra : {0U, 1U}) {
        Two two;
        two.ben.drop();
        const std::string half = two.say("\"" + std::string(128 * 1024 - kAround, 'a') + "\"");
        CHECK(half.size() == 128 * 1024);
        two.say("\"" + std::string(128 * 1024 - kAround + extra, 'b') + "\"");
        const Frames frames = two.world.resume(two.ben.token(), 1).take();
        CHECK(has(frames[0], extra == 0 ? R"("resumed":true)" : R"("resumed":false)"));
        CHECK(frames.size() == (extra == 0 ? 3 : 1));
    }
    Two two;  // one that is larger by itself: nothing before it is held either, all after it is
    two.ben.drop();
    two.say("\"" + std::string(256 * 1024, 'a') + "\"");
    two.say("1");
    CHECK(two.world.resume(two.ben.token(), 2).take().size() == 2);
    CHECK(has(two.world.resume(two.ben.token(), 1).text(), R"("resumed":false)"));
}

TEST_CASE("Resume: welcome, pong and refused do not count; errors do; a ping is not heard") {
    Two two;
    two.ben.send(json({"['ping']"}));
    two.ben.send(json({"['ping',{'n':1}]"}));
    CHECK(two.ben.text() == "[\"pong\",null]\n[\"pong\",{\"n\":1}]\n");
    two.ben.send(json({"['message']"}));
    two.ben.send(json({"['nothing that is known']"}));
    CHECK(two.ben.take().size() == 1);
    CHECK(has(two.world.resume(two.ben.token(), 2).text(), R"("resumed":true,"heard":3)"));
}

TEST_CASE("Resume: after the grace the seat is lost, before it nobody is told of a new one") {
    Two two({.seat_grace = 1500ms});
    two.ben.drop();
    two.world.pass(1499ms);
    CallClient& back = two.world.resume(two.ben.token(), 1);
    CHECK(back.is_open());
    two.world.pass(1h);
    CHECK(back.is_open());
    CHECK(two.ann.text() == "[\"peer away\",\"seat-000002\"]\n[\"peer back\",\"seat-000002\"]\n");
    back.drop();
    two.world.pass(1500ms);
    CHECK(two.ann.text() ==
          "[\"peer away\",\"seat-000002\"]\n[\"peer left\",\"seat-000002\",\"lost\"]\n");
    CHECK(two.world.resume(two.ben.token(), 1).text() == kExpired);
}

TEST_CASE("Resume: who broke a rule is lost at once") {
    Two two;
    two.ben.drop(true);
    CHECK(two.ann.text() == "[\"peer left\",\"seat-000002\",\"lost\"]\n");
    CHECK(two.world.resume(two.ben.token(), 1).text() == kExpired);
}

TEST_CASE("Resume: tokens that are wrong, dead or of another call are all the same") {
    Two two;
    CallClient& elsewhere = two.world.enter({}, "d");
    two.ben.send(json({"['bye']"}));
    two.ann.take();
    for (const std::string& token : {std::string("x"), std::string(), two.ben.token(), two.ben.id(),
                                     two.ann.token() + "x", elsewhere.token()}) {
        CHECK(two.world.resume(token, 0).text() == kExpired);
    }
    CHECK(two.world.resume(two.ann.token(), 0, "d").text() == kExpired);
    CHECK(two.world.resume(two.ann.token(), 0, "no such call").text() == kExpired);
    CHECK(two.world.calls.size() == 2);
    CHECK(two.ann.take().empty());
    CHECK(elsewhere.take().size() == 1);
}

TEST_CASE("Resume: a second socket replaces the first, and nobody else notices") {
    Two two;
    CallClient& second = two.world.resume(two.ben.token(), 1);
    CHECK(two.ben.text() == "[\"refused\",\"replaced\"]\nclose 4006\n");
    CHECK_FALSE(two.ben.is_open());
    two.ben.drop();  // its end means nothing
    CHECK(two.ann.take().empty());
    second.take();
    two.say("1");
    CHECK(second.take().size() == 1);
}

TEST_CASE("Resume: a seat that waits can replace its socket, and rings on") {
    Two two;
    CallClient& cem = two.world.enter();
    cem.send(json({"['main check','c']"}));
    two.ann.take();
    CallClient& again = two.world.resume(cem.token(), 0);
    CHECK(cem.take().back() == "close 4006");
    const Frames frames = again.take();
    REQUIRE(frames.size() == 1);
    CHECK(has(frames[0], R"("state":"waiting")"));
    CHECK(has(frames[0], R"("resumed":true,"heard":1)"));
    CHECK(two.ann.take().empty());
    two.ann.send(json({"['host is agreed','c',{'to':'", again.id(), "'}]"}));
    CHECK(again.text().starts_with("[\"host agreed\""));
}

TEST_CASE("Resume: neither password nor door nor capacity keeps a member out; the host stays it") {
    Two two({.capacity = 2});
    two.ann.send(json({"['password','pw']"}));
    two.ann.send(json({"['door','locked']"}));
    two.ann.drop();
    CallClient& back = two.world.resume(two.ann.token(), 3);
    const std::string welcome = back.take().front();
    CHECK(has(welcome, R"("host":true)"));
    CHECK(has(welcome, R"("door":"locked","password":true)"));
    CHECK(two.world.enter({.proof = "pw"}).take().back() == "close 4003");
}

TEST_CASE("Resume: rings that it may still answer are told again to who starts anew") {
    Two two;
    CallClient& cem = two.world.enter();
    cem.send(json({"['main check','c']"}));
    two.ann.drop();
    two.ben.take();
    CallClient& ann = two.world.resume(two.ann.token(), std::nullopt);
    CallClient& ben = two.world.resume(two.ben.token(), std::nullopt);
    const std::string ring = json({"['main check answer','c',{'from':'seat-000003','name':''}]"});
    CHECK(ann.take().at(1) == ring);
    CHECK(ben.take().at(1) == ring);
    CHECK(has(two.world.resume(two.ben.token(), 1).take().front(), R"("resumed":true)"));
}

TEST_CASE("Resume: a member who came while another was away is told of its return") {
    Two two;
    two.ben.drop();
    CallClient& cem = two.world.enter_through(two.ann);
    CHECK(has(cem.text(), ""));
    two.world.resume(two.ben.token(), 1);
    CHECK(cem.text() == "[\"peer back\",\"seat-000002\"]\n");
}
