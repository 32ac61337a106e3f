// The first promise of calls, over real sockets: whoever is not a member delivers nothing to
// members and learns nothing of them but their number, whatever is sent.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"

using namespace videochat::test;
using videochat::Config;

namespace {

/// What stands for `"key":"VALUE"` in a frame.
std::string value_in(const std::string& frame, const std::string& key) {
    const std::string start = "\"" + key + "\":\"";
    const std::size_t at = frame.find(start);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + start.size();
    return frame.substr(begin, frame.find('"', begin) - begin);
}

struct Socket {
    Socket(std::uint16_t port, const std::string& query)
        : ws(port, "/socket?" + query), welcome(ws.receive()), seat(value_in(welcome, "seat")) {}

    /// Everything that has come, up to the answer to a ping that is sent now.
    std::vector<std::string> drain() {
        const std::string mark = std::to_string(++pings);
        ws.send("[\"ping\"," + mark + "]");
        std::vector<std::string> frames;
        while (true) {
            std::string frame = ws.receive();
            if (frame == "[\"pong\"," + mark + "]") return frames;
            frames.push_back(std::move(frame));
        }
    }

    WsClient ws;
    std::string welcome;
    std::string seat;
    int pings = 0;
};

const std::vector<std::string> kEvents{
    "message",        "chat message", "host is agreed", "host declined", "remove",
    "door",           "password",     "host",           "main check",    "hard start",
    "create or join", "ipaddr",       "welcome",        "peer joined",   "host agreed",
    "refused",        "ring ended",   "peer left",      "error",         "main check answer"};

/// Every shape of arguments, with every seat and name that an attacker could know or guess.
std::vector<std::string> arguments(const std::vector<std::string>& known) {
    std::vector<std::string> all{"",
                                 ",null",
                                 ",1",
                                 R"(,"x")",
                                 R"(,{"type":"offer","sdp":"v=0"})",
                                 R"(,"open")",
                                 R"(,"locked")",
                                 ",[]",
                                 ",{},{},{},{},{},{},{},{},{}"};
    for (const std::string& one : known) {
        const std::string id = "\"" + one + "\"";
        for (const std::string& shape :
             {"," + id, ",1,{\"to\":" + id + "}", ",\"target\",{\"to\":" + id + "}",
              ",1,{\"from\":" + id + "}", ",1,{\"to\":" + id + ",\"from\":" + id + "}",
              ",1,{\"to\":[" + id + "]}", ",1,{\"to\":" + id + ",\"to\":" + id + "}",
              ",\"target\",{\"to\":" + id + ",\"reason\":\"declined\"}"}) {
            all.push_back(shape);
        }
    }
    return all;
}

/// A call of two, whose host and member are watched.
struct Target {
    explicit Target(std::uint16_t port)
        : host(port, "call=target&name=Alice-the-host"), member(port, "call=target&name=Mallory") {
        member.ws.send(R"(["main check","target"])");
        member.drain();
        accept(member.seat);
        member.drain();
        host.drain();
    }
    void accept(const std::string& seat) {
        host.ws.send(R"(["host is agreed","target",{"to":")" + seat + "\"}]");
        host.drain();
    }
    std::vector<std::string> known() const {
        return {host.seat,     member.seat,
                "target",      "Alice-the-host",
                "AAAAAAAAAAA", value_in(host.welcome, "token"),
                "0",           ""};
    }
    /// Nothing may have come but what rings say.
    void check_untouched() {
        for (Socket* const socket : {&host, &member}) {
            for (const std::string& frame : socket->drain()) {
                INFO(frame);
                CHECK((frame.starts_with(R"(["main check answer","target",{"from":)") ||
                       frame.starts_with(R"(["ring ended",)")));
            }
        }
        host.ws.send(R"(["chat message","still here"])");
        host.drain();  // it was handled: the member has it before the answer to its own ping
        const auto heard = member.drain();
        REQUIRE(heard.size() == 1);
        CHECK(heard.front().starts_with(R"(["chat message","still here",)"));
    }
    /// Of the members an outsider knows nothing that stands in these frames.
    void check_silent(const std::vector<std::string>& frames) const {
        for (const std::string& frame : frames) {
            INFO(frame);
            CHECK(frame.find(host.seat) == std::string::npos);
            CHECK(frame.find(member.seat) == std::string::npos);
            CHECK(frame.find("Alice") == std::string::npos);
            CHECK(frame.find("Mallory") == std::string::npos);
        }
    }
    Socket host;
    Socket member;
};

void attack(Socket& attacker, const std::vector<std::string>& known) {
    for (const std::string& event : kEvents) {
        for (const std::string& argument : arguments(known))
            attacker.ws.send("[\"" + event + "\"" + argument + "]");
    }
}

Config lifted() {
    Config config = test_config();
    config.websocket.message_rate = 0;
    config.websocket.byte_rate = 0;
    return config;
}

}  // namespace

TEST_CASE("Calls, attacked: a seat that waits, or rings, delivers nothing") {
    const RunningServer server(lifted());
    Target target(server.port());
    Socket waiting(server.port(), "call=target&name=Eve");
    CHECK(waiting.welcome.find(R"("state":"waiting")") != std::string::npos);
    CHECK(waiting.welcome.find(R"("members":[],"count":2)") != std::string::npos);
    target.check_silent({waiting.welcome});
    attack(waiting, target.known());
    const auto answers = waiting.drain();
    CHECK(answers.size() > 500);
    target.check_silent(answers);
    for (const std::string& frame : answers) {
        INFO(frame);
        CHECK(frame.starts_with("[\"error\",{\"event\":"));
    }
    target.check_untouched();  // it rings by now: "main check" with the right name was among them
    attack(waiting, target.known());
    target.check_silent(waiting.drain());
    target.check_untouched();
}

TEST_CASE("Calls, attacked: a member of another call, or a room of the same name, is nobody here") {
    const RunningServer server(lifted());
    Target target(server.port());
    Socket foreign(server.port(), "call=target2&name=Eve");
    attack(foreign, target.known());
    auto frames = foreign.drain();
    // What it says in its own call comes back to it, with whatever it has put in.
    std::erase_if(frames, [&foreign](const std::string& frame) {
        return frame.starts_with(R"(["chat message",)") && value_in(frame, "from") == foreign.seat;
    });
    target.check_silent(frames);
    WsClient room(server.port(), "/socket?room=target");
    for (const std::string& event : kEvents) {
        for (const std::string& argument : arguments(target.known())) {
            if (event != "create or join") room.send("[\"" + event + "\"" + argument + "]");
        }
    }
    room.send(R"(["chat message","end"])");
    std::string frame;
    while (frame != R"(["chat message","end"])")
        frame = room.receive();  // its own words alone: nobody else is in the room
    target.check_untouched();
}

TEST_CASE("Calls, attacked: who was removed, refused or has left is out, the old token too") {
    const RunningServer server(lifted());
    Target target(server.port());
    Socket removed(server.port(), "call=target&name=Eve");
    removed.ws.send(R"(["main check","target"])");
    removed.drain();
    target.accept(removed.seat);
    removed.drain();
    target.member.drain();
    target.host.ws.send("[\"remove\",\"" + removed.seat + "\"]");
    CHECK(removed.ws.receive() == R"(["refused","removed"])");
    CHECK(removed.ws.await_close() == 4005);
    target.host.drain();
    target.member.drain();

    const std::string token = value_in(removed.welcome, "token");
    for (const std::string& stolen :
         {token, token + "x", token.substr(1), std::string("-"), std::string(40, 'A')}) {
        for (const char* const call : {"target", "target2", "Target"}) {
            WsClient back(server.port(),
                          std::string("/socket?call=") + call + "&token=" + stolen + "&seen=0");
            CHECK(back.receive() == R"(["refused","expired"])");
            CHECK(back.await_close() == 4007);
        }
    }
    // A member's token is good for its own call alone.
    WsClient elsewhere(server.port(), "/socket?call=target2&token=" +
                                          value_in(target.member.welcome, "token") + "&seen=0");
    CHECK(elsewhere.receive() == R"(["refused","expired"])");

    target.host.ws.send(R"(["door","locked"])");
    target.host.drain();
    target.member.drain();
    WsClient locked_out(server.port(), "/socket?call=target&was=" + removed.seat);
    CHECK(locked_out.receive() == R"(["refused","locked"])");
    CHECK(locked_out.await_close() == 4003);
    target.check_untouched();
    CHECK(metric(server.port(), "videochat_refused_calls_total") == 17);  // 15 tokens, 1, 1
}
