// Every row of the event table, as docs/protocol.md describes it.
#include "videochat/core/signaling.hpp"

#include "support/catch.hpp"
#include "support/fake_outbox.hpp"

using videochat::test::Client;
using videochat::test::TestHub;
using Texts = std::vector<std::string>;

namespace {

struct Three {
    TestHub world;
    Client a{world.hub, "room"};
    Client b{world.hub, "room"};
    Client c{world.hub, "room"};
};

std::string log_of(const std::string& text) {
    return R"(["log",["Message from server:",")" + text + R"("]])";
}

}  // namespace

TEST_CASE("Signaling: main check reaches the others as main check answer") {
    Three three;
    three.a.send("main check", R"({"b":1,"a":[1e400]})");
    CHECK(three.a.take().empty());
    CHECK(three.b.take() == Texts{R"(["main check answer",{"b":1,"a":[1e400]}])"});
    CHECK(three.c.take() == Texts{R"(["main check answer",{"b":1,"a":[1e400]}])"});
}

TEST_CASE("Signaling: hard start reaches the others as message") {
    Three three;
    three.b.send("hard start", R"("go")");
    CHECK(three.a.take() == Texts{R"(["message","go"])"});
    CHECK(three.b.take().empty());
    CHECK(three.c.take() == Texts{R"(["message","go"])"});
}

TEST_CASE("Signaling: host is agreed tells everyone, without arguments") {
    Three three;
    three.c.send("host is agreed", R"("ignored")");
    for (Client* client : {&three.a, &three.b, &three.c}) {
        CHECK(client->take() == Texts{R"(["host agreed"])"});
    }
}

TEST_CASE("Signaling: a chat message comes back to its sender too") {
    Three three;
    three.a.send("chat message", R"("\ud83d")");
    for (Client* client : {&three.a, &three.b, &three.c}) {
        CHECK(client->take() == Texts{R"(["chat message","\ud83d"])"});
    }
}

TEST_CASE("Signaling: a message is relayed, and logged to its sender in one array") {
    Three three;
    three.a.send("message", R"({"type":"offer"})");
    CHECK(three.a.take() ==
          Texts{R"(["log",["Message from server:","Client said: ",{"type":"offer"}]])"});
    CHECK(three.b.take() == Texts{R"(["message",{"type":"offer"}])"});
}

TEST_CASE("Signaling: a missing first argument is relayed as null") {
    Three three;
    three.a.send("message");
    CHECK(three.a.take() == Texts{R"(["log",["Message from server:","Client said: ",null]])"});
    CHECK(three.b.take() == Texts{R"(["message",null])"});
}

TEST_CASE("Signaling: bye tells nobody") {
    Three three;
    three.a.send("bye");
    CHECK(three.a.take().empty());
    CHECK(three.b.take().empty());
    CHECK(three.world.unknown_events == 0);
}

TEST_CASE("Signaling: an unknown event is counted and has no effect, whatever its name") {
    Three three;
    for (const char* name :
         {"connect", "disconnect", "__proto__", "constructor", "log", "Message"}) {
        three.a.send(name, "1");
    }
    CHECK(three.world.unknown_events == 6);
    CHECK(three.a.take().empty());
    CHECK(three.b.take().empty());
}

TEST_CASE("Signaling: ipaddr answers with each address, once") {
    Three three;
    three.a.send("ipaddr");
    CHECK(three.a.take() == Texts{R"(["ipaddr","192.0.2.1"])", R"(["ipaddr","192.0.2.2"])"});
    CHECK(three.b.take().empty());
}

TEST_CASE("Signaling: ipaddr can be switched off") {
    TestHub world(videochat::RoomLimits{.ipaddr = false});
    Client a(world.hub);
    a.send("ipaddr");
    CHECK(a.take().empty());
}

TEST_CASE("Signaling: create or join creates, joins, then is full") {
    Three three;
    three.a.send("create or join", R"("r")");
    CHECK(three.a.take() == Texts{log_of("Received request to create or join room r"),
                                  log_of("Room r now has 0 client(s)"),
                                  log_of("Client ID id1 created room r"),
                                  R"(["created","r","id1"])"});
    three.b.send("create or join", R"("r")");
    CHECK(three.b.take() == Texts{log_of("Received request to create or join room r"),
                                  log_of("Room r now has 1 client(s)"),
                                  log_of("Client ID id2 joined room r"), R"(["joined","r","id2"])",
                                  R"(["ready"])"});
    CHECK(three.a.take() == Texts{R"(["join","r"])", R"(["ready"])"});
    three.c.send("create or join", R"("r")");
    CHECK(three.c.take() == Texts{log_of("Received request to create or join room r"),
                                  log_of("Room r now has 2 client(s)"), R"(["full","r"])"});
    CHECK(three.a.take().empty());
}

TEST_CASE("Signaling: who asks twice joins itself") {
    TestHub world;
    Client a(world.hub);
    a.send("create or join", R"("r")");
    a.take();
    a.send("create or join", R"("r")");
    CHECK(a.take() == Texts{log_of("Received request to create or join room r"),
                            log_of("Room r now has 1 client(s)"),
                            log_of("Client ID id1 joined room r"), R"(["join","r"])",
                            R"(["joined","r","id1"])", R"(["ready"])"});
}

TEST_CASE("Signaling: create or join tells a number from its text, and no array is another's") {
    TestHub world;
    Client a(world.hub);
    Client b(world.hub);
    const auto created = [](const Texts& texts) {
        return texts.back().starts_with(R"(["created")");
    };
    a.send("create or join", "7");
    a.take();
    b.send("create or join", R"("7")");
    CHECK(created(b.take()));
    b.send("create or join", "7.0");
    CHECK(b.take().back() == R"(["ready"])");
    a.take();  // 7.0 is 7: it heard "join" and "ready"
    a.send("create or join", "[1,[2,null],\"x\"]");
    CHECK(a.take()[0] == log_of("Received request to create or join room 1,2,,x"));
    b.send("create or join", "[1,[2,null],\"x\"]");
    CHECK(created(b.take()));
    b.send("create or join", R"({"a":{"b":"}"}})");
    CHECK(b.take()[0] == log_of("Received request to create or join room [object Object]"));
}

TEST_CASE("Signaling: create or join without an argument is about undefined, null on the wire") {
    TestHub world;
    Client a(world.hub);
    a.send("create or join");
    const Texts texts = a.take();
    CHECK(texts[0] == log_of("Received request to create or join room undefined"));
    CHECK(texts.back() == R"(["created",null,"id1"])");
    a.send("create or join", "null");
    CHECK(a.take().back() == R"(["created",null,"id1"])");
}

TEST_CASE("Signaling: a text that is put into a log line is escaped") {
    TestHub world;
    Client a(world.hub);
    a.send("create or join", R"("\u0001\"\\\ud800")");
    CHECK(a.take()[0] == log_of(R"(Received request to create or join room \u0001\"\\\ud800)"));
}

TEST_CASE("Signaling: groups do not reach beyond their room") {
    TestHub world;
    Client a(world.hub, "one");
    Client b(world.hub, "two");
    a.send("create or join", R"("r")");
    a.take();
    b.send("create or join", R"("r")");
    CHECK(b.take().back().starts_with(R"(["created")"));
    CHECK(a.take().empty());
}

TEST_CASE("Signaling: a peer that joins too many groups is dismissed") {
    TestHub world(videochat::RoomLimits{.rooms_per_peer = 2});
    Client a(world.hub);
    a.send("create or join", "1");
    a.send("create or join", "2");
    a.send("create or join", "1");
    CHECK(a.outbox.dismissals.empty());
    a.send("create or join", "3");
    REQUIRE(a.outbox.dismissals.size() == 1);
    CHECK(a.outbox.dismissals[0].first == videochat::core::Dismissal::Policy);
}

TEST_CASE("Signaling: who creates a group with an endless name is dismissed") {
    TestHub world;
    Client a(world.hub);
    a.send("create or join", '"' + std::string(256, 'n') + '"');
    CHECK(a.take().back().starts_with(R"(["created")"));
    for (const std::string& name :
         {'"' + std::string(257, 'n') + '"', "[\"" + std::string(257, 'n') + "\"]"}) {
        a.send("create or join", name);
        CHECK(a.take().empty());
    }
    CHECK(a.outbox.dismissals.size() == 2);
}

TEST_CASE("Signaling: leaving empties the group that was joined") {
    TestHub world;
    Client a(world.hub);
    {
        Client b(world.hub);
        b.send("create or join", R"("r")");
    }
    a.send("create or join", R"("r")");
    CHECK(a.take().back().starts_with(R"(["created")"));
}
