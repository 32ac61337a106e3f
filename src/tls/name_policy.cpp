#include "tls/name_policy.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

namespace videochat::tls {
namespace {

using protocol::IpAddress;

constexpr std::size_t kV4 = 4;
constexpr std::size_t kV6 = 16;

constexpr std::array<std::string_view, 9> kHomeNetworks{
    "10.0.0.0/8",  "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
    "127.0.0.0/8", "fc00::/7",      "fe80::/10",      "::1/128"};
// Without a dot in front: with one the name itself would not be permitted.
constexpr std::array<std::string_view, 4> kHomeNames{"localhost", "local", "lan", "home.arpa"};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return small(x) == small(y); });
}

// `base` itself or a name below it. Some CAs of others write a dot in front: then only below it.
bool is_within(std::string_view name, std::string_view base) {
    if (base.empty()) return true;
    if (name.size() < base.size()) return false;
    const auto end = name.substr(name.size() - base.size());
    if (!equals(end, base)) return false;
    if (base.front() == '.') return name.size() > base.size();
    return name.size() == base.size() || name[name.size() - base.size() - 1] == '.';
}

// The bits set in front; nullopt: there are holes.
std::optional<unsigned> prefix_of(std::span<const std::uint8_t> mask) {
    unsigned prefix = 0;
    std::size_t at = 0;
    while (at < mask.size() && mask[at] == 0xFF) {
        prefix += 8;
        ++at;
    }
    if (at == mask.size()) return prefix;
    const auto ones = static_cast<unsigned>(std::countl_one(mask[at]));
    const bool is_plain = static_cast<std::uint8_t>(0xFF00U >> ones) == mask[at] &&
                          std::all_of(mask.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                      mask.end(), [](std::uint8_t byte) { return byte == 0; });
    return is_plain ? std::optional(prefix + ones) : std::nullopt;
}

IpAddress address_of(std::span<const std::uint8_t, kV6> bytes, bool is_v4) {
    return is_v4 ? IpAddress::from_v4(bytes.last<kV4>()) : IpAddress::from_v6(bytes);
}

}  // namespace

std::optional<PermittedNetwork> PermittedNetwork::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address || slash == std::string_view::npos) return std::nullopt;
    const auto digits = text.substr(slash + 1);
    unsigned prefix = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, prefix);
    const std::size_t size = address->is_v4() ? kV4 : kV6;
    if (read.ec != std::errc{} || read.ptr != end || prefix > size * 8) return std::nullopt;
    PermittedNetwork network;
    network.is_v4_ = address->is_v4();
    for (std::size_t i = kV6 - size; i < kV6; ++i, prefix -= std::min(prefix, 8U)) {
        network.mask_.at(i) = static_cast<std::uint8_t>(0xFF00U >> std::min(prefix, 8U));
        network.address_.at(i) =
            static_cast<std::uint8_t>(address->bytes().at(i) & network.mask_.at(i));
    }
    return network;
}

std::optional<PermittedNetwork> PermittedNetwork::from_octets(
    std::span<const std::uint8_t> octets) {
    if (octets.size() != 2 * kV4 && octets.size() != 2 * kV6) return std::nullopt;
    const std::size_t size = octets.size() / 2;
    PermittedNetwork network;
    network.is_v4_ = size == kV4;
    for (std::size_t i = 0; i < size; ++i) {
        network.mask_.at(kV6 - size + i) = octets[size + i];
        network.address_.at(kV6 - size + i) =
            static_cast<std::uint8_t>(octets[i] & octets[size + i]);
    }
    return network;
}

std::vector<std::uint8_t> PermittedNetwork::octets() const {
    const auto size = static_cast<std::ptrdiff_t>(is_v4_ ? kV4 : kV6);
    std::vector<std::uint8_t> octets(address_.end() - size, address_.end());
    octets.insert(octets.end(), mask_.end() - size, mask_.end());
    return octets;
}

bool PermittedNetwork::contains(const IpAddress& address) const {
    if (address.is_v4() != is_v4_) return false;
    for (std::size_t i = is_v4_ ? kV6 - kV4 : 0; i < kV6; ++i) {
        if ((address.bytes().at(i) & mask_.at(i)) != address_.at(i)) return false;
    }
    return true;
}

std::string PermittedNetwork::to_string() const {
    const std::span<const std::uint8_t, kV6> mask(mask_);
    const auto prefix = prefix_of(is_v4_ ? mask.last<kV4>() : std::span<const std::uint8_t>(mask));
    return address_of(address_, is_v4_).to_string() + "/" +
           (prefix ? std::to_string(*prefix) : address_of(mask_, is_v4_).to_string());
}

bool NamePolicy::permits(const IpAddress& address) const {
    return networks.empty() ||
           std::any_of(networks.begin(), networks.end(),
                       [&address](const auto& network) { return network.contains(address); });
}

bool NamePolicy::permits(std::string_view name) const {
    return names.empty() || std::any_of(names.begin(), names.end(),
                                        [name](const auto& base) { return is_within(name, base); });
}

NamePolicy home_policy(const std::vector<std::string>& names) {
    NamePolicy policy;
    for (const auto text : kHomeNetworks)
        policy.networks.push_back(*PermittedNetwork::parse(text));
    policy.names.assign(kHomeNames.begin(), kHomeNames.end());
    for (const auto& name : names) {
        const bool is_there =
            std::find(policy.names.begin(), policy.names.end(), name) != policy.names.end();
        if (!is_there) policy.names.push_back(name);
    }
    return policy;
}

}  // namespace videochat::tls
