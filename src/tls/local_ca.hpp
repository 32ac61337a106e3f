// LocalCa: the CA of this installation and where it is kept: ca.crt and ca.key in the state folder,
// beside the leaf (leaf.crt, leaf.key). What others came to trust is never replaced by itself; a
// leaf that is no good is. Any thread; the functions with a folder are called under its lock.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tls/certificate_making.hpp"
#include "tls/identity.hpp"
#include "tls/name_policy.hpp"
#include "tls/openssl.hpp"
#include "tls/state_folder.hpp"

namespace videochat::tls {

inline constexpr const char* kCaCertificateFile = "ca.crt";
inline constexpr const char* kCaKeyFile = "ca.key";
inline constexpr const char* kRetiredCasFile = "retired.crt";
inline constexpr const char* kLeafCertificateFile = "leaf.crt";
inline constexpr const char* kLeafKeyFile = "leaf.key";

struct LocalCa {
    Certificate certificate;
    Key key;
    NamePolicy policy;
};

/// A CA with a key of its own that permits what `policy` lists; nothing listed: everything.
LocalCa make_local_ca(const NamePolicy& policy, Time now);

/// nullopt: there is none yet. A key alone gets a certificate: that is what a power cut between the
/// two leaves, and who trusts the key's earlier certificate trusts this one. Throws FileError that
/// names the file which others can read, does not parse, is missing, or does not fit the other.
std::optional<LocalCa> load_ca(const StateFolder& folder, const NamePolicy& policy, Time now);

/// Both files. Throws FileError.
void store_ca(const StateFolder& folder, const LocalCa& ca);

/// The certificate in a folder which need not be there. Throws FileError, also if there is none.
Certificate read_ca_certificate(const std::string& folder);

/// Certificates of CAs that were replaced, for who wants to stop trusting them; empty: none.
std::vector<Certificate> read_retired_cas(const std::string& folder);

/// Keeps the certificate of the CA that is about to be replaced, if there is one. Throws FileError.
void retire_ca(const StateFolder& folder);

/// A key and a certificate for `names`, verified as clients will. Throws std::runtime_error if the
/// CA does not permit them.
Identity issue_leaf(const LocalCa& ca, const AlternativeNames& names, Time now);

/// The leaf, or why there is none that can be used; empty: there are no files.
std::variant<Identity, std::string> load_leaf(const StateFolder& folder, const LocalCa& ca);

/// Both files. Throws FileError.
void store_leaf(const StateFolder& folder, const Identity& leaf);

}  // namespace videochat::tls
