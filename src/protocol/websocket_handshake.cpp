#include "protocol/websocket_handshake.hpp"

#include <algorithm>

namespace videochat::protocol {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

bool is_handshake_key(std::string_view key) {
    // 16 bytes are 22 digits, the last of which has four unused bits, and "==".
    if (key.size() != 24 || key.substr(22) != "==") return false;
    const auto is_digit = [](char c) { return kBase64.find(c) != std::string_view::npos; };
    return std::all_of(key.begin(), key.begin() + 22, is_digit) && kBase64.find(key[21]) % 16 == 0;
}

unsigned judge_handshake(const HandshakeRequest& request) {
    if (!request.is_get) return 405;
    if (!request.upgrades_to_websocket) return 426;
    if (request.minor_version < 1 || !request.connection_upgrade) return 400;
    if (request.version_count != 1) return request.version_count == 0 ? 426 : 400;
    if (request.version != "13") return 426;
    return request.key_count == 1 && is_handshake_key(request.key) ? 101 : 400;
}

}  // namespace videochat::protocol
