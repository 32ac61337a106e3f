#include "app/option_values.hpp"

#include <algorithm>

#include "protocol/ice_url.hpp"
#include "protocol/ip_address.hpp"
#include "protocol/origin.hpp"

namespace videochat::app {

std::optional<std::string> as_host(std::string_view text) {
    if (text == "localhost") return "127.0.0.1";
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const auto address = protocol::IpAddress::parse(text);
    return address ? std::optional(address->to_string()) : std::nullopt;
}

std::optional<std::string> as_base_path(std::string_view text) {
    constexpr std::string_view kSegmentBytes =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~.";
    if (text.starts_with('/')) text.remove_prefix(1);
    std::string path;
    while (!text.empty()) {
        const auto segment = text.substr(0, text.find('/'));
        if (segment.empty() || segment.front() == '.') return std::nullopt;
        if (segment.find_first_not_of(kSegmentBytes) != std::string_view::npos) return std::nullopt;
        path.append("/").append(segment);
        text.remove_prefix(std::min(segment.size() + 1, text.size()));
    }
    return path;
}

std::optional<std::string> as_address(std::string_view text) {
    const auto address = protocol::IpAddress::parse(text);
    return address ? std::optional(address->to_string()) : std::nullopt;
}

std::optional<std::string> as_dns_name(std::string_view text) {
    constexpr std::size_t kLongestName = 253;
    constexpr std::size_t kLongestLabel = 63;
    if (text.size() > kLongestName || protocol::IpAddress::parse(text)) return std::nullopt;
    std::string name;
    while (true) {
        const auto label = text.substr(0, text.find('.'));
        if (label.empty() || label.size() > kLongestLabel) return std::nullopt;
        if (label.front() == '-' || label.back() == '-') return std::nullopt;
        for (const char c : label) {
            const bool is_upper = c >= 'A' && c <= 'Z';
            const bool is_other = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            if (!is_upper && !is_other) return std::nullopt;
            name += static_cast<char>(is_upper ? c - 'A' + 'a' : c);
        }
        if (label.size() == text.size()) return name;
        name += '.';
        text.remove_prefix(label.size() + 1);
    }
}

std::optional<std::string> as_host_name(std::string_view text) {
    if (auto name = as_dns_name(text)) return name;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const auto address = protocol::IpAddress::parse(text);
    return address ? std::optional(address->to_url_host()) : std::nullopt;
}

std::optional<std::string> as_embed_origin(std::string_view text) {
    auto origin = protocol::normalize_origin(text);
    const bool is_of_web =
        origin && (origin->starts_with("http://") || origin->starts_with("https://"));
    return is_of_web && origin->find('[') == std::string::npos ? origin : std::nullopt;
}

std::optional<std::string> as_network(std::string_view text) {
    return protocol::Cidr::parse(text) ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> as_path(std::string_view text) {
    const bool is_path = !text.empty() && text.find('\0') == std::string_view::npos;
    return is_path ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> as_page(std::string_view text) {
    const bool is_name = !text.starts_with('.') && text.find('/') == std::string_view::npos;
    return is_name ? as_path(text) : std::nullopt;
}

std::optional<std::string> as_level(std::string_view text) {
    for (const std::string_view level : {"trace", "debug", "info", "warn", "error", "off"}) {
        if (text == level) return std::string(text);
    }
    return std::nullopt;
}

std::optional<std::string> as_format(std::string_view text) {
    return text == "text" || text == "json" ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> as_ice_url(std::string_view text) {
    return protocol::is_ice_url(text) ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> as_turn_url(std::string_view text) {
    return protocol::is_turn_url(text) ? as_ice_url(text) : std::nullopt;
}

std::optional<std::string> as_secret(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(std::string(text));
}

}  // namespace videochat::app
