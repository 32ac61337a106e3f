// Several loops: a room's members come together on one, whichever accepted them. The thread
// sanitizer runs these.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/client_frame.hpp"

using namespace videochat::test;
using videochat::Config;

namespace {

Config four_loops() {
    Config config = test_config();
    config.listen.threads = 4;
    return config;
}

}  // namespace

TEST_CASE("Loops: members of a room meet, whichever loop accepted them") {
    const RunningServer server(four_loops());
    for (int room = 0; room < 8; ++room) {
        const std::string target = "/socket?room=r" + std::to_string(room);
        std::vector<std::unique_ptr<WsClient>> members;
        for (int i = 0; i < 5; ++i) {
            members.push_back(std::make_unique<WsClient>(server.port(), target));
        }
        members[0]->send(R"(["chat message","here"])");
        for (const auto& member : members) {
            CHECK(member->receive() == R"(["chat message","here"])");
        }
    }
}

TEST_CASE("Loops: bytes that come with the upgrade move along") {
    const RunningServer server(four_loops());
    for (int room = 0; room < 8; ++room) {
        const std::string target = "/socket?room=m" + std::to_string(room);
        WsClient receiver(server.port(), target);
        RawClient sender(server.port());
        std::string request = upgrade_request(target);
        for (int i = 0; i < 20; ++i) {
            request += client_frame("[\"main check\"," + std::to_string(i) + "]");
        }
        sender.send(request);
        for (int i = 0; i < 20; ++i) {
            CHECK(receiver.receive() == "[\"main check answer\"," + std::to_string(i) + "]");
        }
    }
}

TEST_CASE("Loops: who comes to a full room with the shortest of queues harms nobody") {
    Config config = four_loops();
    config.rooms.peers = 1;
    config.websocket.queue_messages = 1;
    const RunningServer server(config);
    for (int room = 0; room < 8; ++room) {
        const std::string target = "/socket?room=f" + std::to_string(room);
        WsClient first(server.port(), target);
        RawClient second(server.port());
        second.send(upgrade_request(target));
        second.read_all();
        CHECK(second.ended());
        first.send(R"(["chat message",1])");
        CHECK(first.receive() == R"(["chat message",1])");
    }
    CHECK(metric(server.port(), "videochat_exceptions_total") == 0);
}

TEST_CASE("Loops: many rooms at once keep each its own order") {
    const RunningServer server(four_loops());
    std::atomic<int> mistakes{0};
    std::vector<std::thread> pairs;
    for (int pair = 0; pair < 6; ++pair) {
        pairs.emplace_back([&server, &mistakes, pair] {
            const std::string target = "/socket?room=p" + std::to_string(pair);
            WsClient a(server.port(), target);
            WsClient b(server.port(), target);
            for (int i = 0; i < 100; ++i) {
                a.send("[\"main check\"," + std::to_string(i) + "]");
                if (b.receive() != "[\"main check answer\"," + std::to_string(i) + "]") ++mistakes;
            }
        });
    }
    for (std::thread& pair : pairs)
        pair.join();
    CHECK(mistakes == 0);
}

TEST_CASE("Loops: stopping ends the sockets of every loop") {
    RunningServer server(four_loops());
    std::vector<std::unique_ptr<WsClient>> clients;
    for (int i = 0; i < 12; ++i) {
        clients.push_back(
            std::make_unique<WsClient>(server.port(), "/socket?room=s" + std::to_string(i)));
    }
    server.server().begin_stop();
    for (const auto& client : clients)
        CHECK(client->await_close() == 1001);
    server.server().wait();
}
