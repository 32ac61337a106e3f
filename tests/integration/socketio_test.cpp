// Socket.IO over real sockets: sessions, their transports, and what becomes of them. What clients
// of every generation make of it is tested in tests/compat; this is what the sanitizers run.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "integration/polling_client.hpp"
#include "integration/server_fixture.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace videochat::test;
using videochat::Config;

namespace {

std::string websocket_target(int version, std::string_view parameters = {}) {
    return "/socket.io/?EIO=" + std::to_string(version) + "&transport=websocket" +
           std::string(parameters);
}

/// Connected over a WebSocket, with protocol 5.
struct Socket {
    explicit Socket(std::uint16_t port, std::string_view parameters = {},
                    const std::string& connect = "40")
        : ws(port, websocket_target(4, parameters)), sid(sid_in(ws.receive())) {
        ws.send(connect);
        answer = ws.receive();
    }
    WsClient ws;
    std::string sid;
    std::string answer;
};

std::string value_in(const std::string& json, const std::string& key) {
    const std::string start = "\"" + key + "\":\"";
    const std::size_t at = json.find(start) + start.size();
    return json.substr(at, json.find('"', at) - at);
}

bool sessions_left(std::uint16_t port, long count) {
    return eventually([&] {
        return metric(port, "videochat_sessions_opened_total") -
                   metric(port, "videochat_sessions_closed_total") ==
               count;
    });
}

}  // namespace

TEST_CASE("Socket.IO: protocol 5 over polling meets native clients") {
    const RunningServer server;
    WsClient native(server.port());
    PollingClient client(server.port());
    CHECK(client.greeting().starts_with("0{\"sid\":\""));
    CHECK(client.connect().starts_with("40{\"sid\":\""));
    CHECK(client.post(R"(42["message",{"z":1e21,"a":"\ud800"}])").body == "ok");
    CHECK(native.receive() == R"(["message",{"z":1e21,"a":"\ud800"}])");
    CHECK(client.poll() ==
          R"(42["log",["Message from server:","Client said: ",{"z":1e21,"a":"\ud800"}]])");
    native.send(R"(["main check","é"])");
    CHECK(client.poll() == R"(42["main check answer","é"])");
}

TEST_CASE("Socket.IO: protocol 4 is joined at once, and reads ASCII over polling") {
    const RunningServer server;
    PollingClient client(server.port(), 3);
    CHECK(client.greeting().find("2:40") == client.greeting().size() - 4);
    WsClient native(server.port());
    native.send(R"(["message","é😀"])");
    CHECK(native.receive().starts_with("[\"log\""));
    CHECK(client.poll() == R"(34:42["message","\u00e9\ud83d\ude00"])");
    CHECK(client.post(R"(17:42["message","€"])").body == "ok");
    CHECK(native.receive() == R"(["message","€"])");
}

TEST_CASE("Socket.IO: an event of a 1.x client, encoded twice, is read right") {
    const RunningServer server;
    PollingClient client(server.port(), 3);
    WsClient native(server.port());
    CHECK(client.post("18:42[\"message\",\"\xC3\x83\xC2\xA9\"]").body == "ok");
    CHECK(native.receive() == "[\"message\",\"é\"]");
}

TEST_CASE("Socket.IO: attachments reach every kind of client in its own way") {
    const RunningServer server;
    PollingClient sender(server.port(), 3);
    PollingClient polling4(server.port());
    polling4.connect();
    PollingClient polling3(server.port(), 3);
    PollingClient base64(server.port(), 3, "&b64=1");
    Socket socket4(server.port());
    WsClient socket3(server.port(), websocket_target(3));
    CHECK(socket3.receive().starts_with("0{"));
    CHECK(socket3.receive() == "40");
    WsClient native(server.port());

    const std::string text = R"(451-["message",{"x":{"_placeholder":true,"num":0}}])";
    std::string body(1, '\0');
    body += "\x05\x01\xFF" + text;
    body += std::string("\x01\x04\xFF\x04\x01\x02\x03", 7);
    REQUIRE(text.size() == 51);
    CHECK(sender.post(body, "application/octet-stream").body == "ok");

    CHECK(polling4.poll() == text +
                                 "\x1e"
                                 "bAQID");
    CHECK(polling3.poll() == body);
    CHECK(base64.poll() == "51:" + text + "6:b4AQID");
    CHECK(socket4.ws.receive() == text);
    CHECK(socket4.ws.receive() == "\x01\x02\x03");
    CHECK(socket3.receive() == text);
    CHECK(socket3.receive() == "\x04\x01\x02\x03");
    CHECK(native.receive() == R"(["message",{"x":{"_placeholder":true,"base64":"AQID"}}])");
}

TEST_CASE("Socket.IO: an upgrade releases every poll, loses nothing and keeps the order") {
    const RunningServer server;
    PollingClient client(server.port());
    client.connect();
    WsClient native(server.port());
    client.begin_poll();
    WsClient socket(server.port(), client.upgrade_target());
    socket.send("2probe");
    CHECK(socket.receive() == "3probe");
    CHECK(client.end_poll().body == "6");
    CHECK(client.poll() == "6");  // and the next one, too
    client.post(R"(42["main check",1])");
    native.send(R"(["main check","a"])");
    CHECK(native.receive() == R"(["main check answer",1])");
    // The native event is known to be there once the next one of it has come back.
    native.send(R"(["message","b"])");
    CHECK(native.receive().starts_with("[\"log\""));
    socket.send("5");
    socket.send(R"(42["main check",2])");
    CHECK(native.receive() == R"(["main check answer",2])");
    CHECK(socket.receive() == R"(42["main check answer","a"])");
    CHECK(socket.receive() == R"(42["message","b"])");
    client.begin_poll();
    CHECK(client.end_poll().body == R"({"code":3,"message":"Bad request"})");
    CHECK(metric(server.port(), "videochat_upgrades_finished_total") == 1);

    WsClient second(server.port(), client.upgrade_target());
    CHECK(second.await_close() == 1000);
    socket.send(R"(42["main check",3])");
    CHECK(native.receive() == R"(["main check answer",3])");
}

TEST_CASE("Socket.IO: a failed upgrade leaves the session on polling") {
    Config config = test_config();
    config.engineio.upgrade_timeout = 100ms;
    const RunningServer server(config);
    PollingClient client(server.port());
    client.connect();
    WsClient native(server.port());
    {
        WsClient wrong(server.port(), client.upgrade_target());
        wrong.send("4hello");
        CHECK(wrong.await_close() == 1008);
    }
    {
        WsClient slow(server.port(), client.upgrade_target());
        slow.send("2probe");
        CHECK(slow.receive() == "3probe");
        CHECK(slow.await_close() == 1008);
    }
    { WsClient leaves(server.port(), client.upgrade_target()); }
    CHECK(
        eventually([&] { return metric(server.port(), "videochat_upgrades_failed_total") == 3; }));
    native.send(R"(["main check",1])");
    CHECK(client.poll() == R"(42["main check answer",1])");
}

TEST_CASE("Socket.IO: two polls at once end the session") {
    const RunningServer server;
    PollingClient client(server.port());
    client.connect();
    client.begin_poll();
    RawClient other(server.port());
    const std::string target = "/socket.io/?EIO=4&transport=polling&sid=" + client.sid();
    // Whichever of the two comes first is closed, the other refused.
    other.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const Answer first = client.end_poll();
    const Answer second = read_answer(other);
    const bool in_order = first.body == "1";
    CHECK((in_order ? first : second).body == "1");
    CHECK((in_order ? second : first).body == R"({"code":3,"message":"Bad request"})");
    client.begin_poll();
    CHECK(client.end_poll().body == R"({"code":1,"message":"Session ID unknown"})");
    CHECK(sessions_left(server.port(), 0));
}

TEST_CASE("Socket.IO: a second POST while one is in work ends the session") {
    const RunningServer server;
    PollingClient client(server.port());
    client.connect();
    RawClient slow(server.port());
    const std::string target = "/socket.io/?EIO=4&transport=polling&sid=" + client.sid();
    slow.send("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n42");
    // The first one's head may still be on its way: then this one is fine, and is repeated.
    Answer second;
    CHECK(eventually([&] {
        second = client.post(R"(42["bye"])");
        return second.status == "400";
    }));
    CHECK(sessions_left(server.port(), 0));
    CHECK(slow.read_response().substr(9, 3) == "400");
}

TEST_CASE("Socket.IO: a client that goes away while it polls leaves its room") {
    const RunningServer server;
    WsClient native(server.port());
    {
        PollingClient client(server.port());
        client.connect();
        client.begin_poll();
        native.send(R"(["main check",1])");
        CHECK(client.end_poll().body == R"(42["main check answer",1])");
        client.begin_poll();
    }
    CHECK(sessions_left(server.port(), 0));
}

TEST_CASE("Socket.IO: closing by packet, from polling and from a WebSocket") {
    const RunningServer server;
    PollingClient client(server.port());
    client.connect();
    client.begin_poll();
    CHECK(client.post("1").body == "ok");
    CHECK(client.end_poll().body == "6");
    Socket socket(server.port());
    socket.ws.send("1");
    CHECK(socket.ws.await_close() == 1000);
    CHECK(sessions_left(server.port(), 0));
}

TEST_CASE("Socket.IO: what breaks the protocol costs that session alone") {
    const RunningServer server;
    WsClient native(server.port());
    Socket odd(server.port());
    for (const char* const packet :
         {"42", "4213", "43", "43[]", "4313[1]", "42[1,2]", "42[\"\"]", "5", "6",
          "42[\"x\",{\"_placeholder\":true,\"num\":9}]", "40/x?a=b"})
        odd.ws.send(packet);
    CHECK(odd.ws.receive() == R"(44/x?a=b,{"message":"Invalid namespace"})");
    for (const char* const packet :
         {"4", "9", "2", "42{}", "42[]", "42[\"connect\"]", "42[\"a\"", "4abc", "40", "44",
          "451-[\"a\"]x", "450-[\"a\"]", "42x[\"a\"]", "4511-[\"a\"]"}) {
        INFO(packet);
        Socket socket(server.port());
        socket.ws.send(packet);
        CHECK(socket.ws.await_close() >= 1000);
    }
    Socket eager(server.port());
    eager.ws.send(R"(451-["message",{"_placeholder":true,"num":0}])");
    eager.ws.send(R"(42["bye"])");  // an attachment is due
    CHECK(eager.ws.await_close() == 1008);
    Socket early(server.port());
    early.ws.send_binary("x");  // nobody announced it
    CHECK(early.ws.await_close() == 1008);
    native.send(R"(["chat message",1])");
    CHECK(native.receive() == R"(["chat message",1])");
    CHECK(odd.ws.receive() == R"(42["chat message",1])");
    CHECK(sessions_left(server.port(), 1));
}

TEST_CASE("Socket.IO: attachments are bounded together, however often they stand there") {
    Config config = test_config();
    config.websocket.message = 1000;
    const RunningServer server(config);
    WsClient native(server.port());
    const auto send = [&](const std::string& text, std::size_t first, std::size_t second) {
        auto socket = std::make_unique<Socket>(server.port());
        socket->ws.send(text);
        socket->ws.send_binary(std::string(first, 'x'));
        if (second > 0) socket->ws.send_binary(std::string(second, 'x'));
        return socket;
    };
    const std::string two = R"(452-["main check",{"_placeholder":true,"num":0}])";
    const auto fine = send(two, 999, 1);
    CHECK(native.receive().size() > 1332);
    CHECK(send(two, 999, 2)->ws.await_close() == 1009);
    const std::string twice = R"({"_placeholder":true,"num":0})";
    CHECK(send("451-[\"main check\",[" + twice + "," + twice + "]]", 501, 0)->ws.await_close() ==
          1009);
    CHECK(send(R"(451-["x",1,{"_placeholder":true,"num":1}])", 1, 0)->ws.await_close() == 1008);
}

TEST_CASE("Socket.IO: a POST may hold many messages, but none larger than a message may be") {
    Config config = test_config();
    config.websocket.message = 1000;
    config.engineio.post = 3000;
    const RunningServer server(config);
    WsClient native(server.port());
    PollingClient client(server.port());
    CHECK(client.greeting().find("\"maxPayload\":3000") != std::string::npos);
    client.connect();
    const auto event = [](std::size_t size) {
        return "42[\"main check\",\"" + std::string(size - 17, 'x') + "\"]";
    };
    CHECK(client.post(event(900) + "\x1e" + event(900) + "\x1e" + event(900)).body == "ok");
    for (int i = 0; i < 3; ++i)
        CHECK(native.receive().size() > 800);
    CHECK(client.post(event(1002)).status == "400");
    CHECK(sessions_left(server.port(), 0));
    PollingClient other(server.port());
    CHECK(other.post(std::string(3001, 'x')).status == "413");
}

TEST_CASE("Socket.IO: clients without binary send it as text over a WebSocket, too") {
    const RunningServer server;
    WsClient native(server.port());
    const std::string event = R"(451-["main check",{"_placeholder":true,"num":0}])";
    const std::string expected = R"(["main check answer",{"_placeholder":true,"base64":"AQID"}])";
    Socket socket4(server.port());
    socket4.ws.send(event);
    socket4.ws.send("bAQID");
    CHECK(native.receive() == expected);
    WsClient socket3(server.port(), websocket_target(3, "&b64=1"));
    socket3.send(event);
    socket3.send("b4AQID");
    CHECK(native.receive() == expected);
}

TEST_CASE("Socket.IO: text that is no UTF-8 is told from what is no packet") {
    const RunningServer server;
    Socket socket(server.port());
    socket.ws.send("42[\"message\",\"\xFF\"]");
    CHECK(socket.ws.await_close() == 1007);
}

TEST_CASE("Socket.IO: who joins nothing in time is told by the next poll") {
    Config config = test_config();
    config.engineio.connect_timeout = 30ms;
    const RunningServer server(config);
    PollingClient client(server.port());
    CHECK(
        eventually([&] { return metric(server.port(), "videochat_connect_timeouts_total") == 1; }));
    CHECK(client.poll() == "1");
    CHECK(sessions_left(server.port(), 0));
}

TEST_CASE("Socket.IO: sessions end by their heartbeat, and when nobody joins") {
    Config config = test_config();
    config.engineio.ping_interval = 50ms;
    config.engineio.ping_timeout = 50ms;
    config.engineio.connect_timeout = 60ms;
    config.engineio.poll_close_timeout = 60ms;
    const RunningServer server(config);
    Socket silent(server.port());
    CHECK(silent.ws.receive() == "2");
    CHECK(silent.ws.await_close() == 1008);
    PollingClient polling3(server.port(), 3);
    PollingClient idle(server.port());  // joins nothing
    CHECK(sessions_left(server.port(), 0));
    CHECK(metric(server.port(), "videochat_dead_peers_total") >= 2);
}

TEST_CASE("Socket.IO: a polling client that does not poll is dropped") {
    Config config = test_config();
    config.websocket.queue_messages = 8;
    const RunningServer server(config);
    PollingClient client(server.port());
    client.connect();
    WsClient native(server.port());
    for (int i = 0; i < 20; ++i)
        native.send("[\"main check\"," + std::to_string(i) + "]");
    CHECK(eventually([&] { return metric(server.port(), "videochat_closed_slow_total") == 1; }));
    client.begin_poll();
    CHECK(client.end_poll().body == R"({"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("Socket.IO: sessions of one address are limited as its connections are") {
    Config config = test_config();
    config.admission.connections_per_address = 4;
    const RunningServer server(config);
    RawClient client(server.port());
    const std::string handshake =
        "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n";
    for (int i = 0; i < 4; ++i) {
        client.send(handshake);
        CHECK(read_answer(client).status == "200");
    }
    client.send(handshake);
    const Answer refused = read_answer(client);
    CHECK(refused.status == "429");
    CHECK(refused.head.find("Retry-After: ") != std::string::npos);
}

TEST_CASE("Socket.IO: a full room refuses in words") {
    Config config = test_config();
    config.rooms.peers = 1;
    const RunningServer server(config);
    WsClient native(server.port());
    Socket refused(server.port());
    CHECK(refused.answer == R"(44{"message":"the room is full"})");
    WsClient old(server.port(), websocket_target(3));
    CHECK(old.receive().starts_with("0{"));
    CHECK(old.receive() == R"(44"the room is full")");
    CHECK(old.await_close() == 1008);
}

TEST_CASE("Socket.IO: stopping answers a waiting poll and closes WebSockets") {
    auto server = std::make_unique<RunningServer>();
    PollingClient polling(server->port());
    polling.connect();
    Socket socket(server->port());
    polling.begin_poll();
    // Its poll is known to wait once an event for it has been answered on the next one.
    socket.ws.send(R"(42["main check",1])");
    CHECK(polling.end_poll().body == R"(42["main check answer",1])");
    polling.begin_poll();
    server->server().begin_stop();
    CHECK(socket.ws.await_close() == 1001);
    const std::string end = polling.get_connection().read_all();
    CHECK((end.empty() || end.find("\r\n\r\n1") != std::string::npos));
    server->server().wait();
}

TEST_CASE("Socket.IO: sessions live on their room's loop, whichever connection asks") {
    Config config = test_config();
    config.listen.threads = 4;
    const RunningServer server(config);
    for (int room = 0; room < 12; ++room) {
        const std::string parameter = "&room=r" + std::to_string(room);
        PollingClient first(server.port(), 4, parameter);
        CHECK(first.connect().starts_with("40{"));
        PollingClient second(server.port(), 3, parameter);
        Socket third(server.port(), parameter);
        WsClient native(server.port(), "/socket?room=r" + std::to_string(room));
        // Each time from a fresh connection, which any loop may have accepted.
        const std::string target = "/socket.io/?EIO=4&transport=polling&sid=" + first.sid();
        for (int i = 0; i < 4; ++i) {
            RawClient fresh(server.port());
            const std::string body = "42[\"main check\"," + std::to_string(i) + "]";
            fresh.send("POST " + target +
                       " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                       (body.size() < 16 ? "" : "1") +
                       std::string(1, "0123456789abcdef"[body.size() % 16]) + "\r\n" + body +
                       "\r\n0\r\n\r\n");
            CHECK(read_answer(fresh).body == "ok");
            const std::string event = "[\"main check answer\"," + std::to_string(i) + "]";
            CHECK(second.poll() == std::to_string(event.size() + 2) + ":42" + event);
            CHECK(third.ws.receive() == "42" + event);
            CHECK(native.receive() == event);
        }
        WsClient upgraded(server.port(), first.upgrade_target());
        upgraded.send("2probe");
        CHECK(upgraded.receive() == "3probe");
        upgraded.send("5");
        native.send(R"(["main check","x"])");
        CHECK(upgraded.receive() == R"(42["main check answer","x"])");
    }
}

TEST_CASE("Socket.IO: recovery gives a lost client its id and what it missed") {
    Config config = test_config();
    config.recovery.enabled = true;
    const RunningServer server(config);
    WsClient native(server.port());
    std::string id;
    std::string pid;
    std::string offset;
    {
        Socket lost(server.port());
        id = value_in(lost.answer, "sid");
        pid = value_in(lost.answer, "pid");
        native.send(R"(["main check",1])");
        const std::string event = lost.ws.receive();
        REQUIRE(event.starts_with(R"(42["main check answer",1,")"));
        offset = event.substr(26, event.size() - 28);
        lost.ws.stream().next_layer().socket().close();  // no goodbye
    }
    CHECK(sessions_left(server.port(), 0));
    native.send(R"(["main check",2])");
    native.send(R"(["host is agreed"])");
    CHECK(native.receive() == R"(["host agreed"])");  // no offset for native clients

    Socket back(server.port(), {}, R"(40{"pid":")" + pid + R"(","offset":")" + offset + R"("})");
    CHECK(back.answer.starts_with(R"(42["main check answer",2,")"));
    CHECK(back.ws.receive().starts_with(R"(42["host agreed",")"));
    CHECK(back.ws.receive() == R"(40{"sid":")" + id + R"(","pid":")" + pid + R"("})");
    native.send(R"(["main check",3])");
    CHECK(back.ws.receive().starts_with(R"(42["main check answer",3,")"));
    CHECK(metric(server.port(), "videochat_sessions_recovered_total") == 1);

    Socket stranger(server.port(), {},
                    R"(40{"pid":")" + pid + R"(","offset":")" + offset + R"("})");
    CHECK(value_in(stranger.answer, "sid") != id);
}

TEST_CASE("Socket.IO: who said goodbye, or whose time is over, is not recovered") {
    Config config = test_config();
    config.recovery.enabled = true;
    config.recovery.duration = 50ms;
    const RunningServer server(config);
    WsClient native(server.port());
    const auto meet = [&](bool says_goodbye) {
        Socket socket(server.port());
        native.send(R"(["main check",1])");
        const std::string event = socket.ws.receive();
        if (says_goodbye) socket.ws.send("41");
        socket.ws.close();
        return R"(40{"pid":")" + value_in(socket.answer, "pid") + R"(","offset":")" +
               event.substr(26, event.size() - 28) + R"("})";
    };
    const std::string said = meet(true);
    CHECK(Socket(server.port(), {}, said).answer.starts_with("40{"));
    const std::string late = meet(false);
    CHECK(sessions_left(server.port(), 0));
    std::this_thread::sleep_for(200ms);  // four times as long as it is waited for
    CHECK(Socket(server.port(), {}, late).answer.starts_with("40{"));
    CHECK(metric(server.port(), "videochat_sessions_recovered_total") == 0);
}
