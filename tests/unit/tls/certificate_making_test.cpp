// Our CA and its leaves, parsed back and verified by OpenSSL; also signed for what the CA does not
// permit, on purpose: then verification must fail.
#include "tls/certificate_making.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <set>

#include "certificates.hpp"
#include "support/catch.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::tls;
using test::address;
using test::kNow;

namespace {

struct Authority {
    explicit Authority(const NamePolicy& policy, Time now = kNow)
        : key(make_key()), certificate(make_ca(key.get(), policy, now)) {}

    Certificate sign(const AlternativeNames& names, Time now = kNow) const {
        const Key leaf_key = make_key();
        return make_leaf(leaf_key.get(), names, certificate.get(), key.get(), now);
    }
    /// Empty: a leaf for these names is good.
    std::string objection(const AlternativeNames& names) const {
        return verify_server(sign(names).get(), certificate.get());
    }

    Key key;
    Certificate certificate;
};

AlternativeNames names(const std::vector<std::string>& texts) {
    AlternativeNames all;
    for (const auto& text : texts) {
        if (const auto parsed = protocol::IpAddress::parse(text)) {
            all.addresses.push_back(*parsed);
        } else {
            all.names.push_back(text);
        }
    }
    return all;
}

// As `openssl x509 -ext` shows it; empty: there is none.
std::string shown(const X509* certificate, int kind, bool& is_critical) {
    const int at = ::X509_get_ext_by_NID(certificate, kind, -1);
    if (at < 0) return {};
    X509_EXTENSION* const extension = ::X509_get_ext(certificate, at);
    is_critical = ::X509_EXTENSION_get_critical(extension) == 1;
    BIO* const bio = ::BIO_new(::BIO_s_mem());
    ::X509V3_EXT_print(bio, extension, 0, 0);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    ::BIO_free(bio);
    return text;
}

void check_extension(const X509* certificate, int kind, const std::string& expected,
                     bool expected_critical) {
    bool is_critical = false;
    CHECK(shown(certificate, kind, is_critical) == expected);
    CHECK(is_critical == expected_critical);
}

std::string serial_of(const X509* certificate) {
    BIGNUM* const number = ::ASN1_INTEGER_to_BN(::X509_get0_serialNumber(certificate), nullptr);
    char* const digits = ::BN_bn2hex(number);
    std::string text = digits;
    ::OPENSSL_free(digits);
    ::BN_free(number);
    return text;
}

}  // namespace

TEST_CASE("Certificates: the CA is what the rules want it to be") {
    const Authority authority(home_policy({"den", "chat.example"}));
    const X509* const ca = authority.certificate.get();
    CHECK(::X509_get_version(ca) == X509_VERSION_3);
    CHECK(is_ca(authority.certificate.get()));
    CHECK(::X509_self_signed(authority.certificate.get(), 1) == 1);
    check_extension(ca, NID_basic_constraints, "CA:TRUE, pathlen:0", true);
    check_extension(ca, NID_key_usage, "Certificate Sign, CRL Sign", true);
    bool is_critical = true;
    CHECK(shown(ca, NID_subject_key_identifier, is_critical).size() == 59);
    CHECK_FALSE(is_critical);
    check_extension(ca, NID_name_constraints,
                    "Permitted:\n"
                    "  IP:10.0.0.0/255.0.0.0\n  IP:172.16.0.0/255.240.0.0\n"
                    "  IP:192.168.0.0/255.255.0.0\n  IP:100.64.0.0/255.192.0.0\n"
                    "  IP:169.254.0.0/255.255.0.0\n  IP:127.0.0.0/255.0.0.0\n"
                    "  IP:FC00:0:0:0:0:0:0:0/FE00:0:0:0:0:0:0:0\n"
                    "  IP:FE80:0:0:0:0:0:0:0/FFC0:0:0:0:0:0:0:0\n"
                    "  IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF\n"
                    "  DNS:localhost\n  DNS:local\n  DNS:lan\n  DNS:home.arpa\n"
                    "  DNS:den\n  DNS:chat.example",
                    true);
    CHECK(common_name(ca).rfind("videochat-server CA ", 0) == 0);
    CHECK(common_name(ca).size() == std::string("videochat-server CA 01234567").size());
}

TEST_CASE("Certificates: the leaf is a server's, names no host in its subject, and tells its CA") {
    const Authority authority(home_policy({}));
    const Certificate leaf =
        authority.sign(names({"localhost", "den.local", "192.168.1.5", "fd00::5"}));
    check_extension(leaf.get(), NID_basic_constraints, "CA:FALSE", true);
    check_extension(leaf.get(), NID_key_usage, "Digital Signature", true);
    check_extension(leaf.get(), NID_ext_key_usage, "TLS Web Server Authentication", false);
    check_extension(leaf.get(), NID_subject_alt_name,
                    "DNS:localhost, DNS:den.local, IP Address:192.168.1.5, "
                    "IP Address:FD00:0:0:0:0:0:0:5",
                    false);
    bool is_critical = true;
    const std::string own_id =
        shown(authority.certificate.get(), NID_subject_key_identifier, is_critical);
    CHECK(shown(leaf.get(), NID_authority_key_identifier, is_critical).find(own_id) !=
          std::string::npos);
    CHECK(shown(leaf.get(), NID_subject_key_identifier, is_critical).size() == own_id.size());
    CHECK(common_name(leaf.get()) == "videochat-server on this network");
    CHECK(::X509_NAME_entry_count(::X509_get_subject_name(leaf.get())) == 1);
    CHECK(::X509_NAME_cmp(::X509_get_issuer_name(leaf.get()),
                          ::X509_get_subject_name(authority.certificate.get())) == 0);
}

TEST_CASE("Certificates: keys are P-256 and no two are equal, serials are 20 random bytes") {
    const Authority one(home_policy({}));
    const Authority two(home_policy({}));
    CHECK(::EVP_PKEY_eq(one.key.get(), two.key.get()) != 1);
    CHECK(common_name(one.certificate.get()) != common_name(two.certificate.get()));
    char group[32] = {};
    std::size_t size = 0;
    REQUIRE(::EVP_PKEY_get_group_name(one.key.get(), group, sizeof group, &size) == 1);
    CHECK(std::string(group) == SN_X9_62_prime256v1);
    std::set<std::string> serials{serial_of(one.certificate.get()),
                                  serial_of(two.certificate.get())};
    for (int i = 0; i < 20; ++i)
        serials.insert(serial_of(one.sign(names({"localhost"})).get()));
    CHECK(serials.size() == 22);
    for (const auto& serial : serials)
        CHECK(serial.size() == 40);
}

TEST_CASE("Certificates: lives are 10 years and 397 days, one day of them back") {
    using std::chrono::hours;
    const Authority authority(home_policy({}));
    const Certificate leaf = authority.sign(names({"localhost"}));
    CHECK(begin_of(authority.certificate.get()) == kNow - hours(24));
    CHECK(end_of(authority.certificate.get()) == kNow + hours(24) * 3649);
    CHECK(begin_of(leaf.get()) == kNow - hours(24));
    CHECK(end_of(leaf.get()) == kNow + hours(24) * 396);
    CHECK(date_text(end_of(leaf.get())) == "2027-12-25");
}

TEST_CASE("Certificates: what the CA permits verifies, what it does not is refused") {
    const Authority authority(home_policy({"den"}));
    CHECK(authority
              .objection(
                  names({"localhost", "a.localhost", "den", "den.local", "x.lan", "chat.home.arpa",
                         "10.0.0.1", "172.31.0.1", "192.168.1.5", "100.64.0.1", "169.254.3.4",
                         "127.0.0.1", "fd00::1", "fe80::1", "::1"}))
              .empty());
    for (const auto* outside : {"example.com", "notlocal", "eden", "8.8.8.8", "172.32.0.1",
                                "11.0.0.0", "2001:db8::1", "::2", "::ffff:8.8.8.8"}) {
        INFO(outside);
        CHECK(authority.objection(names({outside})) == "permitted subtree violation");
        CHECK(authority.objection(names({"localhost", "192.168.1.5", outside})) ==
              "permitted subtree violation");
    }
}

TEST_CASE("Certificates: the policy that decides what is left out agrees with OpenSSL") {
    const Authority authority(home_policy({"den"}));
    const NamePolicy policy = name_policy(authority.certificate.get());
    CHECK(policy == home_policy({"den"}));
    for (const auto* name : {"localhost", "local", "lan", "home.arpa", "arpa", "den", "eden",
                             "a.den", "denx", "example.com", "a.b.lan", "lan.com"}) {
        INFO(name);
        CHECK(policy.permits(name) == authority.objection(names({name})).empty());
    }
    for (const auto* text : {"9.255.255.255",
                             "10.0.0.0",
                             "10.255.255.255",
                             "11.0.0.0",
                             "172.15.255.255",
                             "172.16.0.0",
                             "172.31.255.255",
                             "172.32.0.0",
                             "100.63.255.255",
                             "100.64.0.0",
                             "100.127.255.255",
                             "100.128.0.0",
                             "fbff::",
                             "fc00::",
                             "fdff::",
                             "fe00::",
                             "fe7f::",
                             "fe80::",
                             "febf::",
                             "fec0::",
                             "::",
                             "::1",
                             "::2"}) {
        INFO(text);
        CHECK(policy.permits(address(text)) == authority.objection(names({text})).empty());
    }
}

TEST_CASE("Certificates: a CA without constraints signs for everything") {
    const Authority authority{NamePolicy{}};
    bool is_critical = false;
    CHECK(shown(authority.certificate.get(), NID_name_constraints, is_critical).empty());
    CHECK_FALSE(name_policy(authority.certificate.get()).is_constrained());
    CHECK(authority.objection(names({"example.com", "8.8.8.8", "2001:db8::1"})).empty());
}

TEST_CASE("Certificates: a leaf of another CA, and one that would be a CA, are refused") {
    const Authority one(home_policy({}));
    const Authority two(home_policy({}));
    CHECK_FALSE(verify_server(one.sign(names({"localhost"})).get(), two.certificate.get()).empty());
    CHECK_FALSE(verify_server(two.certificate.get(), one.certificate.get()).empty());
}

TEST_CASE("Certificates: written and read they are the same") {
    const Authority authority(home_policy({}));
    const Certificate leaf = authority.sign(names({"localhost"}));
    const auto read =
        certificates_from_pem(to_pem(leaf.get()) + to_pem(authority.certificate.get()));
    REQUIRE(read.size() == 2);
    CHECK(sha256_fingerprint(read[0].get()) == sha256_fingerprint(leaf.get()));
    CHECK(sha256_fingerprint(read[1].get()) == sha256_fingerprint(authority.certificate.get()));
    CHECK(sha256_fingerprint(leaf.get()).size() == 95);
    CHECK(fits(authority.certificate.get(), key_from_pem(to_pem(authority.key.get())).get()));
    CHECK_FALSE(fits(leaf.get(), authority.key.get()));
    const std::string der = to_der(leaf.get());
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const Certificate again(::d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    REQUIRE(again);
    CHECK(sha256_fingerprint(again.get()) == sha256_fingerprint(leaf.get()));
}

TEST_CASE("Certificates: names come back as they went in") {
    const auto all = names({"localhost", "den.lan", "192.168.1.5", "fd00::5"});
    const Authority authority(home_policy({}));
    CHECK(alternative_names(authority.sign(all).get()) == all);
    CHECK(alternative_names(authority.certificate.get()) == AlternativeNames{});
}
