#include "app/ice_servers.hpp"

#include <chrono>

#include "app/hmac.hpp"
#include "core/json_text.hpp"
#include "protocol/base64.hpp"
#include "protocol/ice_url.hpp"

namespace videochat::app {

std::string ice_servers_json(const IceConfig& config, std::string_view seat, bool admitted,
                             std::int64_t now) {
    if (!admitted) return "[]";
    std::string json = "[";
    const auto add = [&json](const std::string& server) {
        if (json.size() > 1) json += ",";
        json += server;
    };
    for (const std::string& url : config.servers) {
        const std::string urls = R"({"urls":[)" + core::json_string(url) + "]";
        if (!protocol::is_turn_url(url)) {
            add(urls + "}");
        } else if (!config.turn_secret.empty()) {  // browsers refuse TURN without credentials
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
