// OpenSSL's objects with owners, and its errors as one line. Any thread.
#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace videochat::tls {

template <auto Free>
struct FreeWith {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Certificate = std::unique_ptr<X509, FreeWith<&X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, FreeWith<&SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, FreeWith<&SSL_free>>;

/// The reason of the newest error of this thread, such as "certificate unknown"; empty: none. The
/// errors are forgotten.
std::string take_error();

}  // namespace videochat::tls
