#include "protocol/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace videochat::protocol {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kMappedBits = 96;

bool begins_with(const std::array<std::uint8_t, 16>& bytes, std::span<const std::uint8_t> prefix,
                 unsigned bits) {
    const std::size_t whole = bits / 8;
    if (!std::equal(prefix.begin(), prefix.begin() + static_cast<std::ptrdiff_t>(whole),
                    bytes.begin())) {
        return false;
    }
    if (bits % 8 == 0) return true;
    const unsigned mask = 0xFFU << (8 - bits % 8) & 0xFFU;
    return ((bytes[whole] ^ prefix[whole]) & mask) == 0;
}

std::uint64_t big_endian(std::span<const std::uint8_t, 8> bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes)
        value = value << 8 | byte;
    return value;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711, [2001:db8::1].
std::optional<IpAddress> parse_forwarded(std::string_view element) {
    if (element.starts_with('[')) {
        const auto close = element.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        const auto rest = element.substr(close + 1);
        if (!rest.empty() && rest.front() != ':') return std::nullopt;
        return IpAddress::parse(element.substr(1, close - 1));
    }
    if (std::count(element.begin(), element.end(), ':') == 1) {
        element = element.substr(0, element.find(':'));
    }
    return IpAddress::parse(element);
}

bool is_trusted(const IpAddress& address, std::span<const Cidr> trusted) {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&address](const Cidr& cidr) { return cidr.contains(address); });
}

}  // namespace

IpAddress IpAddress::from_v4(std::span<const std::uint8_t, 4> bytes) {
    IpAddress address;
    const auto rest = std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin());
    std::copy(bytes.begin(), bytes.end(), rest);
    return address;
}

IpAddress IpAddress::from_v6(std::span<const std::uint8_t, 16> bytes) {
    IpAddress address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    // inet_pton wants a terminated string; a NUL inside must not hide what follows it.
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string terminated(text);
    std::array<std::uint8_t, 4> v4{};
    if (inet_pton(AF_INET, terminated.c_str(), v4.data()) == 1) return from_v4(v4);
    std::array<std::uint8_t, 16> v6{};
    if (inet_pton(AF_INET6, terminated.c_str(), v6.data()) == 1) return from_v6(v6);
    return std::nullopt;
}

bool IpAddress::is_v4() const { return begins_with(bytes_, kMappedPrefix, kMappedBits); }

bool IpAddress::is_unspecified() const {
    const std::size_t from = is_v4() ? kMappedPrefix.size() : 0;
    return std::all_of(bytes_.begin() + static_cast<std::ptrdiff_t>(from), bytes_.end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes_[12] == 127;
    IpAddress loopback;
    loopback.bytes_[15] = 1;
    return *this == loopback;
}

bool IpAddress::is_private() const {
    if (!is_v4()) return (bytes_[0] & 0xFEU) == 0xFC;
    const std::uint8_t first = bytes_[12];
    const std::uint8_t second = bytes_[13];
    return first == 10 || (first == 172 && (second & 0xF0U) == 16) ||
           (first == 192 && second == 168) || (first == 100 && (second & 0xC0U) == 64);
}

bool IpAddress::is_link_local() const {
    if (is_v4()) return bytes_[12] == 169 && bytes_[13] == 254;
    return bytes_[0] == 0xFE && (bytes_[1] & 0xC0U) == 0x80;
}

AddressKey IpAddress::key() const {
    const std::span<const std::uint8_t, 16> bytes(bytes_);
    return {big_endian(bytes.first<8>()), is_v4() ? big_endian(bytes.last<8>()) : 0};
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_v4()) {
        inet_ntop(AF_INET, bytes_.data() + kMappedPrefix.size(), text.data(), text.size());
    } else {
        inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
    }
    return text.data();
}

std::string IpAddress::to_url_host() const {
    return is_v4() ? to_string() : "[" + to_string() + "]";
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto literal = text.substr(0, slash);
    const auto address = IpAddress::parse(literal);
    if (!address) return std::nullopt;
    const bool is_dotted = literal.find(':') == std::string_view::npos;
    const unsigned bits = is_dotted ? 32 : 128;
    unsigned prefix = bits;
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const char* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, prefix);
        if (error != std::errc{} || stop != end || prefix > bits) return std::nullopt;
    }
    Cidr cidr;
    cidr.network_ = *address;
    cidr.prefix_ = is_dotted ? kMappedBits + prefix : prefix;
    return cidr;
}

bool Cidr::contains(const IpAddress& address) const {
    if (address.is_v4() != (network_.is_v4() && prefix_ >= kMappedBits)) return false;
    return begins_with(address.bytes(), network_.bytes(), prefix_);
}

IpAddress client_address(const IpAddress& peer, std::string_view forwarded_for,
                         std::span<const Cidr> trusted) {
    IpAddress client = peer;
    bool is_more = !trimmed(forwarded_for).empty();
    while (is_more && is_trusted(client, trusted)) {
        const auto comma = forwarded_for.rfind(',');
        is_more = comma != std::string_view::npos;
        const auto element = forwarded_for.substr(is_more ? comma + 1 : 0);
        const auto address = parse_forwarded(trimmed(element));
        if (!address) return peer;
        client = *address;
        if (is_more) forwarded_for = forwarded_for.substr(0, comma);
    }
    return client;
}

}  // namespace videochat::protocol

std::size_t std::hash<videochat::protocol::AddressKey>::operator()(
    const videochat::protocol::AddressKey& key) const noexcept {
    // Multiply and fold, so that addresses that differ in one byte spread over all buckets.
    std::uint64_t mixed = (key.high ^ 0x9E3779B97F4A7C15U) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ mixed >> 31 ^ key.low) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>(mixed ^ mixed >> 29);
}
