#include "app/ice_servers.hpp"

#include <algorithm>
#include <chrono>

#include "app/hmac.hpp"
#include "core/json_text.hpp"
#include "protocol/base64.hpp"

namespace videochat::app {
namespace {

bool is_turn(std::string_view url) { return url.starts_with("turn"); }

}  // namespace

bool is_ice_url(std::string_view url) {
    const std::size_t colon = url.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view scheme = url.substr(0, colon);
    std::string_view rest = url.substr(colon + 1);
    const bool turn = scheme == "turn" || scheme == "turns";
    if (!turn && scheme != "stun" && scheme != "stuns") return false;
    const std::size_t query = rest.find('?');
    if (query != std::string_view::npos) {
        const std::string_view transport = rest.substr(query);
        if (!turn || (transport != "?transport=udp" && transport != "?transport=tcp")) return false;
        rest = rest.substr(0, query);
    }
    return !rest.empty() && std::ranges::all_of(rest, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("-._:[]").find(c) != std::string_view::npos;
    });
}

std::string ice_servers_json(const IceConfig& config, std::string_view seat, bool admitted,
                             std::int64_t now) {
    std::string json = "[";
    const auto add = [&json](const std::string& server) {
        if (json.size() > 1) json += ",";
        json += server;
    };
    for (const std::string& url : config.servers) {
        const std::string urls = R"({"urls":[)" + core::json_string(url) + "]";
        if (!is_turn(url)) {
            add(urls + "}");
        } else if (admitted && config.turn_secret.empty()) {
            add(urls + "}");
        } else if (admitted) {
            const auto ttl = std::chrono::duration_cast<std::chrono::seconds>(config.turn_ttl);
            const std::string name = std::to_string(now + ttl.count()) + ":" + std::string(seat);
            const std::string password =
                protocol::base64_encode(hmac_sha1(config.turn_secret, name));
            add(urls + R"(,"username":)" + core::json_string(name) + R"(,"credential":)" +
                core::json_string(password) + "}");
        }
    }
    return json + "]";
}

}  // namespace videochat::app
