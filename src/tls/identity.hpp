// What the server shows of itself: a certificate with its chain and key, and what people and pages
// are told of it. Values; whoever holds one may be on any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tls/openssl.hpp"

namespace videochat::tls {

struct Identity {
    Certificate leaf;
    std::vector<Certificate> chain;  ///< without the leaf, and without a root
    Key key;
};

/// What is told of the identity that is in use.
struct TrustFacts {
    std::string leaf_sha256;         ///< "AB:CD:…", as the browser's warning shows it
    std::vector<std::string> names;  ///< addresses and DNS names that the leaf is good for
    std::string ca_sha256;           ///< of the CA of our own; empty: real certificates
    std::string ca_der;              ///< that CA's certificate; empty: real certificates
};

}  // namespace videochat::tls
