// What members are told of STUN and TURN servers. The credentials were reckoned by another program
// (openssl dgst -sha1 -hmac), as coturn's use-auth-secret does.
#include "app/ice_servers.hpp"

#include "support/catch.hpp"

using namespace videochat;
using namespace std::chrono_literals;
using app::ice_servers_json;

namespace {

const IceConfig kConfig{.servers = {"stun:stun.example:3478", "turn:turn.example?transport=udp"},
                        .turn_secret = "north",
                        .turn_ttl = 12h};
constexpr std::int64_t kNow = 1'700'000'000;

}  // namespace

TEST_CASE("ICE servers: a member's credentials name its seat and their end") {
    CHECK(ice_servers_json(kConfig, "seat-000001", true, kNow) ==
          R"([{"urls":["stun:stun.example:3478"]},)"
          R"({"urls":["turn:turn.example?transport=udp"],)"
          R"("username":"1700043200:seat-000001","credential":"7ekMrIjowPGy4qT3kp5365mltmQ="}])");
}

TEST_CASE("ICE servers: credentials are another seat's no more than another time's") {
    const auto credential = [](std::string_view seat, std::int64_t now) {
        const auto json = ice_servers_json(kConfig, seat, true, now);
        return json.substr(json.find("credential"));
    };
    CHECK(credential("seat-000001", kNow) == credential("seat-000001", kNow));
    CHECK(credential("seat-000001", kNow) != credential("seat-000002", kNow));
    CHECK(credential("seat-000001", kNow) != credential("seat-000001", kNow + 1));
}

TEST_CASE("ICE servers: who waits is told of none") {
    CHECK(ice_servers_json(kConfig, "seat-000001", false, kNow) == "[]");
}

TEST_CASE("ICE servers: nothing is configured, or no secret for TURN") {
    CHECK(ice_servers_json({}, "seat-000001", true, kNow) == "[]");
    CHECK(ice_servers_json({.servers = {"turns:turn.example", "stuns:stun.example"},
                            .turn_secret = {},
                            .turn_ttl = 1h},
                           "seat-000001", true, kNow) == R"([{"urls":["stuns:stun.example"]}])");
}
