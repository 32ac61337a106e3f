// /bandwidth over real sockets: what is sent and taken, what is refused, and what it costs others.
#include <malloc.h>
#include <sys/socket.h>
#include <zlib.h>

#include <memory>
#include <string>
#include <vector>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMany = 8 * kMiB;

std::string request(const std::string& method, const std::string& target,
                    const std::string& fields = {}) {
    return method + " " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

std::string post(const std::string& body) {
    return request("POST", "/bandwidth",
                   "Content-Length: " + std::to_string(body.size()) + "\r\n") +
           body;
}

std::string body_of(const std::string& response) {
    return response.substr(response.find("\r\n\r\n") + 4);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

long transfers(const RunningServer& server) {
    return metric(server.port(), "videochat_bandwidth_transfers_total");
}

std::size_t compressed(const std::string& text) {
    auto size = ::compressBound(text.size());
    std::string out(size, '\0');
    REQUIRE(::compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                        reinterpret_cast<const Bytef*>(text.data()), text.size(), 9) == Z_OK);
    return size;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

/// What this process has and has not given back. The sanitizers keep what was given back, too.
std::size_t allocated_bytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return __sanitizer_get_current_allocated_bytes();
#else
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
#endif
}

}  // namespace

TEST_CASE("Bandwidth: GET sends that many bytes, which cannot be compressed or kept") {
    const RunningServer server;
    RawClient client(server.port());
    for (const std::size_t size : {std::size_t{1000}, kMany, std::size_t{0}, std::size_t{65'537}}) {
        CAPTURE(size);
        client.send(request("GET", "/bandwidth?bytes=" + std::to_string(size),
                            "Accept-Encoding: gzip\r\n"));
        const std::string response = client.read_response();
        CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(has(response, "\r\nContent-Type: application/octet-stream\r\n"));
        CHECK(has(response, "\r\nCache-Control: no-store, no-transform\r\n"));
        CHECK(has(response, "\r\nX-Content-Type-Options: nosniff\r\n"));
        CHECK_FALSE(has(response, "Content-Encoding"));
        const std::string body = body_of(response);
        REQUIRE(body.size() == size);
        CHECK(compressed(body) >= size);
    }
    client.send(request("HEAD", "/bandwidth?bytes=8000000"));
    CHECK(has(client.read_response(true), "\r\nContent-Length: 8000000\r\n"));
    client.send(request("GET", "/healthz"));
    CHECK(client.read_response().starts_with("HTTP/1.1 200"));
    CHECK(transfers(server) == 5);
}

TEST_CASE("Bandwidth: POST takes what comes and says how much it was") {
    const RunningServer server;
    RawClient client(server.port());
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}, kMany}) {
        client.send(post(std::string(size, 'x')));
        const std::string response = client.read_response();
        CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(has(response, "\r\nContent-Type: application/json\r\n"));
        CHECK(has(response, "\r\nCache-Control: no-store\r\n"));
        CHECK(body_of(response) == "{\"bytes\":" + std::to_string(size) + "}\n");
    }
    client.send(request("POST", "/bandwidth", "Transfer-Encoding: chunked\r\n") +
                "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
    CHECK(body_of(client.read_response()) == "{\"bytes\":7}\n");
}

TEST_CASE("Bandwidth: more than the limit is refused, both ways") {
    Config config = test_config();
    config.bandwidth.bytes = 100'000;
    const RunningServer server(config);
    CHECK(get(server.port(), "/bandwidth?bytes=100000").starts_with("HTTP/1.1 200"));
    for (const char* query : {"?bytes=100001", "?bytes=x", "", "?bytes=1&bytes=1"}) {
        CAPTURE(query);
        CHECK(get(server.port(), std::string("/bandwidth") + query).starts_with("HTTP/1.1 400"));
    }
    CHECK(transfers(server) == 1);
    RawClient declared(server.port());
    declared.send(request("POST", "/bandwidth", "Content-Length: 100001\r\n"));
    CHECK(declared.read_all().starts_with("HTTP/1.1 413"));
    CHECK(declared.ended());
    RawClient chunked(server.port());
    chunked.send(request("POST", "/bandwidth", "Transfer-Encoding: chunked\r\n") + "186a1\r\n");
    for (int i = 0; i < 101 && chunked.try_send(std::string(1000, 'x')); ++i) {
    }
    CHECK(chunked.read_all().starts_with("HTTP/1.1 413"));
    CHECK(chunked.ended());
}

TEST_CASE("Bandwidth: other methods, other paths, and a server that measures nothing") {
    Config config = test_config();
    config.listen.base_path = "/call";
    const RunningServer server(config);
    RawClient client(server.port());
    client.send(request("OPTIONS", "/call/bandwidth"));
    const std::string options = client.read_response(true);
    CHECK(options.starts_with("HTTP/1.1 204"));
    CHECK(has(options, "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n"));
    for (const char* method : {"PUT", "DELETE", "PATCH"}) {
        client.send(request(method, "/call/bandwidth?bytes=1"));
        const std::string response = client.read_response();
        CHECK(response.starts_with("HTTP/1.1 405"));
        CHECK(has(response, "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n"));
    }
    CHECK(get(server.port(), "/call/bandwidth?bytes=1").starts_with("HTTP/1.1 200"));
    for (const char* path :
         {"/bandwidth?bytes=1", "/call/bandwidth/?bytes=1", "/call/bandwidths?bytes=1"}) {
        CAPTURE(path);
        CHECK(get(server.port(), path).starts_with("HTTP/1.1 404"));
    }
    client.send(upgrade_request("/call/bandwidth?bytes=1"));
    CHECK(client.read_response().starts_with("HTTP/1.1 400"));

    const TempFolder folder;
    folder.write("index.html", "own");
    const auto has_none = [](const Config& without) {
        const RunningServer other(without);
        RawClient asking(other.port());
        asking.send(request("GET", "/bandwidth?bytes=1"));
        CHECK(asking.read_response().starts_with("HTTP/1.1 404"));
        asking.send(post("x"));
        CHECK(asking.read_response().starts_with("HTTP/1.1 405"));
    };
    Config off = test_config();
    off.bandwidth.enabled = false;
    has_none(off);
    Config own_pages = test_config();
    own_pages.pages.root = folder.path();
    has_none(own_pages);
}

TEST_CASE("Bandwidth: so many in a minute from an address, over all loops") {
    Config config = test_config();
    config.bandwidth.per_minute = 4;
    config.listen.threads = 2;
    config.listen.trusted_proxies = {"127.0.0.1"};
    const RunningServer server(config);
    const auto ask = [&](const std::string& address, const std::string& bytes) {
        RawClient client(server.port());
        const std::string fields = "X-Forwarded-For: " + address + "\r\nConnection: close\r\n";
        client.send(bytes.empty() ? request("POST", "/bandwidth", fields)
                                  : request("GET", "/bandwidth?bytes=" + bytes, fields));
        return client.read_all();
    };
    CHECK(ask("192.0.2.1", "no number").starts_with("HTTP/1.1 400"));  // costs nothing
    for (const char* bytes : {"1", "", "1", ""})
        CHECK(ask("192.0.2.1", bytes).starts_with("HTTP/1.1 200"));
    for (const char* bytes : {"1", "", "1", ""}) {
        const std::string refused = ask("192.0.2.1", bytes);
        CHECK(refused.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
        const auto at = refused.find("\r\nRetry-After: ");
        REQUIRE(at != std::string::npos);
        const int wait = std::stoi(refused.substr(at + 15));
        CHECK((wait >= 1 && wait <= 60));
    }
    CHECK(ask("192.0.2.2", "1").starts_with("HTTP/1.1 200"));
    CHECK(transfers(server) == 5);
    CHECK(metric(server.port(), "videochat_refused_bandwidth_total") == 4);
}

TEST_CASE("Bandwidth: visitors who stop reading hold no memory, and calls go on beside them") {
    Config config = test_config();
    const RunningServer server(config);
    WsClient caller(server.port());
    const std::size_t before = allocated_bytes();
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 40; ++i) {
        slow.push_back(std::make_unique<RawClient>(server.port()));
        slow.back()->send(request("GET", "/bandwidth?bytes=" + std::to_string(kMany)));
        CHECK(slow.back()->readable_within(5s));
    }
    for (int i = 0; i < 10; ++i) {
        RawClient sender(server.port());
        sender.send(post(std::string(kMany, 'x')));
        CHECK(has(sender.read_response(), "{\"bytes\":8388608}"));
        caller.send(R"(["chat message",1])");
        CHECK(caller.receive() == R"(["chat message",1])");
    }
    // 320 MiB are due to them, 80 have come.
    CHECK(allocated_bytes() < before + 60 * kMiB);
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) {
        caller.send(R"(["chat message",2])");
        caller.receive();
    }
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    for (auto& client : slow)
        CHECK(body_of(client->read_response()).size() == kMany);
}

TEST_CASE("Bandwidth: who goes in the middle, or does nothing, is let go") {
    Config config = test_config();
    constexpr std::size_t kNeverBuffered = 64 * kMiB;
    config.bandwidth.bytes = kNeverBuffered;
    config.http.response_timeout = 300ms;
    config.http.body_timeout = 300ms;
    const RunningServer server(config);
    const auto connections = [&] { return metric(server.port(), "videochat_connections"); };
    {
        RawClient reader(server.port());
        reader.send(request("GET", "/bandwidth?bytes=" + std::to_string(kNeverBuffered)));
        REQUIRE(reader.readable_within(5s));
        RawClient writer(server.port());
        writer.send(request("POST", "/bandwidth", "Content-Length: 1000000\r\n") + "some of it");
    }
    CHECK(eventually([&] { return connections() == 1; }));  // the one that asks
    RawClient late(server.port());
    late.send(request("POST", "/bandwidth", "Content-Length: 1000000\r\n") + "some of it");
    CHECK(late.read_all().starts_with("HTTP/1.1 408"));
    RawClient idle(server.port());
    idle.send(request("GET", "/bandwidth?bytes=" + std::to_string(kNeverBuffered)));
    CHECK(eventually([&] { return connections() == 1; }));
    CHECK(idle.read_all().size() < kNeverBuffered);
}
