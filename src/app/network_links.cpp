#include "app/network_links.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "protocol/origin.hpp"

namespace videochat::app {
namespace {

using protocol::IpAddress;

constexpr const char* kLocalhost = "localhost";

// Where others find us: the one address we are bound to, or those of the machine.
std::vector<IpAddress> reachable(const Presence& presence) {
    if (presence.listen.host.empty()) return presence.lan;
    const auto bound = IpAddress::parse(presence.listen.host);
    if (!bound || bound->is_loopback()) return {};
    if (!bound->is_unspecified()) return {*bound};
    std::vector<IpAddress> of_family;
    for (const IpAddress& address : presence.lan) {
        if (!bound->is_v4() || address.is_v4()) of_family.push_back(address);
    }
    return of_family;
}

// What this computer itself calls the server; nothing if it is bound to another address alone.
std::string local_name(const ListenConfig& listen) {
    const auto bound = IpAddress::parse(listen.host);
    if (!bound || bound->is_unspecified()) return kLocalhost;
    if (!bound->is_loopback()) return {};
    const bool is_localhost = *bound == IpAddress::parse("127.0.0.1") || !bound->is_v4();
    return is_localhost ? kLocalhost : bound->to_url_host();
}

std::string url(const Presence& presence, bool secure, const std::string& host) {
    const bool is_usual = presence.port == (secure ? 443 : 80);
    return (secure ? "https://" : "http://") + host +
           (is_usual ? "" : ":" + std::to_string(presence.port)) + presence.listen.base_path + "/";
}

// A name with a star stands for one label in its place (RFC 6125).
bool is_named(const Presence& presence, const std::string& host) {
    const std::string any = "*" + host.substr(std::min(host.find('.'), host.size()));
    return has_tls(presence) && std::ranges::any_of(presence.trust.names, [&](const auto& name) {
               return name == host || (name == any && any.size() > 1);
           });
}

// Hosts in one spelling, as http::HostRule compares them.
std::string spelled(const std::string& host) {
    const auto address = IpAddress::parse(host);
    return address ? address->to_string() : protocol::host_name(host);
}

bool is_answered(const ListenConfig& listen, const std::string& host) {
    const auto& allowed = listen.allow_hosts;
    return allowed.empty() || std::ranges::any_of(allowed, [&host](const auto& each) {
               return spelled(each) == spelled(host);
           });
}

// What real certificates are for. The names of a CA of our own may not resolve anywhere.
std::vector<std::string> public_names(const TrustSummary& trust) {
    std::vector<std::string> names;
    if (!trust.ca_sha256.empty()) return names;
    std::ranges::copy_if(trust.names, std::back_inserter(names), [](const std::string& name) {
        return !name.starts_with('*') && name != kLocalhost && !IpAddress::parse(name);
    });
    return names;
}

// Those that the operator listed, for visitors to use.
std::vector<std::string> listed_names(const ListenConfig& listen) {
    std::vector<std::string> names;
    for (const std::string& host : listen.allow_hosts) {
        std::string name = spelled(host);
        const bool is_here = name == kLocalhost || name.ends_with(".localhost");
        if (!name.empty() && !is_here && !IpAddress::parse(name)) names.push_back(std::move(name));
    }
    return names;
}

}  // namespace

bool has_tls(const Presence& presence) { return !presence.trust.leaf_sha256.empty(); }

std::vector<std::string> network_urls(const Presence& presence) {
    std::vector<IpAddress> addresses = reachable(presence);
    std::vector<std::string> links;
    if (addresses.empty()) return links;
    std::vector<std::string> names = public_names(presence.trust);
    std::ranges::copy(listed_names(presence.listen), std::back_inserter(names));
    std::stable_partition(
        addresses.begin(), addresses.end(),
        [&presence](const IpAddress& address) { return is_named(presence, address.to_string()); });
    const auto add = [&](const std::string& host, const std::string& in_url) {
        const std::string link = url(presence, is_named(presence, host), in_url);
        const bool is_known = std::ranges::find(links, link) != links.end();
        if (!is_known && is_answered(presence.listen, host)) links.push_back(link);
    };
    for (const std::string& name : names)
        add(name, name);
    for (const IpAddress& address : addresses)
        add(address.to_string(), address.to_url_host());
    return links;
}

std::string local_url(const Presence& presence) {
    const std::string name = local_name(presence.listen);
    return name.empty() ? name : url(presence, false, name);
}

}  // namespace videochat::app
