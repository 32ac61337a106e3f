#include "turn/coturn_config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include "protocol/quoted_text.hpp"

namespace videochat::turn {
namespace {

using protocol::IpAddress;

constexpr std::size_t kTotalQuota = 1000;
constexpr std::size_t kBytesPerSecond = 2 * kMiB;  // of one allocation, in each direction

// What never may be a peer. Only whole networks: coturn 4.6 compares IPv6 ranges byte by byte. None
// begins with "::": coturn takes that for "from the first address of any family on", IPv4 too.
constexpr std::array<std::string_view, 20> kDenied{
    "0.0.0.0/8",       // this network
    "10.0.0.0/8",      // private
    "100.64.0.0/10",   // private: of a provider
    "127.0.0.0/8",     // loopback
    "169.254.0.0/16",  // link-local, the metadata of clouds too
    "172.16.0.0/12",   // private
    "192.0.0.0/24",    // of protocols
    "192.168.0.0/16",  // private
    "198.18.0.0/15",   // of measurements
    "224.0.0.0/4",     // multicast
    "240.0.0.0/4",     // reserved, broadcast
    "::ffff:0:0/96",   // IPv4, mapped
    "64:ff9b::/96",    // IPv4, translated (RFC 6052)
    "64:ff9b:1::/48",  // the same, of private networks (RFC 8215)
    "2001::/32",       // IPv4 inside: Teredo
    "2002::/16",       // IPv4 inside: 6to4
    "fc00::/7",        // unique local
    "fe80::/10",       // link-local
    "fec0::/10",       // site-local, of old
    "ff00::/8",        // multicast
};
// More than coturn's own checks of ::1 and :: is IPv4 written as ::a.b.c.d, from ::1.0.0.0 on.
constexpr std::string_view kCompatible = "::1.0.0.0-::255.255.255.255";

IpAddress last_of(const IpAddress& network, unsigned prefix) {
    auto bytes = network.bytes();
    for (unsigned bit = prefix; bit < 128; ++bit) {
        bytes.at(bit / 8) = static_cast<std::uint8_t>(bytes.at(bit / 8) | (0x80U >> bit % 8));
    }
    return IpAddress::from_v6(bytes);
}

IpAddress first_of(const IpAddress& network, unsigned prefix) {
    auto bytes = network.bytes();
    for (unsigned bit = prefix; bit < 128; ++bit) {
        bytes.at(bit / 8) = static_cast<std::uint8_t>(bytes.at(bit / 8) & ~(0x80U >> bit % 8));
    }
    return IpAddress::from_v6(bytes);
}

// from_v6() keeps a mapped address as IPv4, but of ::ffff:0:0/96 itself coturn has to see IPv6.
std::string spelled(const IpAddress& address, bool v4) {
    if (address.is_v4() && !v4) return "::ffff:" + address.to_string();
    return address.to_string();
}

// coturn knows ranges, not prefixes.
std::string range_of(std::string_view network) {
    const bool v4 = network.find(':') == std::string_view::npos;
    const auto slash = network.find('/');
    unsigned prefix = v4 ? 32 : 128;
    if (slash != std::string_view::npos) {
        std::from_chars(network.data() + slash + 1, network.data() + network.size(), prefix);
    }
    if (v4) prefix += 96;
    const auto address = IpAddress::parse(network.substr(0, slash));
    const bool is_network = protocol::Cidr::parse(network).has_value();
    if (!address || !is_network || first_of(*address, prefix) == IpAddress()) {
        throw std::runtime_error("not a network that TURN may relay to: " +
                                 protocol::quoted(network));
    }
    return spelled(first_of(*address, prefix), v4) + "-" + spelled(last_of(*address, prefix), v4);
}

// Quoted, so that blanks and "=" at its ends stay. coturn reads lines of 1,023 bytes.
std::string quoted_secret(const std::string& secret) {
    constexpr std::size_t kLongest = 900;
    const bool has_control = std::any_of(secret.begin(), secret.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    });
    if (secret.empty() || secret.size() > kLongest || has_control) {
        throw std::runtime_error(
            "coturn cannot use this TURN secret: it has to be 1 to 900 bytes without control "
            "characters");
    }
    return "\"" + secret + "\"";
}

class Text {
  public:
    void flag(std::string_view name) { text_.append(name).append("\n"); }
    void set(std::string_view name, std::string_view value) {
        text_.append(name).append("=").append(value).append("\n");
    }
    void set(std::string_view name, std::size_t value) { set(name, std::to_string(value)); }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

void write_service(Text& text, const CoturnFacts& facts) {
    for (const IpAddress& address : facts.addresses.listening) {
        text.set("listening-ip", address.to_string());
    }
    text.set("listening-port", facts.port);
    for (const auto* flag : {"no-tls", "no-dtls", "no-cli", "no-tcp-relay"})
        text.flag(flag);
    // Answers that nobody has paid for with a credential are kept short.
    for (const auto* flag :
         {"fingerprint", "no-software-attribute", "no-rfc5780", "no-stun-backward-compatibility",
          "response-origin-only-with-rfc5780"}) {
        text.flag(flag);
    }
    // Nothing is kept: no file for its number, no users of other installations, no log of its own.
    text.set("pidfile", "/dev/null");
    text.set("userdb", ":memory:");
    for (const auto* flag : {"no-auth-pings", "no-dynamic-ip-list", "no-dynamic-realms"}) {
        text.flag(flag);
    }
    text.set("log-file", "stdout");
    text.flag("simple-log");
}

void write_credentials(Text& text, const CoturnFacts& facts) {
    text.flag("use-auth-secret");
    text.set("static-auth-secret", quoted_secret(facts.secret));
    text.set("realm", "videochat");
    text.set("stale-nonce", 600);
    text.set("max-allocate-lifetime", 3600);
    text.set("user-quota", facts.user_quota);
    text.set("total-quota", kTotalQuota);
    text.set("max-bps", kBytesPerSecond);
}

void write_relays(Text& text, const TurnConfig& config, const TurnAddresses& addresses) {
    const auto external = IpAddress::parse(config.external_ip);
    if (!config.external_ip.empty() && !external) {
        throw std::runtime_error("not an address of this machine: " +
                                 protocol::quoted(config.external_ip));
    }
    for (const IpAddress& relay : addresses.relays) {
        text.set("relay-ip", relay.to_string());
        if (external && external->is_v4() == relay.is_v4() && relay != *external) {
            text.set("external-ip", external->to_string() + "/" + relay.to_string());
        }
    }
    text.set("min-port", config.first_port);
    text.set("max-port", config.last_port);
}

void write_peers(Text& text, const TurnConfig& config, const TurnAddresses& addresses) {
    text.flag("no-multicast-peers");
    for (const std::string_view network : kDenied)
        text.set("denied-peer-ip", range_of(network));
    text.set("denied-peer-ip", kCompatible);
    // Public ones of this machine: its services are nobody's peers.
    for (const IpAddress& address : addresses.listening) {
        text.set("denied-peer-ip", address.to_string());
    }
    // What is allowed wins over what is denied.
    for (const IpAddress& relay : addresses.relays) {
        text.set("allowed-peer-ip", relay.to_string());
    }
    for (const std::string& network : config.allowed_peers) {
        text.set("allowed-peer-ip", range_of(network));
    }
}

}  // namespace

std::size_t user_quota(std::size_t capacity) {
    constexpr std::size_t kLeast = 10;
    constexpr std::size_t kForEachOther = 8;
    constexpr std::size_t kMostOthers = kTotalQuota / kForEachOther;
    const std::size_t others = std::min(capacity == 0 ? kMostOthers : capacity - 1, kMostOthers);
    return std::max(kLeast, kForEachOther * others);
}

std::string coturn_config(const TurnConfig& config, const CoturnFacts& facts) {
    Text text;
    write_service(text, facts);
    write_credentials(text, facts);
    write_relays(text, config, facts.addresses);
    write_peers(text, config, facts.addresses);
    return text.take();
}

}  // namespace videochat::turn
