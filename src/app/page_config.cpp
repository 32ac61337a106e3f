#include "app/page_config.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "app/call_query.hpp"
#include "core/json_text.hpp"
#include "http/request_head.hpp"
#include "videochat/version.hpp"

namespace videochat::app {
namespace {

std::string number(std::string_view key, std::uint64_t value) {
    return core::json_string(key) + ":" + std::to_string(value);
}

std::string flag(std::string_view key, bool value) {
    return core::json_string(key) + (value ? ":true" : ":false");
}

std::string texts(const std::vector<std::string>& values) {
    std::string json = "[";
    for (const std::string& value : values) {
        if (json.size() > 1) json += ',';
        json += core::json_string(value);
    }
    return json + "]";
}

std::uint64_t milliseconds(Milliseconds time) { return static_cast<std::uint64_t>(time.count()); }

std::string limits_json(const Config& config) {
    const BandwidthConfig& bandwidth = config.bandwidth;
    return "{" + number("capacity", config.calls.capacity) + "," +
           number("roomName", config.rooms.name_code_points) + "," +
           number("displayName", kLongestDisplayName) + "," +
           number("messageBytes", config.websocket.message) + "," +
           number("ringMs", milliseconds(config.calls.ring_timeout)) + "," +
           number("graceMs", milliseconds(config.calls.seat_grace)) + "," +
           number("bandwidthBytes", bandwidth.enabled ? bandwidth.bytes : 0) + "}";
}

/// Somebody stands between us and the visitor, declared or not: what others open is an address of
/// his, which we do not know.
bool came_through_proxy(const http::Request& request) {
    constexpr std::array kFields{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto",
                                 "X-Forwarded-Host"};
    return request.from_proxy ||
           (request.head != nullptr && std::ranges::any_of(kFields, [&request](const char* field) {
                return request.head->count(field) > 0;
            }));
}

}  // namespace

PageConfig::PageConfig(const Config& config, PageFacts facts)
    : config_(config), facts_(std::move(facts)), limits_(limits_json(config)) {}

const std::vector<std::string>& PageConfig::origins(const http::Request& request) {
    static const std::vector<std::string> kNone;
    if (came_through_proxy(request)) return kNone;
    refresh();
    return origins_;
}

void PageConfig::refresh() {
    const auto now = facts_.now();
    if (asked_ != std::chrono::steady_clock::time_point{} && now - asked_ < kFresh) return;
    asked_ = now;
    origins_ = network_urls(facts_.presence());
    for (std::string& origin : origins_)
        origin.pop_back();  // the slash at the end: pages put their own path behind it
}

http::Response PageConfig::answer(const http::Request& request) {
    const IceFeatures ice = facts_.ice();
    const std::string json = R"({"version":")" VIDEOCHAT_VERSION R"(","origins":)" +
                             texts(origins(request)) + R"(,"limits":)" + limits_ +
                             R"(,"features":{)" + flag("tls", config_.tls.enabled) + "," +
                             flag("stun", ice.stun) + "," + flag("turn", ice.turn) + "," +
                             flag("qr", true) + "," + flag("bandwidth", config_.bandwidth.enabled) +
                             R"(},"embed":)" + texts(config_.listen.embed_origins) + "}\n";
    http::Response response;
    response.fields =
        core::Frame::of_static("Content-Type: application/json\r\nCache-Control: no-store\r\n");
    response.body = core::Frame::copy_of(json);
    response.content_length = json.size();
    return response;
}

}  // namespace videochat::app
