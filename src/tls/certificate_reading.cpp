#include "tls/certificate_reading.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <optional>
#include <span>

namespace videochat::tls {
namespace {

using protocol::IpAddress;

using Names = std::unique_ptr<GENERAL_NAMES, FreeWith<&GENERAL_NAMES_free>>;
using Constraints = std::unique_ptr<NAME_CONSTRAINTS, FreeWith<&NAME_CONSTRAINTS_free>>;
using Store = std::unique_ptr<X509_STORE, FreeWith<&X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, FreeWith<&X509_STORE_CTX_free>>;

std::span<const std::uint8_t> bytes_of(const ASN1_STRING* string) {
    return {::ASN1_STRING_get0_data(string),
            static_cast<std::size_t>(::ASN1_STRING_length(string))};
}

std::string text_of(const ASN1_STRING* string) {
    const auto bytes = bytes_of(string);
    return {bytes.begin(), bytes.end()};
}

std::optional<IpAddress> address_of(std::span<const std::uint8_t> octets) {
    constexpr std::size_t kV4 = 4;
    constexpr std::size_t kV6 = 16;
    if (octets.size() == kV4) return IpAddress::from_v4(octets.first<kV4>());
    if (octets.size() == kV6) return IpAddress::from_v6(octets.first<kV6>());
    return std::nullopt;
}

Time time_of(const ASN1_TIME* time) {
    std::tm parts{};
    ::ASN1_TIME_to_tm(time, &parts);
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

}  // namespace

std::string sha256_fingerprint(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::X509_digest(certificate, ::EVP_sha256(), digest.data(), &size);
    constexpr const char* kDigits = "0123456789ABCDEF";
    std::string text;
    for (const unsigned char byte : std::span(digest).first(size)) {
        if (!text.empty()) text += ':';
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

std::string common_name(const X509* certificate) {
    const X509_NAME* const subject = ::X509_get_subject_name(certificate);
    const int at = ::X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return {};
    return text_of(::X509_NAME_ENTRY_get_data(::X509_NAME_get_entry(subject, at)));
}

AlternativeNames alternative_names(const X509* certificate) {
    const Names all(static_cast<GENERAL_NAMES*>(
        ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    AlternativeNames found;
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        int kind = 0;
        const void* const value =
            ::GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &kind);
        if (kind == GEN_DNS) {
            found.names.push_back(text_of(static_cast<const ASN1_STRING*>(value)));
        } else if (kind == GEN_IPADD) {
            const auto address = address_of(bytes_of(static_cast<const ASN1_STRING*>(value)));
            if (address) found.addresses.push_back(*address);
        }
    }
    return found;
}

NamePolicy name_policy(const X509* certificate) {
    const Constraints all(static_cast<NAME_CONSTRAINTS*>(
        ::X509_get_ext_d2i(certificate, NID_name_constraints, nullptr, nullptr)));
    NamePolicy policy;
    const auto* const permitted = all ? all->permittedSubtrees : nullptr;
    for (int i = 0; permitted != nullptr && i < sk_GENERAL_SUBTREE_num(permitted); ++i) {
        int kind = 0;
        const void* const value =
            ::GENERAL_NAME_get0_value(sk_GENERAL_SUBTREE_value(permitted, i)->base, &kind);
        if (kind == GEN_DNS) {
            policy.names.push_back(text_of(static_cast<const ASN1_STRING*>(value)));
        } else if (kind == GEN_IPADD) {
            const auto network =
                PermittedNetwork::from_octets(bytes_of(static_cast<const ASN1_STRING*>(value)));
            if (network) policy.networks.push_back(*network);
        }
    }
    return policy;
}

bool is_ca(X509* certificate) { return ::X509_check_ca(certificate) == 1; }

Time begin_of(const X509* certificate) { return time_of(::X509_get0_notBefore(certificate)); }
Time end_of(const X509* certificate) { return time_of(::X509_get0_notAfter(certificate)); }

std::string date_text(Time time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 16> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

bool fits(const X509* certificate, const EVP_PKEY* key) {
    const bool does = ::X509_check_private_key(certificate, key) == 1;
    ::ERR_clear_error();
    return does;
}

std::string verify_server(X509* leaf, X509* ca) {
    const Store store(::X509_STORE_new());
    ::X509_STORE_add_cert(store.get(), ca);
    const StoreContext context(::X509_STORE_CTX_new());
    ::X509_STORE_CTX_init(context.get(), store.get(), leaf, nullptr);
    X509_VERIFY_PARAM* const rules = ::X509_STORE_CTX_get0_param(context.get());
    ::X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
    ::X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_X509_STRICT |
                                             X509_V_FLAG_CHECK_SS_SIGNATURE);
    const bool is_good = ::X509_verify_cert(context.get()) == 1;
    ::ERR_clear_error();
    if (is_good) return {};
    return ::X509_verify_cert_error_string(::X509_STORE_CTX_get_error(context.get()));
}

}  // namespace videochat::tls
