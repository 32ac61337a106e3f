// Rates, slow and dead peers, and how many may come: what one peer can cost the others.
#include <dirent.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/client_frame.hpp"

using namespace std::chrono_literals;
using namespace videochat::test;
using videochat::Config;

namespace {

std::size_t open_descriptors() {
    DIR* const folder = ::opendir("/proc/self/fd");
    std::size_t count = 0;
    while (::readdir(folder) != nullptr)
        ++count;
    ::closedir(folder);
    return count;
}

void wait_for_connections(const RunningServer& server, long count) {
    // The question itself is one connection.
    REQUIRE(
        eventually([&] { return metric(server.port(), "videochat_connections") == count + 1; }));
}

}  // namespace

TEST_CASE("Limits: a peer that does not read is dropped while the others are served") {
    Config config = test_config();
    config.websocket.message_rate = 0;
    config.websocket.queue_bytes = 256 * 1024;
    const RunningServer server(config);
    RawClient slow(server.port());
    const int small = 4096;
    ::setsockopt(slow.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    slow.send(upgrade_request("/socket?room=r"));
    slow.read_response();
    WsClient sender(server.port(), "/socket?room=r");
    WsClient reader(server.port(), "/socket?room=r");
    const std::string text = "[\"main check\",\"" + std::string(60'000, 'x') + "\"]";
    for (int i = 0; i < 200 && metric(server.port(), "videochat_closed_slow_total") == 0; ++i) {
        sender.send(text);
        CHECK(reader.receive().size() > 60'000);
    }
    CHECK(metric(server.port(), "videochat_closed_slow_total") == 1);
    wait_for_connections(server, 2);  // cut although it never read its 1013
    sender.send(R"(["main check",1])");
    CHECK(reader.receive() == R"(["main check answer",1])");
}

TEST_CASE("Limits: a burst within one turn is no reason to call its receivers slow") {
    Config config = test_config();
    config.websocket.queue_messages = 8;
    const RunningServer server(config);
    WsClient receiver(server.port());
    RawClient sender(server.port());
    std::string bytes = upgrade_request("/socket");
    for (int i = 0; i < 100; ++i)
        bytes += client_frame("[\"main check\"," + std::to_string(i) + "]");
    sender.send(bytes);
    for (int i = 0; i < 100; ++i)
        REQUIRE(receiver.receive() == "[\"main check answer\"," + std::to_string(i) + "]");
    CHECK(metric(server.port(), "videochat_closed_slow_total") == 0);
}

TEST_CASE("Limits: too many messages or control frames are closed 1008") {
    Config config = test_config();
    config.websocket.message_burst = 10;
    config.websocket.message_rate = 1;
    config.websocket.control_burst = 5;
    config.websocket.control_rate = 1;
    const RunningServer server(config);
    WsClient talker(server.port());
    for (int i = 0; i < 11; ++i)
        talker.send(R"(["bye"])");
    CHECK(talker.await_close() == 1008);
    WsClient pinger(server.port());
    for (int i = 0; i < 6; ++i)
        pinger.ping("x");
    CHECK(pinger.await_close() == 1008);
    CHECK(metric(server.port(), "videochat_closed_rate_total") == 2);
}

TEST_CASE("Limits: too many bytes are read more slowly, and none is lost") {
    Config config = test_config();
    config.websocket.byte_rate = 1024 * 1024;
    config.websocket.byte_burst = 64 * 1024;
    const RunningServer server(config);
    WsClient sender(server.port());
    WsClient receiver(server.port());
    const std::string text = "[\"main check\",\"" + std::string(50'000, 'x') + "\"]";
    for (int i = 0; i < 8; ++i)
        sender.send(text);
    for (int i = 0; i < 8; ++i)
        CHECK(receiver.receive().size() == text.size() + 7);
    CHECK(metric(server.port(), "videochat_reads_paused_total") > 0);
}

TEST_CASE("Limits: pings to a peer that does not read leave one pong") {
    Config config = test_config();
    config.websocket.control_rate = 0;
    const RunningServer server(config);
    RawClient peer(server.port());
    peer.send(upgrade_request("/socket"));
    peer.read_response();
    std::string pings;
    for (int i = 0; i < 1000; ++i) {
        pings += client_frame(std::string(4, 'a'), {.first_byte = 0x89});
    }
    pings += client_frame("last", {.first_byte = 0x89});
    peer.send(pings);
    const std::string pongs =
        peer.read_until([](std::string_view bytes) { return bytes.ends_with("last"); });
    CHECK(pongs.ends_with("\x8a\x04last"));
    CHECK(pongs.size() < 1000 * 6 / 2);  // newer ones took the place of older ones
}

TEST_CASE("Limits: a dead peer is pinged, then cut; a living one stays") {
    Config config = test_config();
    config.websocket.ping_interval = 100ms;
    config.websocket.ping_timeout = 400ms;
    const RunningServer server(config);
    RawClient dead(server.port());
    dead.send(upgrade_request("/socket"));
    dead.read_response();
    const std::string heard = dead.read_all();  // it answers nothing, so the server ends it
    CHECK(dead.ended());
    CHECK(heard == std::string("\x89\0", 2));
    CHECK(metric(server.port(), "videochat_dead_peers_total") == 1);
}

TEST_CASE("Limits: a message that never ends is closed 1008") {
    Config config = test_config();
    config.websocket.fragment_timeout = 200ms;
    const RunningServer server(config);
    RawClient peer(server.port());
    peer.send(upgrade_request("/socket"));
    peer.read_response();
    peer.send(client_frame("[\"a\"", {.first_byte = 0x01}));
    const std::string bytes = peer.read_all();
    CHECK(bytes.substr(0, 4) == "\x88\x17\x03\xF0");
}

TEST_CASE("Limits: messages that follow each other without a gap are each short") {
    Config config = test_config();
    config.websocket.fragment_timeout = 1s;
    const RunningServer server(config);
    RawClient peer(server.port());
    peer.send(upgrade_request("/socket"));
    peer.read_response();
    // Each packet ends one message and begins the next, so that one is always unfinished.
    const std::string whole = client_frame(R"(["chat message",1])");
    const std::string begin = whole.substr(0, 10);
    const std::string end = whole.substr(10);
    const auto start = std::chrono::steady_clock::now();
    peer.send(begin);
    while (std::chrono::steady_clock::now() - start < 3 * config.websocket.fragment_timeout) {
        peer.send(end + begin);
        const auto is_whole = [](std::string_view bytes) { return bytes.ends_with("1]"); };
        REQUIRE(peer.read_until(is_whole).substr(2) == R"(["chat message",1])");
        std::this_thread::sleep_for(25ms);  // within the message rate
    }
    CHECK(peer.read_all().substr(2, 2) == "\x03\xF0");  // the last one never ends
}

TEST_CASE("Limits: a peer that never ends its side after our close is cut") {
    Config config = test_config();
    config.websocket.close_timeout = 100ms;
    const RunningServer server(config);
    RawClient peer(server.port());
    peer.send(upgrade_request("/socket"));
    peer.read_response();
    peer.send(client_frame("no json"));
    CHECK(peer.read_all().substr(2, 2) == "\x03\xEF");
    wait_for_connections(server, 0);  // although our end is still open
}

TEST_CASE("Limits: depth and length of an event are those of the configuration") {
    Config config = test_config();
    config.websocket.json_depth = 2;
    config.websocket.event_name = 3;
    const RunningServer server(config);
    WsClient fine(server.port());
    WsClient deep(server.port());
    WsClient longer(server.port());
    fine.send(R"(["bye",[]])");
    deep.send(R"(["bye",[[]]])");
    longer.send(R"(["byes"])");
    CHECK(deep.await_close() == 1007);
    CHECK(longer.await_close() == 1008);
    // The first one was read before them, and was not closed.
    CHECK(metric(server.port(), "videochat_messages_received_total") == 3);
    CHECK(metric(server.port(), "videochat_closed_invalid_data_total") == 1);
    CHECK(metric(server.port(), "videochat_closed_policy_total") == 1);
}

TEST_CASE("Limits: a body is dropped up to the configured length") {
    Config config = test_config();
    config.http.drained_body = 4;
    const RunningServer server(config);
    const auto status = [&](const std::string& body) {
        return get(server.port(), "/healthz",
                   "Content-Length: " + std::to_string(body.size()) + "\r\n")
            .substr(9, 3);
    };
    CHECK(status("1234") == "200");
    CHECK(status("12345") == "413");
}

TEST_CASE("Limits: fragments beyond the limit are closed 1008") {
    const RunningServer server;
    RawClient peer(server.port());
    peer.send(upgrade_request("/socket"));
    peer.read_response();
    std::string bytes = client_frame("", {.first_byte = 0x01});
    for (int i = 0; i < 1024; ++i)
        bytes += client_frame("", {.first_byte = 0x00});
    peer.send(bytes);
    CHECK(peer.read_all().substr(2, 2) == "\x03\xF0");
}

TEST_CASE("Limits: connections of one address are refused with words beyond their number") {
    Config config = test_config();
    config.admission.connections_per_address = 2;
    const RunningServer server(config);
    const WsClient a(server.port());
    {
        const WsClient b(server.port());
        const std::string refusal = get(server.port(), "/");
        CHECK(refusal.starts_with("HTTP/1.1 503"));
        CHECK(refusal.find("\r\nRetry-After: ") != std::string::npos);
        RawClient upgrader(server.port());
        upgrader.send(upgrade_request("/socket"));
        CHECK(upgrader.read_response().starts_with("HTTP/1.1 429"));
    }
    CHECK(eventually([&] { return get(server.port(), "/healthz").starts_with("HTTP/1.1 200"); }));
}

TEST_CASE("Limits: behind a trusted proxy clients are counted, not the proxy") {
    Config config = test_config();
    config.admission.connections_per_address = 1;
    config.listen.trusted_proxies = {"127.0.0.0/8"};
    const RunningServer server(config);
    std::vector<std::unique_ptr<RawClient>> peers;
    const auto status = [&](const std::string& client) {
        peers.push_back(std::make_unique<RawClient>(server.port()));
        peers.back()->send(upgrade_request("/socket", "X-Forwarded-For: " + client + "\r\n"));
        return peers.back()->read_response().substr(9, 3);
    };
    CHECK(status("198.51.100.1") == "101");
    CHECK(status("198.51.100.2") == "101");
    CHECK(status("198.51.100.1") == "429");
    // Some proxies add a field line of their own behind what the client sent.
    CHECK(status("192.0.2.1\r\nX-Forwarded-For: 198.51.100.1") == "429");
}

TEST_CASE("Limits: new connections of one address have a rate") {
    Config config = test_config();
    config.admission.connect_rate = 1;
    config.admission.connect_burst = 3;
    const RunningServer server(config);
    int served = 0;
    for (int i = 0; i < 6; ++i) {
        RawClient client(server.port());
        // A cut may come before or after the request is sent.
        client.try_send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        if (client.read_all().starts_with("HTTP/1.1 200")) ++served;
    }
    CHECK(served >= 3);
    CHECK(served < 6);
}

TEST_CASE("Limits: a full server answers 503 and goes on accepting") {
    Config config = test_config();
    config.admission.connections = 2;
    const RunningServer server(config);
    const WsClient a(server.port());
    {
        const WsClient b(server.port());
        RawClient third(server.port());
        const std::string refusal = third.read_all();
        CHECK(refusal.starts_with("HTTP/1.1 503"));
        CHECK(refusal.find("\r\nRetry-After: ") != std::string::npos);
        CHECK(refusal.find("\r\nContent-Security-Policy: ") != std::string::npos);
    }
    CHECK(eventually([&] { return get(server.port(), "/healthz").starts_with("HTTP/1.1 200"); }));
}

TEST_CASE("Limits: 2,000 connects and disconnects leave nothing behind") {
    const RunningServer server;
    WsClient witness(server.port(), "/socket?room=witness");
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 2000; ++i) {
        RawClient peer(server.port());
        peer.send(upgrade_request("/socket?room=r" + std::to_string(i % 7)));
        REQUIRE(peer.read_response().starts_with("HTTP/1.1 101"));
        if (i % 3 == 0) peer.send(client_frame(R"(["create or join","x"])"));
        if (i % 3 == 1) peer.send(client_frame("\x03\xE8", {.first_byte = 0x88}));
    }
    wait_for_connections(server, 1);
    CHECK(eventually([&] { return open_descriptors() <= before; }));
    CHECK(eventually([&] {
        return metric(server.port(), "videochat_websockets_opened_total") ==
               metric(server.port(), "videochat_websockets_closed_total") + 1;
    }));
    CHECK(metric(server.port(), "videochat_exceptions_total") == 0);
}
