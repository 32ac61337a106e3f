#include "app/banner.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "app/qr_code.hpp"
#include "videochat/version.hpp"

namespace videochat::app {
namespace {

using protocol::IpAddress;

constexpr const char* kLocalhost = "localhost";

bool has_tls(const Presence& presence) { return !presence.trust.leaf_sha256.empty(); }

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

bool is_named(const Presence& presence, const IpAddress& address) {
    const std::vector<std::string>& names = presence.trust.names;
    return has_tls(presence) && std::ranges::find(names, address.to_string()) != names.end();
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

// Two modules a character. Colours are set outright: with the terminal's own ones half of the
// themes would show a negative, which many phones do not read.
std::string drawn(const QrCode& code) {
    constexpr auto half_blocks = [](bool upper, bool lower) {
        if (upper) return lower ? "\u2588" : "\u2580";
        return lower ? "\u2584" : " ";
    };
    constexpr int kQuiet = QrCode::kQuiet;
    std::string lines;
    if (code.width() == 0) return lines;
    for (int y = -kQuiet; y < code.width() + kQuiet; y += 2) {
        lines += "  \x1b[38;5;16;48;5;231m";  // black on white
        for (int x = -kQuiet; x < code.width() + kQuiet; ++x) {
            lines += half_blocks(code.is_dark(x, y), code.is_dark(x, y + 1));
        }
        lines += "\x1b[0m\n";
    }
    return lines;
}

std::string network_lines(const std::vector<std::string>& links) {
    std::string lines;
    for (const std::string& link : links) {
        lines += (lines.empty() ? "  On your network:   " : "                     ") + link + "\n";
    }
    return lines;
}

// What https asks of who comes over the network.
std::string network_note(const TrustSummary& trust) {
    if (trust.leaf_sha256.empty()) {
        return "\n  Browsers give camera and microphone only to localhost or https pages: calls "
               "over\n"
               "  the network need a proxy with https in front of this server.\n";
    }
    if (trust.ca_sha256.empty()) return {};
    return "\n  Browsers do not know this server and warn once. It is the right one if they show "
           "the\n"
           "  certificate below. The same address with http:// tells how a device trusts it.\n";
}

// For people to compare, so in full.
std::string fingerprints(const TrustSummary& trust) {
    if (trust.leaf_sha256.empty()) return {};
    std::string lines = "\n  Certificate (SHA-256):  " + trust.leaf_sha256 + "\n";
    if (!trust.ca_sha256.empty()) lines += "  Its CA (SHA-256):       " + trust.ca_sha256 + "\n";
    return lines;
}

}  // namespace

std::vector<std::string> network_urls(const Presence& presence) {
    std::vector<IpAddress> addresses = reachable(presence);
    std::vector<std::string> links;
    if (addresses.empty()) return links;
    for (const std::string& name : public_names(presence.trust))
        links.push_back(url(presence, true, name));
    std::stable_partition(
        addresses.begin(), addresses.end(),
        [&presence](const IpAddress& address) { return is_named(presence, address); });
    for (const IpAddress& address : addresses)
        links.push_back(url(presence, is_named(presence, address), address.to_url_host()));
    return links;
}

std::string local_url(const Presence& presence) {
    const std::string name = local_name(presence.listen);
    return name.empty() ? name : url(presence, false, name);
}

std::string banner(const Presence& presence, bool terminal) {
    const std::vector<std::string> links = network_urls(presence);
    const std::string local = local_url(presence);
    std::string text = "\nvideochat-server " + std::string(kVersion) + " is ready.\n\n";
    text += network_lines(links);
    if (!local.empty()) text += "  On this computer:  " + local + "\n";
    if (!links.empty() && terminal) text += "\n" + drawn(QrCode(links.front()));
    if (!links.empty()) text += network_note(presence.trust);
    text += fingerprints(presence.trust);
    if (terminal) text += "\n  Ctrl+C stops the server.\n";
    return text + "\n";
}

std::string banner_json(const Presence& presence) {
    using Json = nlohmann::ordered_json;
    std::vector<std::string> urls = network_urls(presence);
    if (std::string local = local_url(presence); !local.empty()) urls.push_back(std::move(local));
    Json line{
        {"event", "listening"}, {"port", presence.port}, {"urls", urls}, {"version", kVersion}};
    if (has_tls(presence)) {
        const std::string& ca = presence.trust.ca_sha256;
        line["leaf"] = Json{{"sha256", presence.trust.leaf_sha256}};
        line["ca"] = ca.empty() ? Json(nullptr) : Json{{"sha256", ca}};
    }
    return line.dump() + "\n";
}

}  // namespace videochat::app
