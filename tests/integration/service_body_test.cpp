// Services: bodies of requests, wanted and not.
#include <cstdio>
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

constexpr std::size_t kLimit = TestService::kBodyLimit;

std::string chunk(std::string_view data) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    return std::string(size).append(data).append("\r\n");
}

std::string chunked_head(std::string_view target = "/service/body") {
    return request("POST", target, "Transfer-Encoding: chunked\r\n");
}

/// The status of what ends the connection, which must end.
std::string last_status(RawClient& client) {
    const std::string answer = client.read_all();
    CHECK(client.ended());
    return answer.substr(0, 12);
}

}  // namespace

TEST_CASE("Body: with a length, with chunks, empty or missing") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(post_request("/service/body", "by length") + chunked_head() + chunk("by ") +
                chunk("chunks") + "0\r\nX: 1\r\n\r\n" + post_request("/service/body", "") +
                request("POST", "/service/body") + chunked_head() + "0\r\n\r\n" +
                get_request("/service/body"));
    CHECK(body_of(client.read_response()) == "0:by length");
    CHECK(body_of(client.read_response()) == "0:by chunks");
    for (int i = 0; i < 4; ++i)
        CHECK(body_of(client.read_response()) == "0:");
    CHECK(world.nothing_waits());
    CHECK_FALSE(world.service().freed);
}

TEST_CASE("Body: however it drips in") {
    ServiceWorld world;
    RawClient client(world.port());
    const std::string both = post_request("/service/body", "0123456789") + chunked_head() +
                             chunk("abc") + chunk("def") + "0\r\n\r\n";
    for (const char c : both)
        client.send({&c, 1});
    CHECK(body_of(client.read_response()) == "0:0123456789");
    CHECK(body_of(client.read_response()) == "0:abcdef");
}

TEST_CASE("Body: as long as is allowed, and not a byte more") {
    ServiceWorld world;
    const std::string longest(kLimit, 'x');
    RawClient client(world.port());
    client.send(post_request("/service/body", longest));
    CHECK(body_of(client.read_response()) == "0:" + longest);
    client.send(chunked_head() + chunk(longest) + "0\r\n\r\n");
    CHECK(body_of(client.read_response()) == "0:" + longest);
    CHECK(world.service().bodies == 2);

    SECTION("declared: refused before anything is sent") {
        client.send(request("POST", "/service/body",
                            "Content-Length: " + std::to_string(kLimit + 1) + "\r\n"));
        CHECK(last_status(client) == "HTTP/1.1 413");
    }
    SECTION("in chunks: refused when it has come") {
        client.try_send(chunked_head() + chunk(longest));
        client.try_send(chunk("y"));
        CHECK(last_status(client) == "HTTP/1.1 413");
    }
    SECTION("in one chunk") {
        client.try_send(chunked_head() + chunk(longest + "y"));
        CHECK(last_status(client) == "HTTP/1.1 413");
    }
    CHECK(world.service().bodies == 2);
    CHECK(world.nothing_waits());
    CHECK(world.count(Counter::RefusedRequests) == 1);
}

TEST_CASE("Body: malformed chunks are refused, and nothing behind them is a request") {
    ServiceWorld world;
    for (const char* chunks : {"x\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "fffffffffffffffff\r\n"}) {
        RawClient client(world.port());
        client.send(chunked_head() + chunks + get_request("/service/now"));
        const std::string answer = client.read_all();
        CHECK(client.ended());
        CHECK(answer.starts_with("HTTP/1.1 400"));
        CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
    }
    CHECK(world.service().bodies == 0);
    CHECK(world.nothing_waits());
}

TEST_CASE("Body: one that takes too long is cut, even if it drips") {
    HttpLimits limits;
    limits.body_timeout = 200ms;
    ServiceWorld world(limits);
    RawClient client(world.port());
    client.send(request("POST", "/service/body", "Content-Length: 90000\r\n"));
    CHECK(eventually([&] {
        client.try_send("x");
        return client.readable_within(10ms);
    }));
    CHECK(last_status(client) == "HTTP/1.1 408");
    CHECK(world.count(Counter::RequestTimeouts) == 1);
    CHECK(world.nothing_waits());
}

TEST_CASE("Body: who asks whether to go on is told so, once, and only if the body is wanted") {
    ServiceWorld world;
    const std::string expect = "Expect: 100-Continue\r\n";
    RawClient client(world.port());
    client.send(request("POST", "/service/body", expect + "Content-Length: 4\r\n"));
    const auto is_told = [](std::string_view text) { return text.ends_with("\r\n\r\n"); };
    CHECK(client.read_until(is_told) == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    CHECK(body_of(client.read_response()) == "0:body");

    RawClient old(world.port());
    old.send("POST /service/body HTTP/1.0\r\n" + expect + "Content-Length: 4\r\n\r\nbody");
    CHECK(old.read_all().starts_with("HTTP/1.1 200"));

    RawClient large(world.port());
    large.send(request("POST", "/service/body", expect + "Content-Length: 900000\r\n"));
    CHECK(last_status(large) == "HTTP/1.1 413");

    RawClient unwanted(world.port());
    unwanted.send(request("POST", "/service/now", expect + "Content-Length: 4\r\n"));
    CHECK(last_status(unwanted) == "HTTP/1.1 200");
}

TEST_CASE("Body: one that the service does not want is dropped if it is small") {
    ServiceWorld world;
    RawClient client(world.port());
    const std::string next = get_request("/service/now?next");
    client.send(post_request("/service/now", std::string(60'000, 'x')) + next);
    CHECK(client.read_response().starts_with("HTTP/1.1 200"));
    CHECK(body_of(client.read_response()).starts_with("GET /service/now?next"));

    client.send(post_request("/service/wait", std::string(60'000, 'x')) + next);
    REQUIRE(eventually([&] { return world.service().pending == 1; }));
    world.release("late");
    CHECK(body_of(client.read_response()) == "late");
    CHECK(body_of(client.read_response()).starts_with("GET /service/now?next"));

    client.try_send(post_request("/service/now", std::string(70'000, 'x')) + next);
    CHECK(last_status(client) == "HTTP/1.1 200");
    RawClient chunked(world.port());
    chunked.try_send(chunked_head("/service/now") + chunk("x") + "0\r\n\r\n" + next);
    CHECK(last_status(chunked) == "HTTP/1.1 200");
    CHECK(world.count(Counter::RequestsServed) == 6);
}

TEST_CASE("Body: the service may answer before it has come; then the connection ends") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(request("POST", "/service/body", "Content-Length: 10\r\n") + "01234");
    REQUIRE(eventually([&] { return world.service().pending == 1; }));
    RawClient(world.port()).send(get_request("/service/release?enough"));
    const std::string answer = client.read_all();
    CHECK(body_of(answer) == "enough");
    CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK(client.ended());
    CHECK(world.service().bodies == 0);
    CHECK(world.nothing_waits());
    CHECK_FALSE(world.service().freed);
}

TEST_CASE("Body: an answer may come long after it") {
    ServiceWorld world;
    RawClient client(world.port());
    client.send(post_request("/service/late-body", "body") + get_request("/service/now?next"));
    REQUIRE(eventually([&] { return world.service().bodies == 1; }));
    world.release("late");
    CHECK(body_of(client.read_response()) == "late");
    CHECK(body_of(client.read_response()).starts_with("GET /service/now?next"));
    CHECK(world.nothing_waits());
}
