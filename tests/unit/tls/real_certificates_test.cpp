// Certificates from files: which are refused, and how they are renewed while the server runs.
#include "tls/real_certificates.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sys/stat.h>

#include <filesystem>

#include "captured_log.hpp"
#include "certificates.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/file_content.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::tls;
using test::CapturedLog;
using test::kNow;
using test::TempFolder;
using Strings = std::vector<std::string>;

namespace {

struct Issuer {
    Key key = make_key();
    Certificate root = make_ca(key.get(), {}, kNow);

    void issue(const TempFolder& top, const std::string& name, const std::string& host,
               Key leaf_key = make_key()) const {
        const Certificate leaf =
            make_leaf(leaf_key.get(), {{}, {host}}, root.get(), key.get(), kNow);
        test::write_file(top.file(name + ".crt"), to_pem(leaf.get()) + to_pem(root.get()));
        test::write_file(top.file(name + ".key"), to_pem(leaf_key.get()));
    }
};

TlsConfig files(const TempFolder& top, const Strings& names) {
    TlsConfig config;
    for (const auto& name : names) {
        config.certificates.push_back(top.file(name + ".crt"));
        config.keys.push_back(top.file(name + ".key"));
    }
    return config;
}

Surroundings at(const Time& now) {
    Surroundings surroundings;
    surroundings.now = [&now] { return now; };
    return surroundings;
}

std::string complaint(const TempFolder& top) {
    try {
        load_real(top.file("a.crt"), top.file("a.key"));
    } catch (const FileError& problem) {
        return problem.what();
    }
    return {};
}

bool tells(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos && text.find('\n') == std::string::npos;
}

std::string encrypted(const EVP_PKEY* key) {
    BIO* const bio = ::BIO_new(::BIO_s_mem());
    ::PEM_write_bio_PKCS8PrivateKey(bio, key, ::EVP_aes_256_cbc(), "secret", 6, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    ::BIO_free(bio);
    return text;
}

}  // namespace

TEST_CASE(
    "Real certificates: the chain goes along, the root stays at home, nothing is told of a CA") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "a", "chat.example");
    // Anything that is not self-signed takes the place of an intermediate.
    const std::string leaf = test::text_in(top.file("a.crt"));
    const Key other_key = make_key();
    const Certificate link =
        make_leaf(other_key.get(), {{}, {"x"}}, issuer.root.get(), issuer.key.get(), kNow);
    test::write_file(top.file("a.crt"), leaf + to_pem(link.get()));
    const RealCertificates real(files(top, {"a"}), at(kNow));
    REQUIRE(real.identities().size() == 1);
    const Identity& identity = real.identities().front();
    REQUIRE(identity.chain.size() == 1);
    CHECK(sha256_fingerprint(identity.chain.front().get()) == sha256_fingerprint(link.get()));
    CHECK(real.facts().names == Strings{"chat.example"});
    CHECK(real.facts().leaf_sha256 == sha256_fingerprint(identity.leaf.get()));
    CHECK(real.facts().ca_sha256.empty());
    CHECK(real.facts().ca_der.empty());
}

TEST_CASE("Real certificates: a file that is of no use is named, with what is wrong") {
    const TempFolder top;
    const Issuer issuer;
    CHECK(tells(complaint(top), top.file("a.crt")));
    issuer.issue(top, "a", "chat.example");
    CHECK(complaint(top).empty());
    const std::string certificate = test::text_in(top.file("a.crt"));
    const std::string key = test::text_in(top.file("a.key"));

    std::filesystem::remove(top.file("a.key"));
    CHECK(tells(complaint(top), top.file("a.key") + "\": No such file"));
    test::write_file(top.file("a.key"), "junk");
    CHECK(tells(complaint(top), top.file("a.key") + "\" holds no private key"));
    test::write_file(top.file("a.key"), encrypted(key_from_pem(key).get()));
    CHECK(tells(complaint(top), top.file("a.key") + "\" is encrypted"));
    test::write_file(top.file("a.key"), to_pem(make_key().get()));
    CHECK(tells(complaint(top), top.file("a.key") + "\" is not the key of"));
    test::write_file(top.file("a.key"), key);
    test::write_file(top.file("a.crt"), "junk");
    CHECK(tells(complaint(top), top.file("a.crt") + "\" holds no certificate"));
    test::write_file(top.file("a.crt"), key);
    CHECK(tells(complaint(top), top.file("a.crt") + "\" holds no certificate"));
    test::write_file(top.file("a.crt"), certificate);
    CHECK(complaint(top).empty());
    std::filesystem::remove(top.file("a.key"));
    REQUIRE(::mkfifo(top.file("a.key").c_str(), 0600) == 0);
    CHECK(tells(complaint(top), top.file("a.key") + "\" is not a file"));
}

TEST_CASE("Real certificates: a key that TLS does not take is refused by the file's name") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "a", "chat.example", Key(EVP_RSA_gen(512U)));
    CHECK(tells(complaint(top), top.file("a.crt")));
}

TEST_CASE("Real certificates: each needs its key") {
    const TempFolder top;
    Issuer().issue(top, "a", "chat.example");
    TlsConfig config = files(top, {"a"});
    config.keys.clear();
    CHECK_THROWS_WITH(RealCertificates(config, at(kNow)), "each certificate needs its key");
}

TEST_CASE("Real certificates: key and certificate may share a file") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "a", "chat.example");
    const std::string both = test::text_in(top.file("a.crt")) + test::text_in(top.file("a.key"));
    test::write_file(top.file("a.crt"), both);
    test::write_file(top.file("a.key"), both);
    CHECK(complaint(top).empty());
}

TEST_CASE("Real certificates: a changed pair is read when it has stood still for a look") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "a", "old.example");
    issuer.issue(top, "b", "other.example");
    RealCertificates real(files(top, {"a", "b"}), at(kNow));
    CHECK_FALSE(real.look(Occasion::Tick));
    CHECK_FALSE(real.look(Occasion::Addresses));
    issuer.issue(top, "a", "new.example");
    CHECK_FALSE(real.look(Occasion::Tick));
    CHECK(real.facts().names == Strings{"old.example"});
    CHECK(real.look(Occasion::Tick));
    CHECK(real.facts().names == Strings{"new.example"});
    CHECK(alternative_names(real.identities().at(1).leaf.get()).names == Strings{"other.example"});
    CHECK_FALSE(real.look(Occasion::Tick));
}

TEST_CASE(
    "Real certificates: a symbolic link that leads elsewhere is a change, as certbot makes it") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "1", "old.example");
    issuer.issue(top, "2", "new.example");
    for (const auto* kind : {".crt", ".key"})
        std::filesystem::create_symlink(std::string("1") + kind, top.file(std::string("a") + kind));
    RealCertificates real(files(top, {"a"}), at(kNow));
    for (const auto* kind : {".crt", ".key"}) {
        std::filesystem::remove(top.file(std::string("a") + kind));
        std::filesystem::create_symlink(std::string("2") + kind, top.file(std::string("a") + kind));
    }
    CHECK_FALSE(real.look(Occasion::Tick));
    CHECK(real.look(Occasion::Tick));
    CHECK(real.facts().names == Strings{"new.example"});
}

TEST_CASE("Real certificates: a bad file leaves the old pair in place and is told once for each") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "a", "old.example");
    RealCertificates real(files(top, {"a"}), at(kNow));
    const std::string key = test::text_in(top.file("a.key"));
    for (const auto& bad : {std::string("junk"), encrypted(key_from_pem(key).get())}) {
        const CapturedLog log;
        test::write_file(top.file("a.key"), bad);
        for (int i = 0; i < 4; ++i)
            CHECK_FALSE(real.look(Occasion::Tick));
        CHECK(log.count("error", top.file("a.key")) == 1);
        CHECK(real.facts().names == Strings{"old.example"});
    }
    {
        const CapturedLog log;
        std::filesystem::remove(top.file("a.key"));
        CHECK_FALSE(real.look(Occasion::Reload));
        CHECK(log.count("error", top.file("a.key")) == 1);
    }
    issuer.issue(top, "a", "new.example");
    CHECK(real.look(Occasion::Reload));
    CHECK(real.facts().names == Strings{"new.example"});
}

TEST_CASE("Real certificates: one that has expired serves on, with a warning, once") {
    const TempFolder top;
    const Issuer issuer;
    issuer.issue(top, "a", "chat.example");
    const CapturedLog log;
    Time now = kNow;
    RealCertificates real(files(top, {"a"}), at(now));
    CHECK(log.count("warn", "expired") == 0);
    now += std::chrono::hours(24 * 400);
    CHECK_FALSE(real.look(Occasion::Tick));
    CHECK_FALSE(real.look(Occasion::Tick));
    CHECK(log.count("warn", "expired") == 1);
    const RealCertificates later(files(top, {"a"}), at(now));
    CHECK(log.count("warn", "expired") == 2);
}
