// HTTP over real sockets: framing, keep-alive, deadlines, streaming.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace std::chrono_literals;
using namespace videochat::test;
using videochat::Config;

namespace {

constexpr std::string_view kGet = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string body_of(const std::string& response) {
    return response.substr(response.find("\r\n\r\n") + 4);
}

}  // namespace

TEST_CASE("HTTP: every answer but a part of a page has the security fields, errors too") {
    const RunningServer server;
    for (const char* target :
         {"/", "/nope", "/nope.css", "/healthz", "/socket", "/%zz", "/sw.js", "/icons.svg"}) {
        const std::string response = get(server.port(), target);
        CAPTURE(target, response);
        CHECK(has(response, "\r\nX-Content-Type-Options: nosniff\r\n"));
        CHECK(has(response, "\r\nContent-Security-Policy: default-src 'self'"));
        CHECK(has(response, "frame-ancestors 'self'"));
        CHECK(has(response, "\r\nReferrer-Policy: no-referrer\r\n"));
        CHECK(has(response, "\r\nPermissions-Policy: camera=(self)"));
        CHECK(has(response, "\r\nDate: "));
        CHECK_FALSE(has(response, "Strict-Transport-Security"));
        CHECK_FALSE(has(response, "\r\nServer: "));
    }
    for (const char* target : {"/main.js", "/css/base.css", "/icons/apple-touch.png"}) {
        const std::string response = get(server.port(), target);
        CAPTURE(target);
        CHECK(response.starts_with("HTTP/1.1 200"));
        CHECK(has(response, "\r\nX-Content-Type-Options: nosniff\r\n"));
        CHECK(has(response, "\r\nReferrer-Policy: no-referrer\r\n"));
        CHECK_FALSE(has(response, "\r\nContent-Security-Policy: "));
        CHECK_FALSE(has(response, "\r\nPermissions-Policy: "));
    }
}

TEST_CASE("HTTP: the pages come from inside the binary") {
    const RunningServer server;
    const std::string page = get(server.port(), "/");
    CHECK(page.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(has(page, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
    CHECK(has(page, "\r\nCache-Control: no-cache\r\n"));
    CHECK(get(server.port(), "/chat.html").starts_with("HTTP/1.1 200"));
    CHECK(get(server.port(), "/main.js").starts_with("HTTP/1.1 200"));
    CHECK(get(server.port(), "/jsconfig.json").starts_with("HTTP/1.1 404"));
    // What an installed page lives on: asked for each time, or it would never hear of a newer one.
    for (const auto& [path, type] :
         {std::pair{"/manifest.webmanifest", "application/manifest+json"},
          {"/sw.js", "text/javascript; charset=utf-8"}}) {
        const std::string file = get(server.port(), path);
        CAPTURE(file.substr(0, 800));
        CHECK(file.starts_with("HTTP/1.1 200"));
        CHECK(has(file, std::string("\r\nContent-Type: ") + type + "\r\n"));
        CHECK(has(file, "\r\nCache-Control: no-cache\r\n"));
    }
}

TEST_CASE("HTTP: pipelined requests are answered in order on one connection") {
    const RunningServer server;
    RawClient client(server.port());
    std::string requests;
    for (int i = 0; i < 50; ++i)
        requests += i % 2 == 0 ? std::string(kGet) : "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(requests);
    for (int i = 0; i < 50; ++i) {
        CHECK(client.read_response().substr(9, 3) == (i % 2 == 0 ? "200" : "404"));
    }
}

TEST_CASE("HTTP: HEAD has the fields of GET and no body, also for what is missing") {
    const RunningServer server;
    RawClient client(server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /nope HTTP/1.1\r\nHost: x\r\n\r\n");
    client.send(kGet);
    const std::string found = client.read_response(true);
    CHECK(found.starts_with("HTTP/1.1 200"));
    CHECK(has(found, "\r\nContent-Length: "));
    CHECK(client.read_response(true).starts_with("HTTP/1.1 404"));
    CHECK(body_of(client.read_response()) == "ok\n");
    client.send("HEAD /%zz HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string refused = client.read_all();
    CHECK(refused.starts_with("HTTP/1.1 400"));
    CHECK(body_of(refused).empty());
}

TEST_CASE("HTTP: methods that are not spoken here") {
    const RunningServer server;
    const auto answer = [&](const std::string& head, const std::string& rest = {}) {
        RawClient client(server.port());
        client.send(head + "\r\nHost: x\r\nConnection: close\r\n" + rest + "\r\n");
        return client.read_all();
    };
    CHECK(answer("OPTIONS / HTTP/1.1").starts_with("HTTP/1.1 204"));
    CHECK(answer("OPTIONS * HTTP/1.1").starts_with("HTTP/1.1 204"));
    CHECK(answer("GET * HTTP/1.1").starts_with("HTTP/1.1 400"));
    const std::string post = answer("POST / HTTP/1.1", "Content-Length: 0\r\n");
    CHECK(post.starts_with("HTTP/1.1 405"));
    CHECK(has(post, "\r\nAllow: GET, HEAD, OPTIONS\r\n"));
    const std::string trace = answer("TRACE / HTTP/1.1", "X-Secret: echo\r\n");
    CHECK(trace.starts_with("HTTP/1.1 405"));
    CHECK_FALSE(has(trace, "echo"));
    CHECK(answer("CONNECT example:443 HTTP/1.1").starts_with("HTTP/1.1 405"));
    CHECK(answer("BREW / HTTP/1.1").substr(9, 1) != "2");
}

TEST_CASE("HTTP: what smuggles or breaks framing gets one 400 and a cut") {
    const RunningServer server;
    const std::vector<std::string> heads = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "X : 1\r\n",
        "X: 1\r\n continued\r\n",
        "no colon\r\n",
        ": empty\r\n",
        std::string("X: a\0b\r\n", 8),
        "X: a\rb\r\n",
        "X: a\nY: b\r\n",
        "Host: second\r\n",
    };
    for (const std::string& fields : heads) {
        CAPTURE(fields);
        RawClient client(server.port());
        client.send("POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + std::string(kGet));
        const std::string answer = client.read_all();
        CHECK(client.ended());
        CHECK((answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 501")));
        CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
    }
}

TEST_CASE("HTTP: limits of the head have their own answers") {
    const RunningServer server;
    const auto answer = [&](const std::string& request) {
        RawClient client(server.port());
        client.try_send(request);
        return client.read_all().substr(0, 12);
    };
    CHECK(answer("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n") ==
          "HTTP/1.1 414");
    CHECK(answer("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n") ==
          "HTTP/1.1 431");
    std::string fields;
    for (int i = 0; i < 101; ++i)
        fields += "X: 1\r\n";
    CHECK(answer("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n") == "HTTP/1.1 431");
    CHECK(answer("GET / HTTP/2.0\r\nHost: x\r\n\r\n") == "HTTP/1.1 505");
    CHECK(answer("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " +
                 std::string(6000, 'c') + "\r\n\r\n") == "HTTP/1.1 200");
}

TEST_CASE("HTTP: a small body that nobody wants is dropped, a large one ends the connection") {
    const RunningServer server;
    RawClient client(server.port());
    client.send("GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" +
                std::string(kGet));
    CHECK(client.read_response().starts_with("HTTP/1.1 200"));
    CHECK(client.read_response().starts_with("HTTP/1.1 200"));
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    CHECK(client.read_all().starts_with("HTTP/1.1 405"));
    CHECK(client.ended());
    RawClient chunked(server.port());
    chunked.send(
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    CHECK(chunked.read_all().starts_with("HTTP/1.1 413"));
}

TEST_CASE("HTTP: a head that drips in is cut when its time is over, however it drips") {
    Config config = test_config();
    config.http.request_head_timeout = 300ms;
    const RunningServer server(config);
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nX: ");
    // A byte each 10 ms, far fewer than a head may have, until an answer comes.
    CHECK(eventually([&] {
        client.try_send("a");
        return client.readable_within(10ms);
    }));
    const std::string answer = client.read_all();
    CHECK(answer.starts_with("HTTP/1.1 408"));
    CHECK(metric(server.port(), "videochat_request_timeouts_total") == 1);
}

TEST_CASE("HTTP: silence is cut, before the first byte and between requests") {
    Config config = test_config();
    config.http.first_byte_timeout = 100ms;
    config.http.keep_alive_timeout = 100ms;
    const RunningServer server(config);
    RawClient silent(server.port());
    CHECK(silent.read_all().empty());
    CHECK(silent.ended());
    RawClient idle(server.port());
    idle.send(kGet);
    CHECK(idle.read_all().starts_with("HTTP/1.1 200"));
    CHECK(idle.ended());
}

TEST_CASE("HTTP: a connection serves a number of requests, the last one says close") {
    Config config = test_config();
    config.http.requests_per_connection = 2;
    const RunningServer server(config);
    RawClient client(server.port());
    client.send(kGet);
    CHECK_FALSE(has(client.read_response(), "Connection: close"));
    client.send(kGet);
    CHECK(has(client.read_all(), "\r\nConnection: close\r\n"));
    CHECK(client.ended());
}

TEST_CASE("HTTP: HTTP/1.0 is answered and closed, unless it asks to be kept") {
    const RunningServer server;
    RawClient plain(server.port());
    plain.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(has(plain.read_all(), "\r\nConnection: close\r\n"));
    RawClient kept(server.port());
    kept.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(has(kept.read_response(), "\r\nConnection: keep-alive\r\n"));
    kept.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(kept.read_all().starts_with("HTTP/1.1 200"));
}

TEST_CASE("HTTP: a client that ends its side after the request gets its answer") {
    const RunningServer server;
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    client.end_writing();
    CHECK(client.read_all().starts_with("HTTP/1.1 200"));
}

TEST_CASE("HTTP: a large file is streamed whole, also to a client that reads slowly") {
    const TempFolder folder;
    std::string bytes(8 * 1024 * 1024 + 17, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 + i / 4096);
    folder.write("large.bin", bytes);
    Config config = test_config();
    config.pages.root = folder.path();
    const RunningServer server(config);
    RawClient client(server.port());
    client.send("GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    // Others are served while this one waits.
    CHECK(get(server.port(), "/healthz").starts_with("HTTP/1.1 200"));
    const std::string response = client.read_all();
    CHECK(has(response, "\r\nContent-Length: 8388625\r\n"));
    CHECK(body_of(response) == bytes);
    const std::string part = get(server.port(), "/large.bin", "Range: bytes=8388600-99999999\r\n");
    CHECK(part.starts_with("HTTP/1.1 206"));
    CHECK(body_of(part) == bytes.substr(8388600));
}

TEST_CASE("HTTP: a client that reads slowly, but reads, is not cut") {
    const TempFolder folder;
    folder.write("large.bin", std::string(4 * 1024 * 1024, 'x'));
    Config config = test_config();
    config.pages.root = folder.path();
    config.http.response_timeout = 800ms;
    const RunningServer server(config);
    RawClient client(server.port());
    const int window = 64 * 1024;
    ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    client.send("GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::size_t received = 0;
    std::vector<char> buffer(16 * 1024);
    // Takes much longer than the timeout, and so would what the system likes to buffer.
    for (ssize_t n = 1; n > 0; received += static_cast<std::size_t>(n)) {
        std::this_thread::sleep_for(16ms);
        n = std::max<ssize_t>(0, ::recv(client.fd(), buffer.data(), buffer.size(), 0));
    }
    CHECK(received > 4 * 1024 * 1024);
    CHECK(metric(server.port(), "videochat_request_timeouts_total") == 0);
}

TEST_CASE("HTTP: a client that stops reading a large file is cut") {
    const TempFolder folder;
    folder.write("large.bin", std::string(64 * 1024 * 1024, 'x'));
    Config config = test_config();
    config.pages.root = folder.path();
    config.http.response_timeout = 300ms;
    const RunningServer server(config);
    RawClient client(server.port());
    client.send("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(
        eventually([&] { return metric(server.port(), "videochat_request_timeouts_total") == 1; }));
}

TEST_CASE("HTTP: under a base path everything is below it, and nothing beside it") {
    Config config = test_config();
    config.listen.base_path = "/calls";
    const RunningServer server(config);
    CHECK(get(server.port(), "/calls/").starts_with("HTTP/1.1 200"));
    CHECK(get(server.port(), "/calls/healthz").starts_with("HTTP/1.1 200"));
    const std::string redirect = get(server.port(), "/calls?room=x");
    CHECK(redirect.starts_with("HTTP/1.1 308"));
    CHECK(has(redirect, "\r\nLocation: /calls/?room=x\r\n"));
    CHECK(get(server.port(), "/").starts_with("HTTP/1.1 404"));
    CHECK(get(server.port(), "/callsx/").starts_with("HTTP/1.1 404"));
    WsClient client(server.port(), "/calls/socket");
    client.send(R"(["chat message",1])");
    CHECK(client.receive() == R"(["chat message",1])");
}
