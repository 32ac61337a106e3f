// Members: who comes in and how, what they send each other, host, removal, heartbeat.
#include "call_world.hpp"
#include "support/catch.hpp"
#include "videochat/version.hpp"

using namespace videochat;
using namespace videochat::test;
using Frames = std::vector<std::string>;

TEST_CASE("Call: the first to come is admitted and host") {
    CallWorld world;
    CallClient& ann = world.enter({.name = "Ann"}, "the \"call\"");
    CHECK(ann.take() ==
          Frames{json({R"(['welcome',{'seat':'seat-000001','token':'token-of-its-own-000001',)",
                       R"('call':'the \'call\'','state':'admitted','host':true,)",
                       R"('members':[{'seat':'seat-000001','name':'Ann','host':true,)",
                       R"('away':false}],'capacity':6,'door':'knock','password':false,)",
                       R"('iceServers':[{'urls':['turn:t'],'username':'seat-000001'}],)",
                       R"('resumed':false,'heard':0,'server':{'version':')", VIDEOCHAT_VERSION,
                       "'}}]"})});
    CHECK(world.call("the \"call\"").host()->id() == ann.id());
}

TEST_CASE("Call: who waits learns how many are inside, and nothing else") {
    CallWorld world;
    CallClient& host = world.enter({.name = "Ann"});
    CallClient& ben = world.enter({.name = "Ben"});
    CHECK(ben.take() ==
          Frames{json({R"(['welcome',{'seat':'seat-000002','token':'token-of-its-own-000002',)",
                       R"('call':'c','state':'waiting','host':false,'members':[],'count':1,)",
                       R"('capacity':6,'iceServers':[],'resumed':false,'heard':0,)",
                       R"('server':{'version':')", VIDEOCHAT_VERSION, "'}}]"})});
    host.take();
    host.send(json({"['message','secret']"}));
    host.send(json({"['chat message','secret']"}));
    host.send(json({"['message','secret',{'to':'", ben.id(), "'}]"}));
    CHECK(ben.take().empty());
    CHECK(host.take().back() == json({"['error',{'event':'message','code':'no-such-seat'}]"}));
}

TEST_CASE("Call: who waits may ring, leave and ping; all else is dropped, counted, answered") {
    CallWorld world;
    CallClient& host = world.enter();
    CallClient& ben = world.enter();
    host.take();
    ben.take();
    int dropped = 0;
    for (const auto* event :
         {"['message','x']", "['message','x',{'to':'seat-000001'}]", "['message']",
          "['chat message','x']", "['host is agreed','c',{'to':'seat-000002'}]",
          "['host declined','c',{'to':'seat-000002','reason':'busy'}]", "['remove','seat-000001']",
          "['door','open']", "['password',null]", "['host','seat-000002']"}) {
        INFO(event);
        ben.send(json({event}));
        const Frames answer = ben.take();
        REQUIRE(answer.size() == 1);
        CHECK(answer[0].ends_with(R"("code":"not-admitted"}])"));
        CHECK(world.not_admitted == ++dropped);
    }
    CHECK(host.take().empty());
    ben.send(json({"['ping',[1]]"}));
    CHECK(ben.text() == "[\"pong\",[1]]\n");
    ben.send(json({"['bye']"}));
    CHECK(ben.text() == "close 1000\n");
    CHECK(world.call().waiting().empty());
}

TEST_CASE("Call: a message goes to one or to all others, byte for byte, with the sender's seat") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    CallClient& cem = world.enter_through(ann);
    ben.take();
    const std::string odd = R"({"type":"offer","a":1,"a":1e400,"s":"\ud800 \/"})";
    ann.send("[\"message\"," + odd + ",{ \"t\\u006f\" : \"" + ben.id() + "\" }]");
    CHECK(ben.take() == Frames{"[\"message\"," + odd + ",{\"from\":\"seat-000001\"}]"});
    CHECK(cem.take().empty());
    ann.send("[\"message\"," + odd + "]");
    CHECK(ben.take() == Frames{"[\"message\"," + odd + ",{\"from\":\"seat-000001\"}]"});
    CHECK(cem.take().size() == 1);
    CHECK(ann.take().empty());
}

TEST_CASE("Call: a chat message comes back to its sender too, with one time for all") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    for (const auto* text : {R"("hi\n")", "42", R"({"to":"seat-000002"})"}) {
        ann.send(std::string("[\"chat message\",") + text + "]");
        const std::string expected = std::string("[\"chat message\",") + text +
                                     R"(,{"from":"seat-000001","at":3600000}])" + "\n";
        CHECK(ann.text() == expected);
        CHECK(ben.text() == expected);
    }
}

TEST_CASE("Call: an address is never guessed") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    const CallClient& elsewhere = world.enter({}, "d");
    CallClient& waits = world.enter();
    waits.send(json({"['main check','c']"}));
    ann.take();
    for (const auto* address :
         {"null", "'seat-000002'", "{}", "[]", "{'to':1}", "{'to':['seat-000002']}",
          "{'to':'seat-000002','to':'seat-000002'}", "{'to':'seat-000002','from':'x'}",
          "{'To':'seat-000002'}", "[{'to':'seat-000002'}]",
          "{'to':'seat-000002'},{'to':'seat-000002'}"}) {
        INFO(address);
        ann.send(json({"['message','x',", address, "]"}));
        CHECK(ann.text() == "[\"error\",{\"event\":\"message\",\"code\":\"bad-request\"}]\n");
    }
    for (const auto& seat : {ann.id(), waits.id(), elsewhere.id(), std::string("x"), ben.token()}) {
        ann.send(json({"['message','x',{'to':'", seat, "'}]"}));
        CHECK(ann.text() == "[\"error\",{\"event\":\"message\",\"code\":\"no-such-seat\"}]\n");
    }
    ann.send(json({"['message']"}));
    CHECK(ann.text() == "[\"error\",{\"event\":\"message\",\"code\":\"bad-request\"}]\n");
    CHECK(ben.take().empty());
    waits.take();
    CHECK(waits.take().empty());
}

TEST_CASE("Call: arguments, states and names are checked, and before the right to send them") {
    CallWorld world;
    CallClient& host = world.enter();
    CallClient& ben = world.enter_through(host);
    for (const auto* event : {"['remove']",
                              "['remove',1]",
                              "['remove','a','b']",
                              "['door']",
                              "['door','ajar']",
                              "['door',null]",
                              "['password']",
                              "['password','']",
                              "['password','a b']",
                              "['password',1]",
                              "['host']",
                              "['host',{}]",
                              "['main check','c']",
                              "['bye',1]",
                              "['chat message']",
                              "['chat message','a','b']",
                              "['ping',1,2]",
                              "['host is agreed','c']",
                              "['host is agreed','d',{'to':'x'}]",
                              "['host is agreed','c',{'to':'x','reason':'busy'}]",
                              "['host declined','c',{'to':'x'}]",
                              "['host declined','c',{'to':'x','reason':'no'}]"}) {
        INFO(event);
        for (CallClient* const client : {&host, &ben}) {
            client->send(json({event}));
            CHECK(client->text().ends_with("\"code\":\"bad-request\"}]\n"));
        }
    }
    host.send(json({"['password','", std::string(129, 'a'), "']"}));
    CHECK(host.text().ends_with("\"code\":\"bad-request\"}]\n"));
    for (const auto* event : {"['remove','nobody']", "['door','open']", "['password',null]",
                              "['host','nobody']", "['host is agreed','c',{'to':'nobody'}]",
                              "['host declined','c',{'to':'nobody','reason':'busy'}]"}) {
        INFO(event);
        ben.send(json({event}));
        CHECK(ben.text().ends_with("\"code\":\"not-host\"}]\n"));
    }
    CHECK(host.take().empty());
}

TEST_CASE("Call: events that calls do not know are ignored and counted, waiting or not") {
    CallWorld world;
    CallClient& host = world.enter();
    CallClient& waits = world.enter();
    host.take();
    waits.take();
    for (const auto* event : {"['hard start']", "['create or join','c']", "['ipaddr']",
                              "['peer left','seat-000001']", "['constructor']"}) {
        host.send(json({event}));
        waits.send(json({event}));
    }
    CHECK(world.unknown_events == 10);
    CHECK(host.take().empty());
    CHECK(waits.take().empty());
    CHECK(waits.seat()->heard() == 5);
}

TEST_CASE("Call: who leaves is told of, and the host's place goes on") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    CallClient& cem = world.enter_through(ann);
    ben.take();
    cem.take();
    ben.drop();
    ann.send(json({"['bye']"}));
    CHECK(ann.take().back() == "close 1000");
    // Ben has been in for longer, but has no socket.
    CHECK(cem.text() == json({"['peer away','seat-000002']\n['peer left','seat-000001','left']\n",
                              "['host','seat-000003']\n"}));
    cem.send(json({"['host','seat-000002']"}));
    CHECK(cem.text() == "[\"host\",\"seat-000002\"]\n");
    CHECK(world.call().host()->id() == ben.id());
    cem.send(json({"['door','open']"}));
    CHECK(cem.text().ends_with("\"code\":\"not-host\"}]\n"));
}

TEST_CASE("Call: when all others are away, the longest-admitted of them becomes host") {
    CallWorld world;
    CallClient& ann = world.enter();
    CallClient& ben = world.enter_through(ann);
    CallClient& cem = world.enter_through(ann);
    cem.drop();
    ben.drop();
    ann.send(json({"['bye']"}));
    CHECK(world.call().host()->id() == ben.id());
}

TEST_CASE("Call: the host removes, and an open door closes so far that one has to ring") {
    CallWorld world;
    CallClient& ann = world.enter();
    ann.send(json({"['door','open']"}));
    CallClient& ben = world.enter();
    CallClient& cem = world.enter();
    for (CallClient* const client : {&ann, &ben, &cem})
        client->take();
    ann.send(json({"['remove','seat-000001']"}));
    CHECK(ann.text().ends_with("\"code\":\"no-such-seat\"}]\n"));
    ann.send(json({"['remove','", ben.id(), "']"}));
    CHECK(ben.text() == "[\"refused\",\"removed\"]\nclose 4005\n");
    for (CallClient* const client : {&ann, &cem}) {
        CHECK(client->text() ==
              json({"['peer left','seat-000002','removed']\n['door','knock']\n"}));
    }
    CHECK(world.resume(ben.token(), 0).text() == "[\"refused\",\"expired\"]\nclose 4007\n");
    // An away member can be removed too; a door that is not open stays as it is.
    cem.drop();
    ann.take();
    ann.send(json({"['remove','", cem.id(), "']"}));
    CHECK(ann.text() == json({"['peer left','seat-000003','removed']\n"}));
    CHECK(world.resume(cem.token(), 0).text() == "[\"refused\",\"expired\"]\nclose 4007\n");
}

TEST_CASE("Call: the last one out ends it for who waits, and door and password are forgotten") {
    CallWorld world;
    CallClient& ann = world.enter();
    ann.send(json({"['password','pw']"}));
    CallClient& waits = world.enter({.proof = "pw"});
    CallClient& rings = world.enter({.proof = "pw"});
    rings.send(json({"['main check','c']"}));
    waits.take();
    rings.take();
    ann.send(json({"['bye']"}));
    CHECK(waits.text() == "[\"refused\",\"ended\"]\nclose 4004\n");
    CHECK(rings.text() == "[\"refused\",\"ended\"]\nclose 4004\n");
    CHECK(world.calls.size() == 0);
    CHECK(world.enter().text().find(R"("door":"knock","password":false)") != std::string::npos);
}
