#include "app/banner.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "app/qr_code.hpp"
#include "videochat/version.hpp"

namespace videochat::app {
namespace {

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
