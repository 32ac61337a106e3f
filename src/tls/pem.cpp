#include "tls/pem.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstddef>

namespace videochat::tls {
namespace {

using Bio = std::unique_ptr<BIO, FreeWith<&BIO_free_all>>;

Bio reader_of(std::string_view text) {
    return Bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

// Without it OpenSSL would ask at the terminal. `asked` is a bool.
int refuse_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

Key read_key(std::string_view text, bool& is_encrypted) {
    const Bio bio = reader_of(text);
    Key key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, &refuse_password, &is_encrypted));
    if (!key) ::ERR_clear_error();
    return key;
}

}  // namespace

std::vector<Certificate> certificates_from_pem(std::string_view text) {
    const Bio bio = reader_of(text);
    std::vector<Certificate> found;
    bool asked = false;
    while (auto* const next = ::PEM_read_bio_X509(bio.get(), nullptr, &refuse_password, &asked)) {
        found.emplace_back(next);
    }
    // The text's end is an error to OpenSSL, too: "no start line".
    const bool is_end = ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ::ERR_clear_error();
    if (!is_end) found.clear();
    return found;
}

Key key_from_pem(std::string_view text) {
    bool is_encrypted = false;
    return read_key(text, is_encrypted);
}

bool is_encrypted_key(std::string_view text) {
    bool is_encrypted = false;
    read_key(text, is_encrypted);
    return is_encrypted;
}

std::string to_pem(const X509* certificate) {
    const Bio bio(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_X509(bio.get(), certificate);
    return text_of(bio.get());
}

std::string to_pem(const EVP_PKEY* key) {
    const Bio bio(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio.get());
}

std::string to_der(const X509* certificate) {
    const Bio bio(::BIO_new(::BIO_s_mem()));
    ::i2d_X509_bio(bio.get(), certificate);
    return text_of(bio.get());
}

Certificate share(const Certificate& certificate) {
    ::X509_up_ref(certificate.get());
    return Certificate(certificate.get());
}

Key share(const Key& key) {
    ::EVP_PKEY_up_ref(key.get());
    return Key(key.get());
}

}  // namespace videochat::tls
