// Certificates of our own (RFC 5280): the CA of an installation and the leaves that it signs. Any
// thread; randomness from the system through OpenSSL. Throws std::runtime_error if OpenSSL fails.
#pragma once

#include <chrono>

#include "tls/certificate_reading.hpp"
#include "tls/leaf_plan.hpp"
#include "tls/name_policy.hpp"
#include "tls/openssl.hpp"

namespace videochat::tls {

/// Both begin a day ago, for phones whose clock is behind; these are whole lives.
inline constexpr std::chrono::hours kBackDated{24};
inline constexpr std::chrono::hours kCaLife{24 * 3650};
/// Apple takes no more than 398 days of a public CA, and 825 of one of one's own.
inline constexpr std::chrono::hours kLeafLife{24 * 397};

/// P-256.
Key make_key();

/// A root without children but leaves, that signs for what `policy` permits; nothing listed: for
/// everything. Its name ends in an id of the key, so that those of two installations are told
/// apart.
Certificate make_ca(EVP_PKEY* key, const NamePolicy& policy, Time now);

/// A server's certificate for `names`. It is not checked whether the CA permits them.
Certificate make_leaf(EVP_PKEY* key, const AlternativeNames& names, X509* ca, EVP_PKEY* ca_key,
                      Time now);

}  // namespace videochat::tls
