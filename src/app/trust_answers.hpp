// What pages and people are told of the certificate in use, and what they can take away of it: the
// CA as a file or as a profile. Pure: facts in, answers out.
#pragma once

#include <string>

#include "http/message.hpp"
#include "tls/identity.hpp"

namespace videochat::app {

/// GET /ca.crt: the CA's certificate (DER). 404 with real certificates: they have no CA of ours,
/// and a leaf would tell the internet our inner addresses. `facts` may be null: no TLS.
http::Response ca_certificate(const tls::TrustFacts* facts);
/// GET /ca.mobileconfig: the same for iOS and macOS.
http::Response ca_profile(const tls::TrustFacts* facts);

/// GET /secure.json: {"leaf":{"sha256":"AB:..."},"ca":{"sha256":"..."} or null,"names":[...],
/// "httpsPort":N}. The port is 0 when TLS is spoken on the one that the page came from.
http::Response trust_summary(const tls::TrustFacts* facts, const http::Request& request);

/// Header lines for /healthz over TLS: the plain-HTTP twin of the request's own host may read it,
/// which is how /secure.html sees that a device trusts us. Nothing over plain HTTP.
std::string twin_fields(const http::Request& request);

}  // namespace videochat::app
