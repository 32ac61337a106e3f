// See host_rule.hpp.
#include "http/host_rule.hpp"

#include <algorithm>

#include "http/response_head.hpp"
#include "protocol/ip_address.hpp"
#include "protocol/origin.hpp"

namespace videochat::http {

bool is_loopback_host(std::string_view host) {
    const std::string name = protocol::host_name(host);
    // Only ::1 itself: browsers do not trust 127.0.0.1 in the clothes of IPv6.
    if (host.starts_with('[')) return name == "::1";
    if (name == "localhost" || name.ends_with(".localhost")) return true;
    const auto address = protocol::IpAddress::parse(name);
    return address && address->is_loopback();
}

HostRule::HostRule(const std::vector<std::string>& allowed) {
    for (const std::string& text : allowed) {
        const auto address = protocol::IpAddress::parse(text);
        names_.push_back(address ? address->to_string() : protocol::host_name(text));
    }
}

bool HostRule::allows(std::string_view host) const {
    if (names_.empty()) return true;
    const std::string name = protocol::host_name(host);
    return !name.empty() && std::ranges::find(names_, name) != names_.end();
}

std::optional<Response> HostRule::refusal(std::string_view host, std::string_view authority) const {
    if (allows(host) && (authority.empty() || allows(authority))) return std::nullopt;
    Response response = plain_response(421);
    response.close = true;
    return response;
}

}  // namespace videochat::http
