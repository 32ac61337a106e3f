// What members are told of STUN and TURN servers. The credentials were reckoned by another program
// (openssl dgst -sha1 -hmac), as coturn's use-auth-secret does.
#include "app/ice_servers.hpp"

#include "support/catch.hpp"

using namespace videochat;
using namespace std::chrono_literals;
using app::ice_servers_json;

namespace {

const IceConfig kConfig{.servers = {"stun:stun.example:3478", "turn:turn.example?transport=udp"},
                        .turn_urls = {},
                        .turn_secret = "north",
                        .turn_secret_file = {},
                        .turn_ttl = 12h};
constexpr std::int64_t kNow = 1'700'000'000;

}  // namespace

TEST_CASE("ICE servers: a member's credentials name its seat and their end") {
    CHECK(ice_servers_json(kConfig, 0, "seat-000001", true, kNow) ==
          R"([{"urls":["stun:stun.example:3478"]},)"
          R"({"urls":["turn:turn.example?transport=udp"],)"
          R"("username":"1700043200:seat-000001","credential":"7ekMrIjowPGy4qT3kp5365mltmQ="}])");
}

TEST_CASE("ICE servers: credentials are another seat's no more than another time's") {
    const auto credential = [](std::string_view seat, std::int64_t now) {
        const auto json = ice_servers_json(kConfig, 0, seat, true, now);
        return json.substr(json.find("credential"));
    };
    CHECK(credential("seat-000001", kNow) == credential("seat-000001", kNow));
    CHECK(credential("seat-000001", kNow) != credential("seat-000002", kNow));
    CHECK(credential("seat-000001", kNow) != credential("seat-000001", kNow + 1));
}

TEST_CASE("ICE servers: who waits is told of none") {
    CHECK(ice_servers_json(kConfig, 0, "seat-000001", false, kNow) == "[]");
}

TEST_CASE("ICE servers: nothing is configured, or no secret for TURN") {
    CHECK(ice_servers_json({}, 0, "seat-000001", true, kNow) == "[]");
    CHECK(ice_servers_json({.servers = {"turns:turn.example", "stuns:stun.example"},
                            .turn_urls = {"turn:{host}:3478"},
                            .turn_secret = {},
                            .turn_secret_file = {},
                            .turn_ttl = 1h},
                           0, "seat-000001", true, kNow) == R"([{"urls":["stuns:stun.example"]}])");
}

TEST_CASE("ICE servers: which kinds there are") {
    const auto kinds = [](const IceConfig& config, std::uint16_t stun_port) {
        const auto [stun, turn] = app::ice_features(config, stun_port);
        return std::string(stun ? "stun " : "") + (turn ? "turn" : "");
    };
    IceConfig only_turn = kConfig;
    only_turn.servers = {"turn:turn.example"};
    IceConfig without_secret = kConfig;
    without_secret.turn_secret.clear();
    IceConfig own_turn;
    own_turn.turn_urls = {"turn:{host}:3478"};
    own_turn.turn_secret = "s";
    CHECK(kinds({}, 0).empty());
    CHECK(kinds({}, 3000) == "stun ");
    CHECK(kinds(kConfig, 0) == "stun turn");
    CHECK(kinds(only_turn, 0) == "turn");
    CHECK(kinds(without_secret, 0) == "stun ");
    CHECK(kinds(own_turn, 3000) == "stun turn");
}

TEST_CASE("ICE servers: our own STUN is the first, TURN's own list the last") {
    IceConfig config = kConfig;
    config.turn_urls = {"turn:{host}:3479", "turns:{host}:5349?transport=tcp"};
    const std::string credentials =
        R"("username":"1700043200:seat-000001","credential":"7ekMrIjowPGy4qT3kp5365mltmQ=")";
    CHECK(ice_servers_json(config, 3000, "seat-000001", true, kNow) ==
          R"([{"urls":["stun:{host}:3000"]},)"
          R"({"urls":["stun:stun.example:3478"]},)"
          R"({"urls":["turn:turn.example?transport=udp"],)" +
              credentials + R"(},{"urls":["turn:{host}:3479"],)" + credentials +
              R"(},{"urls":["turns:{host}:5349?transport=tcp"],)" + credentials + "}]");
    CHECK(ice_servers_json(config, 3000, "seat-000001", false, kNow) == "[]");
    CHECK(ice_servers_json({}, 65535, "seat-000001", true, kNow) ==
          R"([{"urls":["stun:{host}:65535"]}])");
}

TEST_CASE("ICE servers: credentials hold a day at most") {
    IceConfig config = kConfig;
    const auto is_until = [&config](std::int64_t end) {
        const auto json = ice_servers_json(config, 0, "seat-000001", true, kNow);
        return json.find("\"" + std::to_string(end) + ":seat-000001\"") != std::string::npos;
    };
    config.turn_ttl = 24h;
    CHECK(is_until(kNow + 86'400));
    config.turn_ttl = 24h * 365;
    CHECK(is_until(kNow + 86'400));
}
