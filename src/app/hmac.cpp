#include "app/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace videochat::app {
namespace {

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    const char* const secret = key.empty() ? "" : key.data();  // null would mean the last one used
    if (HMAC(hash, secret, static_cast<int>(key.size()), bytes, text.size(), digest.data(),
             &size) == nullptr) {
        throw std::runtime_error("OpenSSL refused an HMAC");
    }
    return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string hmac_sha1(std::string_view key, std::string_view text) {
    return hmac(EVP_sha1(), key, text);
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    return hmac(EVP_sha256(), key, text);
}

}  // namespace videochat::app
