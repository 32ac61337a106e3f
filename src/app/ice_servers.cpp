#include "app/ice_servers.hpp"

#include <algorithm>

#include "app/hmac.hpp"
#include "core/json_text.hpp"
#include "protocol/base64.hpp"
#include "protocol/ice_url.hpp"

namespace videochat::app {
namespace {

// What stands behind the URL of a TURN server.
std::string credentials_json(const IceConfig& config, std::string_view seat, std::int64_t now) {
    const auto ttl = std::chrono::duration_cast<std::chrono::seconds>(
        std::min<Milliseconds>(config.turn_ttl, kLongestTurnTtl));
    const std::string name = std::to_string(now + ttl.count()) + ":" + std::string(seat);
    const std::string password = protocol::base64_encode(hmac_sha1(config.turn_secret, name));
    return R"(,"username":)" + core::json_string(name) + R"(,"credential":)" +
           core::json_string(password);
}

}  // namespace

std::string ice_servers_json(const IceConfig& config, std::uint16_t stun_port,
                             std::string_view seat, bool admitted, std::int64_t now) {
    if (!admitted) return "[]";
    // Browsers refuse TURN without credentials.
    const std::string credentials =
        config.turn_secret.empty() ? "" : credentials_json(config, seat, now);
    std::string json = "[";
    const auto add = [&](const std::string& url) {
        const bool is_turn = protocol::is_turn_url(url);
        if (is_turn && credentials.empty()) return;
        if (json.size() > 1) json += ",";
        json += R"({"urls":[)" + core::json_string(url) + "]" + (is_turn ? credentials : "") + "}";
    };
    if (stun_port != 0) {
        add("stun:" + std::string(protocol::kPageHost) + ":" + std::to_string(stun_port));
    }
    for (const std::string& url : config.servers)
        add(url);
    for (const std::string& url : config.turn_urls)
        add(url);
    return json + "]";
}

IceFeatures ice_features(const IceConfig& config, std::uint16_t stun_port) {
    const auto is_stun = [](const std::string& url) { return !protocol::is_turn_url(url); };
    const bool has_turn =
        !config.turn_urls.empty() || !std::ranges::all_of(config.servers, is_stun);
    return {.stun = stun_port != 0 || std::ranges::any_of(config.servers, is_stun),
            .turn = has_turn && !config.turn_secret.empty()};
}

}  // namespace videochat::app
