#include "app/banner.hpp"

#include <qrencode.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "videochat/version.hpp"

namespace videochat::app {
namespace {

using protocol::IpAddress;

constexpr const char* kLocalhost = "localhost";

// Where others find us: the one address we are bound to, or those of the machine.
std::vector<IpAddress> reachable(const ListenConfig& listen, const std::vector<IpAddress>& lan) {
    if (listen.host.empty()) return lan;
    const auto bound = IpAddress::parse(listen.host);
    if (!bound || bound->is_loopback()) return {};
    if (!bound->is_unspecified()) return {*bound};
    std::vector<IpAddress> of_family;
    for (const IpAddress& address : lan) {
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

std::string url(const ListenConfig& listen, std::uint16_t port, const std::string& host) {
    constexpr std::uint16_t kHttpPort = 80;
    const std::string suffix = port == kHttpPort ? "" : ":" + std::to_string(port);
    return "http://" + host + suffix + listen.base_path + "/";
}

// Two modules a character. Colours are set outright: with the terminal's own ones half of the
// themes would show a negative, which many phones do not read.
class QrCode {
  public:
    explicit QrCode(const std::string& text)
        : code_(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L), &QRcode_free) {}

    std::string drawn() const {
        std::string lines;
        if (!code_) return lines;
        for (int y = -kQuiet; y < code_->width + kQuiet; y += 2) {
            lines += "  \x1b[38;5;16;48;5;231m";  // black on white
            for (int x = -kQuiet; x < code_->width + kQuiet; ++x) {
                lines += half_blocks(is_dark(x, y), is_dark(x, y + 1));
            }
            lines += "\x1b[0m\n";
        }
        return lines;
    }

  private:
    static constexpr int kQuiet = 4;  // modules around the code that must stay light

    static const char* half_blocks(bool upper, bool lower) {
        if (upper) return lower ? "\u2588" : "\u2580";
        return lower ? "\u2584" : " ";
    }

    bool is_dark(int x, int y) const {
        const int width = code_->width;
        if (x < 0 || y < 0 || x >= width || y >= width) return false;
        return (code_->data[y * width + x] & 1U) != 0;
    }

    std::unique_ptr<QRcode, decltype(&QRcode_free)> code_;
};

std::string network_lines(const std::vector<std::string>& links) {
    std::string lines;
    for (const std::string& link : links) {
        lines += (lines.empty() ? "  On your network:   " : "                     ") + link + "\n";
    }
    return lines;
}

}  // namespace

std::vector<std::string> urls(const ListenConfig& listen, std::uint16_t port,
                              const std::vector<IpAddress>& lan) {
    std::vector<std::string> all;
    const std::string local = local_name(listen);
    if (!local.empty()) all.push_back(url(listen, port, local));
    for (const IpAddress& address : reachable(listen, lan)) {
        all.push_back(url(listen, port, address.to_url_host()));
    }
    return all;
}

std::string banner(const ListenConfig& listen, std::uint16_t port,
                   const std::vector<IpAddress>& lan, bool terminal) {
    std::vector<std::string> links = urls(listen, port, lan);
    std::string text = "\nvideochat-server " + std::string(kVersion) + " is ready.\n\n";
    if (!local_name(listen).empty()) {
        text += "  On this computer:  " + links.front() + "\n";
        links.erase(links.begin());
    }
    if (!links.empty()) {
        text += network_lines(links);
        if (terminal) text += "\n" + QrCode(links.front()).drawn();
        text +=
            "\n  Browsers give camera and microphone only to localhost or https pages: calls over\n"
            "  the network need a proxy with https in front of this server.\n";
    }
    if (terminal) text += "\n  Ctrl+C stops the server.\n";
    return text + "\n";
}

std::string banner_json(const ListenConfig& listen, std::uint16_t port,
                        const std::vector<IpAddress>& lan) {
    const nlohmann::ordered_json line{{"event", "listening"},
                                      {"port", port},
                                      {"urls", urls(listen, port, lan)},
                                      {"version", kVersion}};
    return line.dump() + "\n";
}

}  // namespace videochat::app
