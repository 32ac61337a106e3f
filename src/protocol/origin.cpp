// See origin.hpp.
#include "protocol/origin.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>

#include "protocol/ip_address.hpp"

namespace videochat::protocol {
namespace {

constexpr std::size_t kLongestName = 255;  // of the DNS

/// host[:port] in pieces; without a port 0, which no server listens on.
struct Authority {
    std::string host;  // in lower case; an IPv6 literal with its brackets
    unsigned port = 0;
};

struct Origin {
    std::string scheme;  // in lower case
    Authority authority;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return lower;
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_';
}

/// A name or an IPv4 address, in lower case. Only the root's label, behind a dot at the end, is
/// empty.
bool is_name(std::string_view host) {
    return !host.empty() && host.size() <= kLongestName && host.front() != '.' &&
           host.find("..") == std::string_view::npos &&
           std::all_of(host.begin(), host.end(), is_name_character);
}

bool is_bracketed_ipv6(std::string_view host) {
    if (host.size() < 4 || host.back() != ']') return false;
    const std::string literal(host.substr(1, host.size() - 2));
    // inet_pton would stop at a NUL and call what stands before it an address.
    if (literal.find('\0') != std::string::npos) return false;
    in6_addr address{};
    return inet_pton(AF_INET6, literal.c_str(), &address) == 1;
}

/// The digits behind the colon. No leading zero: one port has one spelling, and 0 is nobody's.
std::optional<unsigned> parse_port(std::string_view digits) {
    if (digits.empty() || digits.size() > 5 || digits.front() == '0') return std::nullopt;
    unsigned port = 0;
    for (const char c : digits) {
        if (!is_digit(c)) return std::nullopt;
        port = port * 10 + static_cast<unsigned>(c - '0');
    }
    if (port > 65535) return std::nullopt;
    return port;
}

std::optional<Authority> parse_authority(std::string_view text) {
    Authority authority;
    const std::size_t bracket = text.rfind(']');
    const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    authority.host = to_lower(text.substr(0, colon));
    const bool is_literal = !text.empty() && text.front() == '[';
    if (is_literal ? !is_bracketed_ipv6(authority.host) : !is_name(authority.host)) {
        return std::nullopt;
    }
    if (colon == std::string_view::npos) return authority;
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return std::nullopt;
    authority.port = *port;
    return authority;
}

bool is_scheme(std::string_view scheme) {
    return !scheme.empty() && scheme.front() >= 'a' && scheme.front() <= 'z' &&
           std::all_of(scheme.begin(), scheme.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || is_digit(c) || c == '+' || c == '-' || c == '.';
           });
}

/// 0 for a scheme that has none.
unsigned default_port(std::string_view scheme) {
    if (scheme == "http") return 80;
    if (scheme == "https") return 443;
    return 0;
}

std::optional<Origin> parse_origin(std::string_view text) {
    const std::size_t end = text.find("://");
    if (end == std::string_view::npos) return std::nullopt;
    const auto authority = parse_authority(text.substr(end + 3));
    Origin origin{to_lower(text.substr(0, end)), {}};
    if (!authority || !is_scheme(origin.scheme)) return std::nullopt;
    origin.authority = *authority;
    if (origin.authority.port == default_port(origin.scheme)) origin.authority.port = 0;
    return origin;
}

std::string to_text(const Origin& origin) {
    std::string text = origin.scheme + "://" + origin.authority.host;
    if (origin.authority.port != 0) text += ':' + std::to_string(origin.authority.port);
    return text;
}

/// A Host does not tell its scheme, so its default port is the one of the origin.
bool is_same_host(const Origin& origin, const Authority& host) {
    const unsigned implied = default_port(origin.scheme);
    if (implied == 0) return false;  // only pages from a web server can be our own
    const unsigned ours = host.port == implied ? 0 : host.port;
    return origin.authority.host == host.host && origin.authority.port == ours;
}

}  // namespace

bool is_valid_host(std::string_view host) { return parse_authority(host).has_value(); }

std::string host_name(std::string_view host) {
    const auto authority = parse_authority(host);
    if (!authority) return {};
    std::string_view name = authority->host;
    if (name.front() == '[') {
        name = name.substr(1, name.size() - 2);
        const auto address = IpAddress::parse(name);
        return address ? address->to_string() : std::string(name);
    }
    if (name.back() == '.') name.remove_suffix(1);
    return std::string(name);
}

std::optional<std::string> normalize_origin(std::string_view origin) {
    const auto parsed = parse_origin(origin);
    if (!parsed) return std::nullopt;
    return to_text(*parsed);
}

bool is_origin_allowed(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed) {
    const auto parsed = parse_origin(origin);
    if (!parsed) return false;
    const auto ours = parse_authority(host);
    if (ours && is_same_host(*parsed, *ours)) return true;
    return std::find(allowed.begin(), allowed.end(), to_text(*parsed)) != allowed.end();
}

}  // namespace videochat::protocol
