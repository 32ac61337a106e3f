#include "protocol/ice_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "protocol/ip_address.hpp"

namespace videochat::protocol {
namespace {

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, port);
    return parsed.ec == std::errc{} && parsed.ptr == end && port != 0;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '.' || c == '_';
    });
}

bool is_host_and_port(std::string_view text) {
    std::size_t end = text.find(':');
    if (text.starts_with(kPageHost)) {
        end = kPageHost.size();
        if (end == text.size()) return true;
        if (text[end] != ':') return false;
    } else if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == std::string_view::npos) return false;
        const auto address = text.substr(1, bracket - 1);
        if (address.find(':') == std::string_view::npos || !IpAddress::parse(address)) return false;
        end = bracket + 1;
        if (end == text.size()) return true;
        if (text[end] != ':') return false;
    } else if (!is_name(text.substr(0, end))) {
        return false;
    }
    return end == std::string_view::npos || is_port(text.substr(end + 1));
}

}  // namespace

bool is_turn_url(std::string_view url) {
    return url.starts_with("turn:") || url.starts_with("turns:");
}

bool is_ice_url(std::string_view url) {
    const bool is_turn = is_turn_url(url);
    if (!is_turn && !url.starts_with("stun:") && !url.starts_with("stuns:")) return false;
    url.remove_prefix(url.find(':') + 1);
    const std::size_t query = url.find('?');
    if (query != std::string_view::npos) {
        const std::string_view transport = url.substr(query + 1);
        if (!is_turn || (transport != "transport=udp" && transport != "transport=tcp"))
            return false;
    }
    return is_host_and_port(url.substr(0, query));
}

}  // namespace videochat::protocol
