// Ringing: who is told, who may answer, how it ends, and in which order.
#include <algorithm>

#include "call_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;
using Frames = std::vector<std::string>;

namespace {

const std::string kRing = json({"['main check','c']"});

std::string accept(const CallClient& who) {
    return json({"['host is agreed','c',{'to':'", who.id(), "'}]"});
}

std::string decline(const CallClient& who, std::string_view reason) {
    return json({"['host declined','c',{'reason':'", reason, "','to':'", who.id(), "'}]"});
}

std::string error(std::string_view event, std::string_view code) {
    return json({"['error',{'event':'", event, "','code':'", code, "'}]\n"});
}

/// A host, a member, somebody who rings; nothing untaken.
struct Ringing {
    explicit Ringing(const CallLimits& limits = {}) : world(limits) {
        cem.send(kRing);
        for (CallClient* const client : {&ann, &ben, &cem})
            client->take();
    }
    CallWorld world;
    CallClient& ann = world.enter({.name = "Ann"});
    CallClient& ben = world.enter_through(ann, {.name = "Ben"});
    CallClient& cem = world.enter({.name = "C\"em", .was = "seat-of-old-1"});
};

}  // namespace

TEST_CASE("Ringing: the host is told who rings, and others are not") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    CallClient& cem = world.enter({.name = "C\"em", .was = "seat-of-old-1"});
    CallClient& dan = world.enter();
    ben.take();
    cem.send(kRing);
    dan.send(kRing);
    CHECK(ann.text() == json({R"(['main check answer','c',{'from':'seat-000003','name':'C\"em',)",
                              "'was':'seat-of-old-1'}]\n"}) +
                            json({"['main check answer','c',{'from':'seat-000004','name':''}]\n"}));
    CHECK(ben.take().empty());
    cem.take();
    cem.send(kRing);
    CHECK(cem.text() == error("main check", "rate"));
    cem.send(json({"['main check','d']"}));
    cem.send(json({"['main check','c','c']"}));
    CHECK(cem.text() == error("main check", "bad-request") + error("main check", "bad-request"));
    CHECK(ann.take().empty());
}

TEST_CASE("Ringing: who is accepted gets the call, the others hear of it") {
    Ringing r;
    r.ann.send(accept(r.cem));
    const std::string joined = json(
        {R"(['peer joined',{'seat':'seat-000003','name':'C\"em','was':'seat-of-old-1'}])", "\n"});
    CHECK(r.ann.text() == joined);  // and no `ring ended`: it has answered
    CHECK(r.ben.text() == joined);
    CHECK(r.cem.text() ==
          json({R"(['host agreed',{'members':[)",
                R"({'seat':'seat-000001','name':'Ann','host':true,'away':false},)",
                R"({'seat':'seat-000002','name':'Ben','host':false,'away':false},)",
                R"({'seat':'seat-000003','name':'C\"em','host':false,'away':false}],)",
                R"('iceServers':[{'urls':['turn:t'],'username':'seat-000003'}],)",
                R"('door':'knock','password':false}])", "\n"}));
    r.ann.send(accept(r.cem));
    CHECK(r.ann.text() == error("host is agreed", "no-such-seat"));
}

TEST_CASE("Ringing: declined and busy end the seat with that word") {
    for (const std::string reason : {"declined", "busy"}) {
        Ringing r;
        r.ann.send(decline(r.cem, reason));
        CHECK(r.cem.text() == json({"['refused','", reason, "']\nclose 4004\n"}));
        CHECK(r.ann.take().empty());
        r.ann.send(decline(r.cem, reason));
        CHECK(r.ann.text() == error("host declined", "no-such-seat"));
        CHECK(r.world.resume(r.cem.token(), 0).text() == "[\"refused\",\"expired\"]\nclose 4007\n");
    }
}

TEST_CASE("Ringing: who cancels or loses its socket is gone, and the host is told") {
    for (const bool says_bye : {true, false}) {
        Ringing r;
        if (says_bye) {
            r.cem.send(json({"['bye']"}));
        } else {
            r.cem.drop();
        }
        CHECK(r.ann.text() == json({"['ring ended','seat-000003','cancelled']\n"}));
        CHECK(r.ben.take().empty());
        r.ann.send(accept(r.cem));
        CHECK(r.ann.text() == error("host is agreed", "no-such-seat"));
    }
}

TEST_CASE("Ringing: nobody answers in time; who does not even ring waits ten times as long") {
    Ringing r({.ring_timeout = 1500ms});
    CallClient& silent = r.world.enter();
    silent.take();
    r.world.pass(1499ms);
    CHECK(r.cem.take().empty());
    r.world.pass(1ms);
    CHECK(r.cem.text() == "[\"refused\",\"no answer\"]\nclose 4004\n");
    CHECK(r.ann.text() == json({"['ring ended','seat-000003','no answer']\n"}));
    r.world.pass(13'499ms);
    CHECK(silent.take().empty());
    r.world.pass(1ms);
    CHECK(silent.text() == "[\"refused\",\"no answer\"]\nclose 4004\n");
    CHECK(r.ann.take().empty());  // it was never told of that one
}

TEST_CASE("Ringing: at capacity an accept fails, and the seat rings on") {
    Ringing r({.capacity = 3});
    CallClient& dan = r.world.enter();
    dan.send(kRing);
    dan.take();
    r.ann.send(accept(r.cem));
    r.ann.take();
    r.ann.send(accept(dan));
    CHECK(r.ann.text() == error("host is agreed", "full"));
    CHECK(dan.take().empty());
    r.ben.send(json({"['bye']"}));
    r.ann.send(accept(dan));
    CHECK(dan.text().starts_with("[\"host agreed\","));
}

TEST_CASE("Ringing: while the host is away everybody is told, and may answer until it ends") {
    Ringing r;
    r.ben.send(accept(r.cem));
    CHECK(r.ben.text() == error("host is agreed", "not-host"));
    r.ann.drop();
    CHECK(r.ben.text() ==
          json({"['peer away','seat-000001']\n", R"(['main check answer','c',)",
                R"({'from':'seat-000003','name':'C\"em','was':'seat-of-old-1'}])", "\n"}));
    CallClient& back = r.world.resume(r.ann.token(), 3);
    back.take();
    r.ben.take();
    CallClient& dan = r.world.enter();
    dan.send(kRing);
    CHECK(r.ben.take().empty());  // the host is there again
    r.ben.send(accept(dan));
    CHECK(r.ben.text() == error("host is agreed", "not-host"));
    back.take();
    r.ben.send(accept(r.cem));  // but of this one it has been told
    CHECK(back.take().front() == json({"['ring ended','seat-000003','accepted']"}));
    CHECK(r.ben.take().front().starts_with("[\"peer joined\""));
    r.ben.send(decline(r.cem, "busy"));
    CHECK(r.ben.text() == error("host declined", "no-such-seat"));
}

TEST_CASE("Ringing: a new host is told of what rings, in the order of ringing") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    CallClient& cem = world.enter();
    CallClient& dan = world.enter();
    dan.send(kRing);
    cem.send(kRing);
    ann.take();
    ben.take();
    ann.send(json({"['host','", ben.id(), "']"}));
    CHECK(ben.text() == json({"['host','seat-000002']\n",
                              "['main check answer','c',{'from':'seat-000004','name':''}]\n",
                              "['main check answer','c',{'from':'seat-000003','name':''}]\n"}));
    CHECK(ann.text() == "[\"host\",\"seat-000002\"]\n");
    ann.send(decline(cem, "declined"));  // once told, it may answer still
    CHECK(ben.text() == json({"['ring ended','seat-000003','declined']\n"}));
    CallClient& eva = world.enter();
    eva.send(kRing);
    ann.take();
    ann.send(accept(eva));
    CHECK(ann.text() == error("host is agreed", "not-host"));
    ben.send(json({"['host','", ann.id(), "']"}));
    CHECK(ann.text() == json({"['host','seat-000001']\n",
                              "['main check answer','c',{'from':'seat-000005','name':''}]\n"}));
}

TEST_CASE("Ringing: a member who comes in while the host is away is told too") {
    Ringing r;
    CallClient& dan = r.world.enter();
    dan.send(kRing);
    dan.take();
    r.ann.drop();
    r.ben.take();
    r.ben.send(accept(r.cem));
    const Frames frames = r.cem.take();
    REQUIRE(frames.size() == 2);
    CHECK(frames[1] == json({"['main check answer','c',{'from':'seat-000004','name':''}]"}));
    r.cem.send(accept(dan));
    CHECK(dan.take().front().starts_with("[\"host agreed\""));
    CHECK(r.ben.take()[1] == json({"['ring ended','seat-000004','accepted']"}));
}

TEST_CASE("Ringing: a goodbye handled after the accept is a member leaving") {
    Ringing r;
    r.ann.send(accept(r.cem));
    r.ann.take();
    r.cem.send(json({"['bye']"}));
    CHECK(r.ann.text() == json({"['peer left','seat-000003','left']\n"}));
}

TEST_CASE("Ringing: however a seat that waits is refused, it is over and its token dead") {
    const std::string expired = "[\"refused\",\"expired\"]\nclose 4007\n";
    const std::string locked = json({"['door','locked']"});
    const std::string bye = json({"['bye']"});
    for (const int how : {0, 1, 2}) {
        Ringing r;
        r.ben.send(bye);
        if (how == 0) r.world.pass(30s);
        if (how == 1) r.ann.send(locked);
        if (how == 2) {
            r.world.enter({}, "another");
            r.ann.send(bye);
        }
        CHECK(r.cem.text().starts_with("[\"refused\","));
        CHECK_FALSE(r.cem.is_open());
        CHECK(r.world.resume(r.cem.token(), 0).text() == expired);
    }
}

TEST_CASE("Ringing: door and password that are set meanwhile do not touch who waits") {
    Ringing r;
    r.ann.send(json({"['password','pw']"}));
    r.ann.send(json({"['door','knock']"}));
    CHECK(r.cem.take().empty());
    r.ann.take();
    r.ann.send(accept(r.cem));
    CHECK(r.cem.text().find(R"("door":"knock","password":true)") != std::string::npos);
}

TEST_CASE("Ringing: of one ring nobody is told twice") {
    Ringing r;
    const auto rings = [](CallClient& client) {
        return std::ranges::count_if(client.take(), [](const std::string& frame) {
            return frame.starts_with("[\"main check answer\"");
        });
    };
    r.ann.drop();
    CHECK(rings(r.ben) == 1);
    CallClient& ann = r.world.resume(r.ann.token(), 3);
    ann.drop();
    CHECK(rings(r.ben) == 0);
    r.ben.send(accept(r.cem));
    CHECK(rings(ann) == 0);
    CHECK(rings(r.world.resume(r.ann.token(), 3)) == 0);
}
