// /config.json of a whole server, over real sockets.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/network_links.hpp"
#include "integration/server_fixture.hpp"
#include "integration/tls_client.hpp"
#include "support/catch.hpp"
#include "tls/own_addresses.hpp"
#include "videochat/version.hpp"

using namespace videochat;
using namespace videochat::test;

namespace {

nlohmann::json asked(const std::string& response) {
    REQUIRE(response.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(response.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
    CHECK(response.find("\r\nCache-Control: no-store\r\n") != std::string::npos);
    return nlohmann::json::parse(response.substr(response.find("\r\n\r\n") + 4));
}

}  // namespace

TEST_CASE(
    "Page config: a server on loopback can be reached by nobody else, and says what it does") {
    Config config = test_config();
    config.listen.base_path = "/call";
    config.listen.threads = 2;
    config.listen.embed_origins = {"HTTPS://A.Example:443"};
    config.ice.servers = {"turn:relay.example"};
    config.ice.turn_secret = "north";
    const RunningServer server(config);
    for (int i = 0; i < 4; ++i) {  // of whichever loop
        const auto json = asked(get(server.port(), "/call/config.json"));
        CHECK(json.at("version") == kVersion);
        CHECK(json.at("origins").empty());
        CHECK(json.at("limits").at("capacity") == config.calls.capacity);
        CHECK(
            json.at("features") ==
            nlohmann::json{
                {"tls", true}, {"stun", true}, {"turn", true}, {"qr", true}, {"bandwidth", true}});
        CHECK(json.at("embed") == nlohmann::json{"https://a.example"});
    }
    CHECK(get(server.port(), "/config.json").starts_with("HTTP/1.1 404"));
}

TEST_CASE("Page config: on every address its origins are the links that the program shows") {
    Config config = test_config();
    config.listen.host.clear();
    config.listen.trusted_proxies = {"127.0.0.1"};
    const RunningServer proxied(config);
    CHECK(asked(get(proxied.port(), "/config.json")).at("origins").empty());

    config.listen.trusted_proxies.clear();
    RunningServer server(config);
    std::vector<std::string> expected = app::network_urls({.listen = config.listen,
                                                           .port = server.port(),
                                                           .lan = tls::lasting_lan_addresses(),
                                                           .trust = server.server().trust()});
    for (std::string& url : expected)
        url.pop_back();
    CHECK(asked(get(server.port(), "/config.json")).at("origins") == expected);
    CHECK(asked(get(server.port(), "/config.json", "X-Forwarded-For: 192.0.2.1\r\n"))
              .at("origins")
              .empty());
    TlsClient secure(server.port());
    REQUIRE(secure.handshake());
    CHECK(asked(secure.get("/config.json")).at("origins") == expected);
}
