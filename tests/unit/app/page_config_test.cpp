// app/page_config: what pages are told of the server, and of its addresses.
#include "app/page_config.hpp"

#include "http/request_head.hpp"
#include "presences.hpp"
#include "support/catch.hpp"
#include "videochat/version.hpp"

using namespace videochat;
using namespace videochat::app;
using namespace std::chrono_literals;
using test::Presence;

namespace {

/// A page's server in a network that can be changed, with a clock that is set by hand.
struct World {
    explicit World(Config given = {}) : config(std::move(given)) {}

    std::string answer(const std::vector<std::string_view>& fields = {}, bool from_proxy = false) {
        http::RequestHead head;
        for (const auto field : fields)
            head.fields.push_back({field, "x"});
        http::Request request;
        request.head = &head;
        request.from_proxy = from_proxy;
        http::Response response = page_config.answer(request);
        CHECK(response.status == 200);
        CHECK(response.fields.view() ==
              "Content-Type: application/json\r\nCache-Control: no-store\r\n");
        CHECK(response.content_length == response.body.size());
        return std::string(response.body.view());
    }

    /// What stands behind `key` up to `end`, without it.
    static std::string part(const std::string& json, const std::string& key, std::string_view end) {
        const auto at = json.find("\"" + key + "\":") + key.size() + 3;
        return json.substr(at, json.find(end, at) - at);
    }
    std::string origins() { return part(answer(), "origins", "],").substr(1); }

    Config config;
    Presence presence = test::secure({"192.168.1.10"});
    IceFeatures ice{};
    std::chrono::steady_clock::time_point now{1h};
    int asked = 0;
    PageConfig page_config{config,
                           {.presence =
                                [this] {
                                    ++asked;
                                    return presence;
                                },
                            .ice = [this] { return ice; },
                            .now = [this] { return now; }}};
};

}  // namespace

TEST_CASE("Page config: everything, word for word") {
    World world;
    world.ice = {.stun = true, .turn = false};
    CHECK(world.answer() ==
          R"({"version":")" VIDEOCHAT_VERSION
          R"(","origins":["https://192.168.1.10:3000","http://[fd00::10]:3000"],)"
          R"("limits":{"capacity":6,"roomName":64,"displayName":64,"messageBytes":262144,)"
          R"("ringMs":30000,"graceMs":30000,"bandwidthBytes":8388608},)"
          R"("features":{"tls":true,"stun":true,"turn":false,"qr":true,"bandwidth":true},)"
          R"("embed":[]})"
          "\n");
}

TEST_CASE("Page config: is that of the configuration") {
    Config config;
    config.calls.capacity = 3;
    config.calls.ring_timeout = 7s;
    config.calls.seat_grace = 8s;
    config.rooms.name_code_points = 9;
    config.websocket.message = 1000;
    config.tls.enabled = false;
    config.bandwidth.enabled = false;
    config.listen.embed_origins = {"https://a.example", "http://b.example:8080"};
    World world(config);
    world.ice = {.stun = false, .turn = true};
    const std::string json = world.answer();
    CHECK(World::part(json, "limits", "}") ==
          R"({"capacity":3,"roomName":9,"displayName":64,"messageBytes":1000,)"
          R"("ringMs":7000,"graceMs":8000,"bandwidthBytes":0)");
    CHECK(World::part(json, "features", "}") ==
          R"({"tls":false,"stun":false,"turn":true,"qr":true,"bandwidth":false)");
    CHECK(World::part(json, "embed", "\n") == R"(["https://a.example","http://b.example:8080"]})");
}

TEST_CASE("Page config: origins have the base path and no slash at their end") {
    World world;
    world.presence.listen.base_path = "/call";
    world.presence.port = 443;
    CHECK(world.origins() == R"("https://192.168.1.10/call","http://[fd00::10]:443/call")");
    world.presence.listen.host = "127.0.0.1";
    world.now += 1min;
    CHECK(world.origins().empty());
}

TEST_CASE("Page config: behind a proxy, declared or not, it does not know where it is reached") {
    World world;
    CHECK(World::part(world.answer({}, true), "origins", "],") == "[");
    for (const auto* field :
         {"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "x-forwarded-host"}) {
        CAPTURE(field);
        CHECK(World::part(world.answer({"Host", field}), "origins", "],") == "[");
    }
    CHECK(World::part(world.answer({"Host", "Accept"}), "origins", "],") != "[");
}

TEST_CASE("Page config: a network that changes is seen, and the system is not asked each time") {
    World world;
    const std::string before = world.origins();
    world.presence = test::with_port(world.presence, 4000);
    for (int i = 0; i < 10; ++i)
        CHECK(world.origins() == before);
    CHECK(world.asked == 1);
    world.now += PageConfig::kFresh;
    CHECK(world.origins() == R"("https://192.168.1.10:4000","http://[fd00::10]:4000")");
    CHECK(world.asked == 2);
}
