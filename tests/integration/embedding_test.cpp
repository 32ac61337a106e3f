// --embed-origin over real sockets: who may show which page in a frame.
#include <string>

#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::string_view kOthers =
    "frame-ancestors 'self' https://a.example http://b.example:8080";

Config with_embedders() {
    Config config = test_config();
    config.listen.embed_origins = {"https://A.example:443", "http://b.example:8080"};
    return config;
}

/// "frame-ancestors ..." of a response's policy; there is exactly one.
std::string ancestors(const std::string& response) {
    const auto at = response.find("frame-ancestors");
    REQUIRE(at != std::string::npos);
    CHECK(response.find("frame-ancestors", at + 1) == std::string::npos);
    CHECK(response.find("X-Frame-Options") == std::string::npos);
    CHECK(response.find("Cross-Origin-") == std::string::npos);
    return response.substr(at, response.find("\r\n", at) - at);
}

std::string value_of(const std::string& response, const std::string& name) {
    const auto at = response.find("\r\n" + name + ": ");
    REQUIRE(at != std::string::npos);
    const auto begin = at + name.size() + 4;
    return response.substr(begin, response.find("\r\n", begin) - begin);
}

}  // namespace

TEST_CASE("Embedding: those origins may show the page of calls, and no other") {
    const RunningServer server(with_embedders());
    for (const char* target : {"/chat.html", "/chat.html?room=X&embed=1", "/x/../chat.html"}) {
        CAPTURE(target);
        CHECK(ancestors(get(server.port(), target)) == kOthers);
    }
    const std::string page = get(server.port(), "/chat.html");
    REQUIRE(page.starts_with("HTTP/1.1 200"));
    const std::string unchanged =
        get(server.port(), "/chat.html", "If-None-Match: " + value_of(page, "ETag") + "\r\n");
    CHECK(unchanged.starts_with("HTTP/1.1 304"));
    CHECK(ancestors(unchanged) == kOthers);
    for (const char* target : {"/", "/index.html", "/secure.html", "/sw.js", "/config.json",
                               "/nope", "/chat.html/", "/404.html", "/healthz", "/metrics"}) {
        CAPTURE(target);
        CHECK(ancestors(get(server.port(), target)) == "frame-ancestors 'self'");
    }
}

TEST_CASE("Embedding: below a base path, and of a folder's pages") {
    const TempFolder folder;
    folder.write("chat.html", "own");
    folder.write("index.html", "own");
    Config config = with_embedders();
    config.listen.base_path = "/call";
    config.pages.root = folder.path();
    const RunningServer server(config);
    CHECK(ancestors(get(server.port(), "/call/chat.html")) == kOthers);
    CHECK(ancestors(get(server.port(), "/call/")) == "frame-ancestors 'self'");
    CHECK(ancestors(get(server.port(), "/chat.html")) == "frame-ancestors 'self'");
}

TEST_CASE("Embedding: without the option nobody but ourselves, and nonsense is refused") {
    const RunningServer server;
    CHECK(ancestors(get(server.port(), "/chat.html")) == "frame-ancestors 'self'");
    Config config = test_config();
    config.listen.embed_origins = {"https://a.example; script-src *"};
    CHECK_THROWS_WITH(Server(config), Contains("embedding origin") && Contains("script-src"));
}
