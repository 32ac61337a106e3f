// `/socket` over real sockets: the upgrade, the relay, and what each kind of bad input gets.
#include <string>
#include <utility>
#include <vector>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/client_frame.hpp"

using namespace videochat::test;
using videochat::Config;

namespace {

unsigned status_of(const std::string& response) {
    return response.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(response.substr(9, 3)));
}

/// A socket that has been upgraded by hand.
class RawPeer : public RawClient {
  public:
    explicit RawPeer(std::uint16_t port, std::string_view first_bytes = {},
                     std::string_view target = "/socket")
        : RawClient(port) {
        send(upgrade_request(target) + std::string(first_bytes));
        const std::string response = read_response();
        REQUIRE(response.find("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") !=
                std::string::npos);
    }

    /// The code of the close frame that ends what the server sends.
    unsigned close_code() {
        const std::string bytes = read_all();
        CHECK(ended());
        const std::size_t at = bytes.rfind('\x88');
        if (at == std::string::npos || at + 4 > bytes.size()) return 0;
        return static_cast<unsigned char>(bytes[at + 2]) * 256U +
               static_cast<unsigned char>(bytes[at + 3]);
    }
};

std::string frame(unsigned first_byte, std::string_view payload) {
    return client_frame(payload, {.first_byte = first_byte});
}

unsigned close_code_for(const RunningServer& server, std::string_view bytes) {
    RawPeer peer(server.port());
    peer.send(bytes);
    return peer.close_code();
}

}  // namespace

TEST_CASE("Socket: events are relayed within the lobby and within a room, never across") {
    const RunningServer server;
    WsClient lobby(server.port());
    WsClient other(server.port());
    WsClient in_room(server.port(), "/socket?room=r%C3%A9union");
    WsClient room_mate(server.port(), "/socket?x=1&room=r%C3%A9union");
    in_room.send(R"(["message",{"b":1,"a":2}])");
    CHECK(in_room.receive() == R"(["log",["Message from server:","Client said: ",{"b":1,"a":2}]])");
    CHECK(room_mate.receive() == R"(["message",{"b":1,"a":2}])");
    lobby.send(R"(["chat message","hi"])");
    CHECK(lobby.receive() == R"(["chat message","hi"])");
    CHECK(other.receive() == R"(["chat message","hi"])");  // and nothing of the room came first
}

TEST_CASE("Socket: a sender's events arrive in order, however they are cut into packets") {
    const RunningServer server;
    WsClient receiver(server.port());
    std::string bytes;
    for (int i = 0; i < 100; ++i) {
        bytes += client_frame("[\"main check\"," + std::to_string(i) + "]");
    }
    SECTION("all in one packet with the upgrade request") {
        const RawPeer sender(server.port(), bytes);
        for (int i = 0; i < 100; ++i) {
            CHECK(receiver.receive() == "[\"main check answer\"," + std::to_string(i) + "]");
        }
    }
    SECTION("byte by byte") {
        RawPeer sender(server.port());
        for (const char byte : bytes)
            sender.send({&byte, 1});
        for (int i = 0; i < 100; ++i) {
            CHECK(receiver.receive() == "[\"main check answer\"," + std::to_string(i) + "]");
        }
    }
}

TEST_CASE("Socket: fragments make one message, with a ping between them answered") {
    const RunningServer server;
    WsClient receiver(server.port());
    RawPeer sender(server.port());
    sender.send(frame(0x01, "[\"hard ") + frame(0x89, "now") + frame(0x00, "start\"") +
                frame(0x80, ",1]"));
    CHECK(receiver.receive() == R"(["message",1])");
    const std::string pong = sender.read_until([](std::string_view b) { return b.size() >= 5; });
    CHECK(pong == "\x8a\x03now");
}

TEST_CASE("Socket: Beast's client gets its pong and its close") {
    const RunningServer server;
    WsClient client(server.port());
    client.ping("are you there");
    client.send(R"(["chat message",1])");
    client.receive();
    CHECK(client.pongs() == std::vector<std::string>{"are you there"});
    client.close();
    CHECK(client.stream().is_open() == false);
}

TEST_CASE("Socket: a close is answered with its own code, after what came before it") {
    const RunningServer server;
    WsClient receiver(server.port());
    RawPeer sender(server.port());
    sender.send(client_frame(R"(["hard start","last words"])") + frame(0x88, "\x0F\xA1") +
                client_frame(R"(["hard start","too late"])"));
    CHECK(sender.close_code() == 4001);
    WsClient next(server.port());
    next.send(R"(["hard start","next"])");
    CHECK(receiver.receive() == R"(["message","last words"])");
    CHECK(receiver.receive() == R"(["message","next"])");
}

TEST_CASE("Socket: bad input is closed with the code that is due") {
    const RunningServer server;
    const std::vector<std::pair<std::string, unsigned>> cases = {
        {client_frame("[\"a\"]", {.masked = false}), 1002},
        {frame(0xC1, "[\"a\"]"), 1002},
        {frame(0x83, "x"), 1002},
        {frame(0x80, "x"), 1002},
        {frame(0x09, "x"), 1002},
        {frame(0x88, "\x03"), 1002},
        {frame(0x88, "\x03\xED"), 1002},  // 1005
        {frame(0x82, "[\"a\"]"), 1003},
        {client_frame("not json"), 1007},
        {client_frame("[\"a\",\"\xFF\"]"), 1007},
        {client_frame("[\"a\",\"\xED\xA0\x80\"]"), 1007},
        {frame(0x88, "\x03\xE8\xFF"), 1007},
        {client_frame("[\"a\"," + std::string(100'000, '[')), 1007},
        {client_frame("{}"), 1008},
        {client_frame("[]"), 1008},
        {client_frame("[1]"), 1008},
        {client_frame("[\"\"]"), 1008},
        {client_frame("[\"" + std::string(65, 'n') + "\"]"), 1008},
        {client_frame(std::string(256 * 1024 + 1, ' ')).substr(0, 14), 1009},
    };
    for (const auto& [bytes, code] : cases) {
        CAPTURE(bytes.substr(0, 40));
        CHECK(close_code_for(server, bytes) == code);
    }
    CHECK(get(server.port(), "/healthz").starts_with("HTTP/1.1 200"));
}

TEST_CASE("Socket: the largest message passes whole") {
    const RunningServer server;
    WsClient receiver(server.port());
    WsClient sender(server.port());
    const std::string argument(256 * 1024 - 17, 'x');
    sender.send("[\"main check\",\"" + argument + "\"]");
    CHECK(receiver.receive() == "[\"main check answer\",\"" + argument + "\"]");
}

TEST_CASE("Socket: upgrade requests that are not good are refused with the right status") {
    const RunningServer server;
    const auto status = [&](const std::string& request) {
        RawClient client(server.port());
        client.send(request);
        return status_of(client.read_response());
    };
    const std::string good = upgrade_request("/socket");
    const auto replaced = [&](const std::string& from, const std::string& to) {
        std::string request = good;
        request.replace(request.find(from), from.size(), to);
        return request;
    };
    CHECK(status(good) == 101);
    CHECK(status(replaced("GET", "POST")) == 405);
    CHECK(status(replaced("HTTP/1.1", "HTTP/1.0")) == 400);
    CHECK(status(replaced("Upgrade: websocket\r\n", "")) == 426);
    CHECK(status(replaced("Upgrade: websocket", "Upgrade: h2c, WebSocket")) == 101);
    CHECK(status(replaced("Connection: Upgrade", "Connection: keep-alive, UPGRADE")) == 101);
    CHECK(status(replaced("Connection: Upgrade", "Connection: keep-alive")) == 400);
    CHECK(status(replaced("Version: 13", "Version: 8")) == 426);
    CHECK(status(replaced("dGhlIHNhbXBsZSBub25jZQ==", "dGhl")) == 400);
    CHECK(status(replaced("Host: localhost\r\n", "")) == 400);
    CHECK(status(replaced("/socket", "/sockets")) == 404);
    // A body would be taken for frames.
    CHECK(status(upgrade_request("/socket", "Content-Length: 4\r\n") + "body") == 400);
    CHECK(status(upgrade_request("/socket?room=")) == 400);
    CHECK(status(upgrade_request("/socket?room=a&room=b")) == 400);
    CHECK(status(upgrade_request("/socket?room=%00")) == 400);
    CHECK(status(upgrade_request("/socket?room=%zz")) == 400);
    CHECK(status(upgrade_request("/socket?room=%FF")) == 400);
    CHECK(status(upgrade_request("/socket?room=" + std::string(65, 'a'))) == 400);
    CHECK(status(upgrade_request("/socket?room=" + std::string(64, 'a'))) == 101);
}

TEST_CASE("Socket: an origin must be the page's own, or listed") {
    Config config = test_config();
    config.listen.allow_origins = {"https://app.example"};
    const RunningServer server(config);
    const auto status = [&](const std::string& fields) {
        RawClient client(server.port());
        client.send(upgrade_request("/socket", fields));
        return status_of(client.read_response());
    };
    CHECK(status("") == 101);
    CHECK(status("Origin: http://localhost\r\n") == 101);
    CHECK(status("Origin: https://localhost\r\n") == 101);
    CHECK(status("Origin: https://APP.example:443\r\n") == 101);
    CHECK(status("Origin: http://localhost:81\r\n") == 403);
    CHECK(status("Origin: http://localhost.evil.example\r\n") == 403);
    CHECK(status("Origin: null\r\n") == 403);
    CHECK(status("Origin: https://app.example.evil\r\n") == 403);
    CHECK(status("Origin: http://localhost\r\nOrigin: http://localhost\r\n") == 400);
}

TEST_CASE("Socket: subprotocols and extensions are not taken up") {
    const RunningServer server;
    RawClient client(server.port());
    client.send(upgrade_request("/socket",
                                "Sec-WebSocket-Protocol: chat\r\n"
                                "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    const std::string response = client.read_response();
    CHECK(status_of(response) == 101);
    CHECK(response.find("Sec-WebSocket-Protocol") == std::string::npos);
    CHECK(response.find("Sec-WebSocket-Extensions") == std::string::npos);
}

TEST_CASE("Socket: a full room says so, then closes 1008") {
    Config config = test_config();
    config.rooms.peers = 2;
    const RunningServer server(config);
    const WsClient a(server.port(), "/socket?room=r");
    const WsClient b(server.port(), "/socket?room=r");
    WsClient c(server.port(), "/socket?room=r");
    CHECK(c.receive() == R"(["full","r"])");
    CHECK(c.await_close() == 1008);
}

TEST_CASE("Socket: too many rooms in all are told to come later") {
    Config config = test_config();
    config.rooms.rooms = 1;
    const RunningServer server(config);
    const WsClient a(server.port(), "/socket?room=a");
    WsClient b(server.port(), "/socket?room=b");
    CHECK(b.await_close() == 1013);
}
