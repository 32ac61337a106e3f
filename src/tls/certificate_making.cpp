#include "tls/certificate_making.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <span>
#include <stdexcept>
#include <string>

namespace videochat::tls {
namespace {

using Number = std::unique_ptr<BIGNUM, FreeWith<&BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<&X509_EXTENSION_free>>;
using Name = std::unique_ptr<GENERAL_NAME, FreeWith<&GENERAL_NAME_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, FreeWith<&GENERAL_NAMES_free>>;
using Subtree = std::unique_ptr<GENERAL_SUBTREE, FreeWith<&GENERAL_SUBTREE_free>>;
using Constraints = std::unique_ptr<NAME_CONSTRAINTS, FreeWith<&NAME_CONSTRAINTS_free>>;

void require(bool done) {
    if (!done) throw std::runtime_error("a certificate cannot be made: " + take_error());
}

template <typename T>
T checked(T object) {
    require(object != nullptr);
    return object;
}

// 20 bytes, the most that are allowed; the highest bit would make it negative.
void set_serial(X509* certificate) {
    constexpr int kBits = 159;
    const Number number = checked(Number(::BN_new()));
    require(::BN_rand(number.get(), kBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
    require(::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate)) != nullptr);
}

void set_life(X509* certificate, Time now, std::chrono::hours life) {
    const std::time_t begin = std::chrono::system_clock::to_time_t(now - kBackDated);
    const std::time_t end = begin + std::chrono::duration_cast<std::chrono::seconds>(life).count();
    require(::ASN1_TIME_set(::X509_getm_notBefore(certificate), begin) != nullptr);
    require(::ASN1_TIME_set(::X509_getm_notAfter(certificate), end) != nullptr);
}

void set_common_name(X509* certificate, const std::string& text) {
    X509_NAME* const subject = ::X509_get_subject_name(certificate);
    const std::vector<unsigned char> bytes(text.begin(), text.end());
    require(::X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, bytes.data(),
                                         static_cast<int>(bytes.size()), -1, 0) == 1);
}

// One whose value OpenSSL writes best from its configuration's language.
void add(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context{};
    ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension =
        checked(Extension(::X509V3_EXT_conf_nid(nullptr, &context, kind, value)));
    require(::X509_add_ext(certificate, extension.get(), -1) == 1);
}

void add(X509* certificate, int kind, void* value, bool is_critical) {
    require(::X509_add1_ext_i2d(certificate, kind, value, is_critical ? 1 : 0,
                                X509V3_ADD_DEFAULT) == 1);
}

Name general_name(int kind, std::span<const std::uint8_t> bytes) {
    Name name = checked(Name(::GENERAL_NAME_new()));
    ASN1_STRING* const value =
        checked(::ASN1_STRING_type_new(kind == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING));
    ::GENERAL_NAME_set0_value(name.get(), kind, value);
    require(::ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())) == 1);
    return name;
}

Name general_name(const std::string& name) {
    return general_name(GEN_DNS, std::vector<std::uint8_t>(name.begin(), name.end()));
}

Name general_name(const protocol::IpAddress& address) {
    constexpr std::size_t kV4 = 4;
    const std::span<const std::uint8_t, 16> bytes(address.bytes());
    return general_name(GEN_IPADD, address.is_v4()
                                       ? std::span<const std::uint8_t>(bytes.last<kV4>())
                                       : std::span<const std::uint8_t>(bytes));
}

void permit(NAME_CONSTRAINTS* constraints, Name name) {
    Subtree subtree = checked(Subtree(::GENERAL_SUBTREE_new()));
    ::GENERAL_NAME_free(subtree->base);
    subtree->base = name.release();
    if (constraints->permittedSubtrees == nullptr) {
        constraints->permittedSubtrees = checked(sk_GENERAL_SUBTREE_new_null());
    }
    require(sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, subtree.get()) > 0);
    static_cast<void>(subtree.release());
}

void add_constraints(X509* certificate, const NamePolicy& policy) {
    const Constraints constraints = checked(Constraints(::NAME_CONSTRAINTS_new()));
    for (const auto& network : policy.networks)
        permit(constraints.get(), general_name(GEN_IPADD, network.octets()));
    for (const auto& name : policy.names)
        permit(constraints.get(), general_name(name));
    add(certificate, NID_name_constraints, constraints.get(), true);
}

void add_alternative_names(X509* certificate, const AlternativeNames& wanted) {
    const Names names = checked(Names(sk_GENERAL_NAME_new_null()));
    const auto push = [&names](Name name) {
        require(sk_GENERAL_NAME_push(names.get(), name.get()) > 0);
        static_cast<void>(name.release());
    };
    for (const auto& name : wanted.names)
        push(general_name(name));
    for (const auto& address : wanted.addresses)
        push(general_name(address));
    add(certificate, NID_subject_alt_name, names.get(), false);
}

// The first bytes of the key's hash.
std::string id_of(const X509* certificate) {
    constexpr std::size_t kBytes = 4;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    require(::X509_pubkey_digest(certificate, ::EVP_sha256(), digest.data(), &size) == 1);
    std::string text;
    constexpr const char* kDigits = "0123456789ABCDEF";
    for (const unsigned char byte : std::span(digest).first<kBytes>()) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

Certificate blank(EVP_PKEY* key, Time now, std::chrono::hours life) {
    Certificate certificate = checked(Certificate(::X509_new()));
    require(::X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    set_serial(certificate.get());
    set_life(certificate.get(), now, life);
    require(::X509_set_pubkey(certificate.get(), key) == 1);
    return certificate;
}

}  // namespace

Key make_key() { return checked(Key(EVP_EC_gen("P-256"))); }

Certificate make_ca(EVP_PKEY* key, const NamePolicy& policy, Time now) {
    Certificate ca = blank(key, now, kCaLife);
    X509* const raw = ca.get();
    set_common_name(raw, "videochat-server CA " + id_of(raw));
    require(::X509_set_issuer_name(raw, ::X509_get_subject_name(raw)) == 1);
    add(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
    add(raw, raw, NID_subject_key_identifier, "hash");
    if (policy.is_constrained()) add_constraints(raw, policy);
    require(::X509_sign(raw, key, ::EVP_sha256()) > 0);
    return ca;
}

Certificate make_leaf(EVP_PKEY* key, const AlternativeNames& names, X509* ca, EVP_PKEY* ca_key,
                      Time now) {
    Certificate leaf = blank(key, now, kLeafLife);
    X509* const raw = leaf.get();
    // Nothing that could be taken for a host: some clients check that against the constraints too.
    set_common_name(raw, "videochat-server on this network");
    require(::X509_set_issuer_name(raw, ::X509_get_subject_name(ca)) == 1);
    add(raw, ca, NID_basic_constraints, "critical,CA:FALSE");
    add(raw, ca, NID_key_usage, "critical,digitalSignature");
    add(raw, ca, NID_ext_key_usage, "serverAuth");
    add(raw, ca, NID_subject_key_identifier, "hash");
    add(raw, ca, NID_authority_key_identifier, "keyid:always");
    add_alternative_names(raw, names);
    require(::X509_sign(raw, ca_key, ::EVP_sha256()) > 0);
    return leaf;
}

}  // namespace videochat::tls
