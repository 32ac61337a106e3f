// Services: answers that come later, connections that move to another loop, and stopping.
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "integration/server_fixture.hpp"
#include "integration/service_world.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;
using observe::Counter;

namespace {

/// Sends a request and returns when the service has it and waits.
void begin_waiting(ServiceWorld& world, RawClient& client, std::string_view request,
                   std::size_t loop = 0) {
    const int before = world.service(loop).pending;
    client.send(request);
    REQUIRE(eventually([&] { return world.service(loop).pending == before + 1; }));
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Service: gets every method, and paths that no route has") {
    ServiceWorld world;
    RawClient client(world.port());
    const auto ask = [&](std::string_view method, std::string_view target) {
        client.send(request(method, target, "X-Forwarded-For: 9.8.7.6\r\n"));
        return client.read_response(method == "HEAD");
    };
    CHECK(body_of(ask("GET", "/service/a%20b?c=%20")) == "GET /service/a b?c=%20 for 9.8.7.6 on 0");
    CHECK(body_of(ask("OPTIONS", "/service/")) == "OPTIONS /service/? for 9.8.7.6 on 0");
    CHECK(body_of(ask("DELETE", "/service/now")) == "DELETE /service/now? for 9.8.7.6 on 0");
    const std::string head = ask("HEAD", "/service/now");
    CHECK(has(head, "\r\nContent-Length: 35\r\n"));
    CHECK(body_of(head).empty());
    CHECK(body_of(ask("GET", "/service/route")) == "a route");
    CHECK(ask("GET", "/service").starts_with("HTTP/1.1 404"));
    CHECK(world.count(Counter::RequestsServed) == 6);
    CHECK(ask("BREW", "/service/now").starts_with("HTTP/1.1 501"));
}

TEST_CASE("Service: an Upgrade to WebSocket is its own call, in any case of letters") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(request("GET", "/service/?q", "Upgrade: WebSocket\r\nConnection: Upgrade\r\n"));
    CHECK(body_of(client.read_response()) == "no upgrade for q on 0");
    client.send(request("GET", "/service/?home=1", "Upgrade: a, websocket\r\n"));
    CHECK(body_of(client.read_response()) == "no upgrade for home=1 on 1");
    client.send(request("GET", "/service/now", "Upgrade: h2c\r\n"));
    CHECK(body_of(client.read_response()) == "GET /service/now? for 127.0.0.1 on 1");
}

TEST_CASE("Service: answers in the turn of another request, and what is pipelined waits for it") {
    ServiceWorld world;
    RawClient waiting(world.port());
    begin_waiting(world, waiting, get_request("/service/wait") + get_request("/service/now?1"));
    waiting.send(get_request("/service/now?2"));
    RawClient other(world.port());
    other.send(get_request("/service/release?so"));
    CHECK(has(other.read_response(), "release?so"));
    CHECK(body_of(waiting.read_response()) == "so");
    CHECK(has(waiting.read_response(), "now?1"));
    CHECK(has(waiting.read_response(), "now?2"));
    CHECK(world.nothing_waits());
    CHECK_FALSE(world.service().nested);
    CHECK_FALSE(world.service().freed);
}

TEST_CASE("Service: answers within the call in which it began to wait") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(get_request("/service/both") + get_request("/service/both"));
    CHECK(body_of(client.read_response()) == "both");
    CHECK(body_of(client.read_response()) == "both");
    CHECK_FALSE(world.service().freed);
    CHECK(world.nothing_waits());
}

TEST_CASE("Service: a late answer is shaped by its own request, not by the last one of the loop") {
    ServiceWorld world;
    RawClient old(world.port());
    RawClient head(world.port());
    RawClient last(world.port());
    begin_waiting(world, old, "GET /service/wait HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    begin_waiting(world, head, request("HEAD", "/service/wait"));
    begin_waiting(world, last, request("GET", "/service/wait", "Connection: close\r\n"));
    RawClient(world.port()).send(get_request("/service/release?text"));
    const std::string first = old.read_response();
    CHECK(has(first, "\r\nConnection: keep-alive\r\n"));
    CHECK(body_of(first) == "text");
    const std::string second = head.read_response(true);
    CHECK(has(second, "\r\nContent-Length: 4\r\n"));
    CHECK_FALSE(has(second, "\r\nConnection: "));
    CHECK(has(last.read_all(), "\r\nConnection: close\r\n"));
    CHECK(last.ended());
    head.send(get_request("/service/now?next"));  // a body of the answer before would be in the way
    CHECK(head.read_response().starts_with("HTTP/1.1 200"));
}

TEST_CASE("Service: a late answer of any size reaches a client that reads slowly") {
    ServiceWorld world;
    RawClient client(world.port());
    const std::string large(8 * 1024 * 1024, 'x');
    for (int round = 0; round < 2; ++round) {
        begin_waiting(world, client, get_request("/service/wait") + get_request("/service/now?n"));
        world.release(large);
        CHECK(body_of(client.read_response()) == large);
        CHECK(has(client.read_response(), "now?n"));
    }
}

TEST_CASE("Service: nothing waits for a client that has gone") {
    ServiceWorld world;
    auto client = std::make_unique<RawClient>(world.port());
    SECTION("closed") {
        begin_waiting(world, *client, get_request("/service/wait"));
        client.reset();
    }
    SECTION("ended its side") {
        begin_waiting(world, *client, get_request("/service/wait"));
        client->end_writing();
    }
    SECTION("in the middle of a body") {
        const std::string whole = post_request("/service/body", "0123456789");
        begin_waiting(world, *client, whole.substr(0, whole.size() - 1));
        client->end_writing();
    }
    SECTION("reset, with more requests on their way") {
        begin_waiting(world, *client, get_request("/service/wait") + get_request("/service/now"));
        const linger at_once{1, 0};
        ::setsockopt(client->fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        client.reset();
    }
    CHECK(world.nothing_waits());
    world.release("nobody is there");
    CHECK(world.service().bodies == 0);
    CHECK(world.exceptions == 0);
}

TEST_CASE("Service: no limit of HTTP ends a wait") {
    HttpLimits limits;
    limits.first_byte_timeout = limits.request_head_timeout = limits.keep_alive_timeout =
        limits.response_timeout = limits.body_timeout = 50ms;
    ServiceWorld world(limits);
    RawClient client(world.port());
    begin_waiting(world, client, post_request("/service/late-body", "body"));
    // An idle connection is cut meanwhile: the same clock has passed every limit.
    RawClient idle(world.port());
    idle.read_all();
    CHECK(idle.ended());
    CHECK(world.service().pending == 1);
    world.release("late");
    CHECK(body_of(client.read_response()) == "late");
}

TEST_CASE("Service: a connection moves to the loop of its request, with all that it has sent") {
    ServiceWorld world;
    RawClient client(world.port());
    const std::string body(50'000, 'b');
    client.send(get_request("/service/now?home=0") + post_request("/service/body?home=1", body) +
                get_request("/service/now") + get_request("/service/now?home=0") +
                post_request("/service/body", "x"));
    CHECK(body_of(client.read_response()).ends_with("on 0"));
    CHECK(body_of(client.read_response()) == "1:" + body);
    CHECK(body_of(client.read_response()).ends_with("on 1"));
    CHECK(body_of(client.read_response()).ends_with("on 0"));
    CHECK(body_of(client.read_response()) == "0:x");
    CHECK(world.moves == 2);
    CHECK(world.count(Counter::RequestsServed) == 5);
}

TEST_CASE("Service: a connection moves with half a body, and waits where it came to") {
    ServiceWorld world;
    RawClient client(world.port());
    const std::string whole = post_request("/service/body?home=1", "0123456789");
    begin_waiting(world, client, whole.substr(0, whole.size() - 5), 1);
    client.send("56789" + get_request("/service/wait?home=1"));
    CHECK(body_of(client.read_response()) == "1:0123456789");
    REQUIRE(eventually([&] { return world.service(1).pending == 1; }));
    world.release("there", 1);
    CHECK(body_of(client.read_response()) == "there");
    CHECK(world.nothing_waits());
}

TEST_CASE("Service: requests are counted over all loops that a connection visits") {
    HttpLimits limits;
    limits.requests_per_connection = 3;
    ServiceWorld world(limits);
    RawClient client(world.port());
    for (const char* target : {"/service/now?home=1", "/service/now?home=0"}) {
        client.send(get_request(target));
        CHECK_FALSE(has(client.read_response(), "Connection: close"));
    }
    client.send(get_request("/service/now?home=1"));
    CHECK(has(client.read_all(), "\r\nConnection: close\r\n"));
    CHECK(client.ended());
}

TEST_CASE("Service: what throws costs its connection, moved or not") {
    ServiceWorld world;
    for (const char* target : {"/service/throw?home=0", "/service/throw?home=1"}) {
        RawClient client(world.port());
        client.send(get_request(target));
        client.read_all();
        CHECK(client.ended());
    }
    CHECK(eventually([&] { return world.exceptions == 2; }));
    CHECK(has(get(world.port(), "/service/now?home=1"), " on 1"));
}

TEST_CASE("Service: while stopping, who waits is answered and who sends a body may finish it") {
    ServiceWorld world;
    RawClient waiting(world.port());
    RawClient sending(world.port());
    const std::string whole = post_request("/service/body", "0123456789");
    begin_waiting(world, waiting, get_request("/service/wait"));
    begin_waiting(world, sending, whole.substr(0, whole.size() - 5));
    world.stop();
    sending.send("56789");
    const std::string finished = sending.read_all();
    CHECK(body_of(finished) == "0:0123456789");
    CHECK(has(finished, "\r\nConnection: close\r\n"));
    CHECK(sending.ended());
    CHECK(world.service().pending == 1);
    world.release("bye");
    const std::string released = waiting.read_all();
    CHECK(body_of(released) == "bye");
    CHECK(has(released, "\r\nConnection: close\r\n"));
    CHECK(waiting.ended());
}

TEST_CASE("Service: who moves to a loop that stops is answered there") {
    ServiceWorld world;
    world.stop(1);
    RawClient client(world.port());
    client.send(get_request("/service/now?home=1"));
    const std::string answer = client.read_all();
    CHECK(body_of(answer).ends_with("on 1"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    CHECK(client.ended());
}
