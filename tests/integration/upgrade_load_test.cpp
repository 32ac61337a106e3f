// Many sessions that change from polling to a WebSocket at the same moment: no poll hangs, nothing
// is lost, nothing comes twice, and the order stays.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/process.hpp"
#include "integration/polling_client.hpp"
#include "integration/server_fixture.hpp"
#include "support/catch.hpp"
#include "support/client_frame.hpp"

using namespace std::chrono_literals;
using namespace videochat::test;
using videochat::Config;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kSessions = 500;

// A poll that is not released waits for the next ping, 25 s; a slow machine under a sanitizer does
// not take this long for all of them together.
constexpr auto kStall = 1s;

/// One of two in a room, each sends the numbers 0, 1, 2, ... to the other.
struct Member {
    explicit Member(std::uint16_t port, int index)
        : version(index % 4 < 2 ? 4 : 3),
          polling(port, version, "&room=pair" + std::to_string(index / 2)) {
        if (version == 4) polling.connect();
    }

    std::string event() { return "42[\"main check\"," + std::to_string(sent++) + "]"; }
    void post_event() {
        std::string packet = event();
        if (version == 3) packet = std::to_string(packet.size()) + ":" + packet;
        if (polling.post(packet).body != "ok") ++failures;
    }
    void read_poll() { take(polling.end_poll().body); }
    void take(const std::string& text) {
        const std::string mark = "main check answer\",";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            received.push_back(std::stoi(text.substr(at + mark.size())));
        }
    }
    void open_websocket(std::uint16_t port) {
        websocket = std::make_unique<RawClient>(port);
        websocket->send(upgrade_request(polling.upgrade_target()) + client_frame("2probe"));
    }
    void finish_upgrade() {
        const auto probed = [](std::string_view bytes) {
            return bytes.find("3probe") != std::string_view::npos;
        };
        if (!probed(websocket->read_until(probed))) ++failures;
        websocket->send(client_frame("5") + client_frame(event()));
    }
    void read_websocket() {
        const std::string last = "main check answer\"," + std::to_string(sent - 1) + "]";
        take(websocket->read_until([&last](std::string_view bytes) {
            return bytes.find(last) != std::string_view::npos;
        }));
    }

    int version;
    PollingClient polling;
    std::unique_ptr<RawClient> websocket;
    int sent = 0;
    int failures = 0;
    std::vector<int> received;
};

}  // namespace

TEST_CASE("Upgrades: 500 sessions at once, none stalls, nothing is lost or doubled") {
    videochat::app::raise_descriptor_limit();
    Config config = test_config();
    config.admission.connections_per_address = 0;
    const RunningServer server(config);
    const std::uint16_t port = server.port();
    std::vector<std::unique_ptr<Member>> all;
    for (int i = 0; i < kSessions; ++i)
        all.push_back(std::make_unique<Member>(port, i));
    const auto each = [&all](auto&& step) {
        const auto began = Clock::now();
        for (const auto& member : all)
            step(*member);
        return Clock::now() - began;
    };

    each([](Member& member) { member.polling.begin_poll(); });
    each([](Member& member) { member.post_event(); });
    each([port](Member& member) { member.open_websocket(port); });
    each([](Member& member) { member.read_poll(); });
    // Upgrading: these polls come back by themselves, with or without something.
    each([](Member& member) { member.polling.begin_poll(); });
    CHECK(each([](Member& member) { member.read_poll(); }) < kStall);
    each([](Member& member) { member.post_event(); });
    each([](Member& member) { member.finish_upgrade(); });
    CHECK(each([](Member& member) { member.read_websocket(); }) < kStall);

    for (const auto& member : all) {
        CHECK(member->received == std::vector<int>{0, 1, 2});
        CHECK(member->failures == 0);
    }
    CHECK(metric(port, "videochat_upgrades_finished_total") == kSessions);
    all.clear();
    CHECK(eventually(
        [port] { return metric(port, "videochat_sessions_closed_total") == kSessions; }));
}
