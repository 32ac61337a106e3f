// What a certificate says (RFC 5280): for the log, for pages and for the question whether it still
// serves. Pure; any thread.
#pragma once

#include <chrono>
#include <string>

#include "tls/leaf_plan.hpp"
#include "tls/name_policy.hpp"
#include "tls/openssl.hpp"

namespace videochat::tls {

using Time = std::chrono::system_clock::time_point;

/// SHA-256 over the certificate as "AB:CD:…", as browsers show it.
std::string sha256_fingerprint(const X509* certificate);
/// "videochat-server CA 3F2A90C1"; empty: it has no common name.
std::string common_name(const X509* certificate);
/// Those of subjectAltName; other kinds than addresses and DNS names are passed over.
AlternativeNames alternative_names(const X509* certificate);
/// What its name constraints permit. Not constrained: everything.
NamePolicy name_policy(const X509* certificate);
bool is_ca(X509* certificate);

Time begin_of(const X509* certificate);
Time end_of(const X509* certificate);
/// "2026-11-24".
std::string date_text(Time time);

/// Whether the key is the one in the certificate.
bool fits(const X509* certificate, const EVP_PKEY* key);
/// Empty: `leaf` was signed by `ca` for names that it permits, to be a server's. Else what a
/// client would complain about. Dates do not count.
std::string verify_server(X509* leaf, X509* ca);

}  // namespace videochat::tls
