// PEM that is none, broken or encrypted.
#include "tls/pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certificates.hpp"
#include "support/catch.hpp"
#include "tls/certificate_making.hpp"

using namespace videochat;
using namespace videochat::tls;

namespace {

std::string encrypted(const EVP_PKEY* key, bool is_old_form) {
    BIO* const bio = ::BIO_new(::BIO_s_mem());
    const unsigned char password[] = "secret";
    if (is_old_form) {
        ::PEM_write_bio_PrivateKey_traditional(bio, key, ::EVP_aes_256_cbc(), password, 6, nullptr,
                                               nullptr);
    } else {
        ::PEM_write_bio_PKCS8PrivateKey(bio, key, ::EVP_aes_256_cbc(), "secret", 6, nullptr,
                                        nullptr);
    }
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    ::BIO_free(bio);
    return text;
}

}  // namespace

TEST_CASE("PEM: an encrypted key is refused without asking anybody, and known as such") {
    const Key key = make_key();
    for (const bool is_old_form : {false, true}) {
        const std::string text = encrypted(key.get(), is_old_form);
        REQUIRE(text.find("ENCRYPTED") != std::string::npos);
        CHECK(key_from_pem(text) == nullptr);
        CHECK(is_encrypted_key(text));
    }
    CHECK_FALSE(is_encrypted_key(to_pem(key.get())));
    CHECK_FALSE(is_encrypted_key("junk"));
}

TEST_CASE("PEM: what is no certificate, or a broken one behind a good one, gives none") {
    const Key key = make_key();
    const std::string good = to_pem(make_ca(key.get(), {}, test::kNow).get());
    CHECK(certificates_from_pem(good + good).size() == 2);
    CHECK(certificates_from_pem("words before\n" + good + "and behind\n").size() == 1);
    std::string broken = good;
    broken.replace(broken.find('\n') + 5, 4, "!!!!");
    for (const auto& text : {std::string{}, std::string("junk"), to_pem(key.get()), broken,
                             good + broken, good.substr(0, good.size() / 2)}) {
        INFO(text);
        CHECK(certificates_from_pem(text).empty());
    }
    CHECK(key_from_pem(good) == nullptr);
    CHECK(key_from_pem("") == nullptr);
    CHECK(::ERR_peek_error() == 0);
}
