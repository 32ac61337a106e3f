// Start, stop, restart: the server as a library.
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace videochat::test;
using Catch::Matchers::Contains;
using videochat::Config;
using videochat::Server;

TEST_CASE("Lifecycle: stop tells every socket 1001 and returns when all have gone") {
    RunningServer server;
    WsClient client(server.port());
    WsClient in_room(server.port(), "/socket?room=r");
    server.server().begin_stop();
    CHECK(client.await_close() == 1001);
    CHECK(in_room.await_close() == 1001);
    server.server().wait();
    CHECK_THROWS(RawClient(server.port()));
}

TEST_CASE("Lifecycle: peers that do not go are cut when the time is over") {
    Config config = test_config();
    config.shutdown_timeout = 200ms;
    RunningServer server(config);
    RawClient stubborn(server.port());
    stubborn.send(upgrade_request("/socket"));
    stubborn.read_response();
    server.server().stop();
    stubborn.read_all();
    CHECK(stubborn.ended());
}

TEST_CASE("Lifecycle: a new server takes the same port at once") {
    Config config = test_config();
    for (int i = 0; i < 3; ++i) {
        RunningServer server(config);
        config.listen.port = server.port();
        WsClient client(server.port());
        client.send(R"(["chat message",1])");
        CHECK(client.receive() == R"(["chat message",1])");
    }
}

TEST_CASE("Lifecycle: a port in use is said in one line") {
    const RunningServer first;
    Config config = test_config();
    config.listen.port = first.port();
    Server second(config);
    CHECK_THROWS_WITH(second.start(), Contains("port " + std::to_string(first.port())) &&
                                          Contains("already in use"));
}

TEST_CASE("Lifecycle: what the configuration names must be good") {
    const auto fails = [](auto change, const std::string& culprit) {
        Config config = test_config();
        change(config);
        CHECK_THROWS_WITH(Server(config), Contains(culprit));
    };
    fails([](Config& c) { c.pages.root = "/does/not/exist"; }, "/does/not/exist");
    fails([](Config& c) { c.listen.trusted_proxies = {"10.0.0.0/99"}; }, "10.0.0.0/99");
    fails([](Config& c) { c.listen.allow_origins = {"example"}; }, "example");
}

TEST_CASE("Lifecycle: who has begun to ask is answered while stopping, and hears 503 of health") {
    RunningServer server;
    RawClient health(server.port());
    RawClient upgrade(server.port());
    const std::string request = upgrade_request("/socket");
    health.send("GET /healthz HTTP/1.1\r\n");
    upgrade.send(request.substr(0, 20));
    // An answer to a later question: by then the loop has seen the beginnings above.
    CHECK(get(server.port(), "/healthz").starts_with("HTTP/1.1 200"));
    server.server().begin_stop();
    health.send("Host: x\r\n\r\n");
    upgrade.send(request.substr(20));
    CHECK(health.read_all().starts_with("HTTP/1.1 503"));
    // Before the loop has been told, it still is upgraded, and then told to go.
    const std::string answer = upgrade.read_all();
    CHECK((answer.starts_with("HTTP/1.1 503") || answer.ends_with("server stops")));
    health.end_writing();
    upgrade.end_writing();
    server.server().wait();
}

TEST_CASE("Lifecycle: a server may be destroyed unstarted, running, or stopped twice") {
    { const Server unstarted(test_config()); }
    {
        std::optional<RunningServer> running(std::in_place);
        WsClient client(running->port());
        running.reset();
        CHECK(client.await_close() != 1000);
    }
    RunningServer server;
    server.server().stop();
    server.server().stop();
    CHECK(server.port() != 0);
}
