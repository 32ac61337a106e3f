// Services: what happens at the same time, and what a client may do to the memory of a connection
// that waits.
#include <malloc.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "integration/polling_client.hpp"
#include "integration/server_fixture.hpp"
#include "integration/service_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;
using observe::Counter;

namespace {

void wait_until_pending(ServiceWorld& world, int count) {
    REQUIRE(eventually([&] { return world.service().pending == count; }));
}

std::size_t responses_in(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find("HTTP/1.1 "); at != std::string_view::npos;
         at = text.find("HTTP/1.1 ", at + 1))
        ++count;
    return count;
}

/// Sends until the peer takes no more for a while. Returns what was taken.
std::size_t send_until_full(const RawClient& client, std::string_view bytes) {
    const timeval patience{.tv_sec = 0, .tv_usec = 300'000};
    ::setsockopt(client.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        const ssize_t n =
            ::send(client.fd(), bytes.data() + taken, bytes.size() - taken, MSG_NOSIGNAL);
        if (n <= 0) break;
        taken += static_cast<std::size_t>(n);
    }
    return taken;
}

}  // namespace

TEST_CASE("Races: a request that comes in the turn of the answer before it is served") {
    ServiceWorld world;
    RawClient waiting(world.port());
    waiting.send(get_request("/service/wait"));
    wait_until_pending(world, 1);
    RawClient other(world.port());
    other.send(get_request("/service/now"));
    other.read_response();
    world.while_held([&] {
        other.send(get_request("/service/release?so"));
        waiting.send(get_request("/service/now?next"));
    });
    CHECK(body_of(waiting.read_response()) == "so");
    CHECK(body_of(waiting.read_response()).starts_with("GET /service/now?next"));
}

TEST_CASE("Races: more of a body comes in the turn of an early answer") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(request("POST", "/service/body", "Content-Length: 10\r\n") + "01234");
    wait_until_pending(world, 1);
    RawClient other(world.port());
    other.send(get_request("/service/now"));
    other.read_response();
    world.while_held([&] {
        other.send(get_request("/service/release?enough"));
        client.send("567");
    });
    CHECK(body_of(client.read_all()) == "enough");
    CHECK(client.ended());
    CHECK(world.nothing_waits());
}

TEST_CASE("Races: what was refused is not answered as well") {
    ServiceWorld world;
    const std::string too_long = "18000\r\n" + std::string(0x18000, 'x') + "\r\n1000\r\n" +
                                 std::string(0x1000, 'x') + "\r\n";
    for (const std::string& rest : {std::string("x"), too_long}) {
        RawClient client(world.port());
        client.send(request("POST", "/service/body", "Transfer-Encoding: chunked\r\n"));
        wait_until_pending(world, 1);
        if (rest.size() > 1) {  // more than one read takes: all but the end comes before
            client.send(rest.substr(0, 0x18000));
        }
        RawClient other(world.port());
        other.send(get_request("/service/now"));
        other.read_response();
        world.while_held([&] {
            client.send(rest.size() > 1 ? rest.substr(0x18000) : rest);
            other.send(get_request("/service/release?late"));
        });
        const std::string answer = client.read_all();
        CHECK(responses_in(answer) == 1);
        CHECK(answer.starts_with(rest.size() > 1 ? "HTTP/1.1 413" : "HTTP/1.1 400"));
        CHECK(client.ended());
        CHECK(world.nothing_waits());
    }
}

TEST_CASE("Races: who ends its side in the turn of the answer still gets it") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(get_request("/service/wait"));
    wait_until_pending(world, 1);
    RawClient other(world.port());
    other.send(get_request("/service/now"));
    other.read_response();
    world.while_held([&] {
        other.send(get_request("/service/release?bye"));
        client.end_writing();
    });
    CHECK(body_of(client.read_all()) == "bye");
    CHECK(client.ended());
}

TEST_CASE("Races: who ends its side while a long answer is on its way gets all of it") {
    ServiceWorld world;
    RawClient client(world.port());
    const std::string large(16 * 1024 * 1024, 'x');
    client.send(get_request("/service/wait"));
    wait_until_pending(world, 1);
    world.release(large);
    client.end_writing();
    CHECK(body_of(client.read_all()) == large);
    CHECK(client.ended());
}

TEST_CASE("Races: a late answer that is not read is cut in time") {
    HttpLimits limits;
    limits.response_timeout = 100ms;
    ServiceWorld world(limits);
    RawClient client(world.port());
    client.send(get_request("/service/wait"));
    wait_until_pending(world, 1);
    world.release(std::string(16 * 1024 * 1024, 'x'));
    CHECK(world.nothing_waits());
    CHECK(client.read_all().size() < 16 * 1024 * 1024);
    CHECK(client.ended());
}

TEST_CASE("Races: what is pipelined behind a request that waits is not hoarded, and not lost") {
    HttpLimits limits;
    limits.requests_per_connection = 0;
    ServiceWorld world(limits);
    RawClient client(world.port());
    const int small = 64 * 1024;
    ::setsockopt(client.fd(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    client.send(get_request("/service/wait"));
    wait_until_pending(world, 1);
    const std::string one = request("GET", "/service/now", "X: " + std::string(8000, 'x') + "\r\n");
    std::string many;
    for (int i = 0; i < 4000; ++i)
        many += one;
    const std::size_t taken = send_until_full(client, many);
    REQUIRE(taken < many.size());  // 32 MB; the system's buffers hold less
    CHECK(world.service().pending == 1);
    world.release("first");
    CHECK(body_of(client.read_response()) == "first");
    for (std::size_t i = 0; i < taken / one.size(); ++i)
        REQUIRE(body_of(client.read_response()).starts_with("GET /service/now"));
    client.send(one.substr(taken % one.size()));
    CHECK(body_of(client.read_response()).starts_with("GET /service/now"));
}

TEST_CASE("Races: an upgrade pipelined behind a request that waits") {
    const RunningServer server;
    PollingClient polling(server.port());
    polling.connect();
    polling.begin_poll();
    polling.get_connection().send(upgrade_request("/socket"));
    WsClient native(server.port());
    native.send(R"(["main check",1])");
    CHECK(polling.end_poll().body == R"(42["main check answer",1])");
    CHECK(polling.get_connection().read_response().starts_with("HTTP/1.1 101"));
    native.send(R"(["main check",2])");
    const auto is_event = [](std::string_view text) { return text.ends_with(",2]"); };
    CHECK(is_event(polling.get_connection().read_until(is_event)));
}

TEST_CASE("Races: bodies leave no memory behind on their connections") {
    ServiceWorld world;
    std::vector<std::unique_ptr<RawClient>> clients;
    const std::string body(TestService::kBodyLimit, 'x');
    const std::string chunked = request("POST", "/service/body", "Transfer-Encoding: chunked\r\n") +
                                "186a0\r\n" + body + "\r\n0\r\n\r\n";
    const auto take_part = [&](std::size_t i) {
        RawClient& client = *clients[i];
        client.send(i % 2 == 0 ? post_request("/service/body", body) : chunked);
        CHECK(client.read_response().size() > body.size());
    };
    for (int i = 0; i < 100; ++i)
        clients.push_back(std::make_unique<RawClient>(world.port()));
    take_part(0);
    take_part(1);
    const std::size_t before = ::mallinfo2().uordblks;  // a sanitizer's heap tells 0
    for (std::size_t i = 2; i < clients.size(); ++i)
        take_part(i);
    CHECK(world.nothing_waits());
    const std::size_t after = ::mallinfo2().uordblks;
    CHECK(after < before + clients.size() * 10'000);
}
