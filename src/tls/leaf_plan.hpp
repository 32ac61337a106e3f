// What a leaf of ours shall be good for, of all that this machine is called: one name that the CA
// does not permit makes browsers refuse the whole certificate. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/ip_address.hpp"
#include "tls/name_policy.hpp"

namespace videochat::tls {

/// An address of this machine.
struct OwnAddress {
    protocol::IpAddress address;
    /// Nobody opens pages under it and it changes by itself (temporary, or link-local IPv6, which
    /// is one more with each container that starts): in the leaf if one is made, but no reason to
    /// make one.
    bool is_passing = false;
};

/// The subjectAltName of a leaf (RFC 5280 section 4.2.1.6), in order, nothing twice.
struct AlternativeNames {
    std::vector<protocol::IpAddress> addresses;
    std::vector<std::string> names;

    /// Addresses and names as text, names first.
    std::vector<std::string> to_strings() const;
    bool operator==(const AlternativeNames&) const = default;
};

struct LeafPlan {
    AlternativeNames wanted;
    AlternativeNames needed;            ///< the part of `wanted` that a leaf must not lack
    std::vector<std::string> left_out;  ///< what the CA does not permit
};

/// `names` as from own_names() and --tls-name.
LeafPlan plan_leaf(const NamePolicy& policy, const std::vector<OwnAddress>& addresses,
                   const std::vector<std::string>& names);

/// Whether a leaf with `have` has everything that is in `needed`.
bool covers(const AlternativeNames& have, const AlternativeNames& needed);

/// "localhost", and under what a network may know the machine: its host name, and that with the
/// endings that routers and mDNS add. `host_name` as the system has it; one that is no DNS name
/// counts for nothing.
std::vector<std::string> own_names(std::string_view host_name);

/// The host name in small letters; empty: it is no DNS name.
std::string dns_host_name(std::string_view host_name);

}  // namespace videochat::tls
