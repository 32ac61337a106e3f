#include "transport/websocket_accept.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace videochat::transport {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

using Sha1 = std::array<unsigned char, 20>;

struct Deleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

Sha1 sha1(std::string_view text) {
    // Looking an algorithm up costs OpenSSL 3 more than running it; once a thread is enough.
    static const std::unique_ptr<EVP_MD, Deleter> digest(EVP_MD_fetch(nullptr, "SHA1", nullptr));
    static thread_local const std::unique_ptr<EVP_MD_CTX, Deleter> context(EVP_MD_CTX_new());
    Sha1 hash{};
    if (EVP_DigestInit_ex(context.get(), digest.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-1");
    }
    return hash;
}

}  // namespace

std::string websocket_accept(std::string_view key) {
    const Sha1 hash = sha1(std::string(key).append(kGuid));
    std::array<unsigned char, 29> text{};  // 28 digits and a NUL
    const int size = EVP_EncodeBlock(text.data(), hash.data(), static_cast<int>(hash.size()));
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

std::string switching_protocols(std::string_view key) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           websocket_accept(key) + "\r\n\r\n";
}

}  // namespace videochat::transport
