// Certificates and keys as text (PEM, RFC 7468) and as bytes (DER). Pure; any thread. nullopt,
// empty or null: the text holds no such thing, or an encrypted key, for which nobody is asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tls/openssl.hpp"

namespace videochat::tls {

/// Every certificate of the text, in order; empty: there is none, or one is broken.
std::vector<Certificate> certificates_from_pem(std::string_view text);
Key key_from_pem(std::string_view text);
/// Whether the text holds a key that needs a password.
bool is_encrypted_key(std::string_view text);

std::string to_pem(const X509* certificate);
/// PKCS #8 (RFC 5208), not encrypted.
std::string to_pem(const EVP_PKEY* key);
std::string to_der(const X509* certificate);

/// One more owner of the same certificate or key.
Certificate share(const Certificate& certificate);
Key share(const Key& key);

}  // namespace videochat::tls
