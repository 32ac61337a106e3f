// NamePolicy: which addresses and DNS names a CA may sign for (name constraints, RFC 5280 section
// 4.2.1.10), and what a CA of ours permits. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ip_address.hpp"

namespace videochat::tls {

/// A network as a certificate has it: an address and a mask.
class PermittedNetwork {
  public:
    /// `text` as in "10.0.0.0/8"; nullopt: not a network.
    static std::optional<PermittedNetwork> parse(std::string_view text);
    /// From iPAddress of a name constraint: 4 + 4 or 16 + 16 bytes; nullopt: another length.
    static std::optional<PermittedNetwork> from_octets(std::span<const std::uint8_t> octets);

    /// The inverse of from_octets().
    std::vector<std::uint8_t> octets() const;
    /// Families do not mix.
    bool contains(const protocol::IpAddress& address) const;
    /// "10.0.0.0/8"; a mask with holes is written as such.
    std::string to_string() const;
    bool operator==(const PermittedNetwork&) const = default;

  private:
    bool is_v4_ = false;
    std::array<std::uint8_t, 16> address_{};  // of IPv4 the last four count
    std::array<std::uint8_t, 16> mask_{};
};

/// A kind of which nothing is listed is not constrained at all: that is the standard's rule.
struct NamePolicy {
    std::vector<PermittedNetwork> networks;
    std::vector<std::string> names;  ///< each with all names below it

    bool is_constrained() const { return !networks.empty() || !names.empty(); }
    bool permits(const protocol::IpAddress& address) const;
    bool permits(std::string_view name) const;
    bool operator==(const NamePolicy&) const = default;
};

/// What a new CA of ours permits: the networks that do not reach the internet, the names that are
/// never found there, and `names`.
NamePolicy home_policy(const std::vector<std::string>& names);

}  // namespace videochat::tls
