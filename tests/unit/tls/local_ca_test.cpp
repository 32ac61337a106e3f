// The CA in its folder: kept, and refused rather than replaced when something is wrong with it.
#include "tls/local_ca.hpp"

#include <sys/stat.h>

#include "certificates.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::tls;
using test::kNow;
using test::TempFolder;
using test::text_in;

namespace {

const NamePolicy kHome = home_policy({});

struct Kept {
    Kept() : folder(top.path()), ca(make_local_ca(kHome, kNow)) { store_ca(folder, ca); }

    std::string both() const { return text_in(top.file("ca.crt")) + text_in(top.file("ca.key")); }

    // It names the file, and has changed nothing.
    void check_refusal(const std::string& file, const std::string& why) const {
        const std::string before = both();
        std::string complaint;
        try {
            load_ca(folder, kHome, kNow);
        } catch (const FileError& problem) {
            complaint = problem.what();
        }
        INFO(complaint);
        CHECK(complaint.find(top.file(file)) != std::string::npos);
        CHECK(complaint.find(why) != std::string::npos);
        CHECK(complaint.find('\n') == std::string::npos);
        CHECK(both() == before);
    }

    TempFolder top;
    StateFolder folder;
    LocalCa ca;
};

std::string fingerprint(const LocalCa& ca) { return sha256_fingerprint(ca.certificate.get()); }

const AlternativeNames kLocalhost{{}, {"localhost"}};

}  // namespace

TEST_CASE("Local CA: is read back as it was stored, its key private") {
    const Kept kept;
    const auto loaded = load_ca(kept.folder, {}, kNow);
    REQUIRE(loaded);
    CHECK(fingerprint(*loaded) == fingerprint(kept.ca));
    CHECK(loaded->policy == kHome);
    CHECK(fits(loaded->certificate.get(), loaded->key.get()));
    struct stat state {};
    REQUIRE(::stat(kept.top.file("ca.key").c_str(), &state) == 0);
    CHECK((state.st_mode & 07777U) == 0600);
}

TEST_CASE("Local CA: an empty folder has none") {
    const TempFolder top;
    CHECK_FALSE(load_ca(StateFolder(top.path()), kHome, kNow));
}

TEST_CASE("Local CA: a key that others or the group can read is refused and nothing is changed") {
    const Kept kept;
    for (const mode_t mode : {0640U, 0604U, 0644U}) {
        REQUIRE(::chmod(kept.top.file("ca.key").c_str(), mode) == 0);
        kept.check_refusal("ca.key", "others");
    }
}

TEST_CASE("Local CA: files that do not parse or do not fit each other are refused by name") {
    const Kept kept;
    const std::string key = text_in(kept.top.file("ca.key"));
    const std::string certificate = text_in(kept.top.file("ca.crt"));
    kept.folder.write("ca.key", "junk");
    kept.check_refusal("ca.key", "private key");
    kept.folder.write("ca.key", "");
    kept.check_refusal("ca.key", "private key");
    kept.folder.write("ca.key", to_pem(make_key().get()));
    kept.check_refusal("ca.key", "not the key of ca.crt");
    kept.folder.remove("ca.key");
    kept.check_refusal("ca.key", "missing");
    kept.folder.write("ca.key", key);
    kept.folder.write("ca.crt", certificate.substr(0, certificate.size() / 2));
    kept.check_refusal("ca.crt", "certificate");
    kept.folder.write("ca.crt", certificate + certificate);
    kept.check_refusal("ca.crt", "certificate");
    const Identity leaf = issue_leaf(kept.ca, kLocalhost, kNow);
    kept.folder.write("ca.crt", to_pem(leaf.leaf.get()));
    kept.check_refusal("ca.crt", "CA");
    kept.folder.write("ca.crt", certificate);
    CHECK(load_ca(kept.folder, kHome, kNow));
}

TEST_CASE(
    "Local CA: a key alone, as a power cut leaves it, gets a certificate that old leaves fit") {
    const Kept kept;
    const Identity leaf = issue_leaf(kept.ca, kLocalhost, kNow);
    kept.folder.remove("ca.crt");
    const auto again = load_ca(kept.folder, kHome, kNow);
    REQUIRE(again);
    CHECK(fingerprint(*again) != fingerprint(kept.ca));
    CHECK(verify_server(leaf.leaf.get(), again->certificate.get()).empty());
    const auto later = load_ca(kept.folder, kHome, kNow);
    REQUIRE(later);
    CHECK(fingerprint(*later) == fingerprint(*again));
}

TEST_CASE("Local CA: with a clock that has not been set it is still good today") {
    const LocalCa ca = make_local_ca(kHome, Time{});
    CHECK(begin_of(ca.certificate.get()) < kNow);
    CHECK(end_of(ca.certificate.get()) > kNow + std::chrono::hours(24 * 365 * 8));
}

TEST_CASE("Local CA: does not issue what clients would refuse") {
    const LocalCa ca = make_local_ca(kHome, kNow);
    CHECK(verify_server(issue_leaf(ca, kLocalhost, kNow).leaf.get(), ca.certificate.get()).empty());
    CHECK_THROWS_WITH(issue_leaf(ca, {{}, {"localhost", "example.com"}}, kNow),
                      Catch::Matchers::Contains("permitted subtree violation"));
}

TEST_CASE("Leaf in its folder: read back, or a reason why it cannot be used") {
    const Kept kept;
    const auto reason = [&kept] {
        const auto found = load_leaf(kept.folder, kept.ca);
        const auto* const text = std::get_if<std::string>(&found);
        return text == nullptr ? "it is good" : *text;
    };
    CHECK(reason().empty());
    const Identity leaf = issue_leaf(kept.ca, kLocalhost, kNow);
    store_leaf(kept.folder, leaf);
    CHECK(reason() == "it is good");
    const auto loaded = load_leaf(kept.folder, kept.ca);
    CHECK(sha256_fingerprint(std::get<Identity>(loaded).leaf.get()) ==
          sha256_fingerprint(leaf.leaf.get()));

    REQUIRE(::chmod(kept.top.file("leaf.key").c_str(), 0644) == 0);
    CHECK(reason().find("leaf.key") != std::string::npos);
    kept.folder.write("leaf.key", "junk");
    CHECK(reason().find("leaf.key is broken") != std::string::npos);
    kept.folder.write("leaf.key", to_pem(make_key().get()));
    CHECK(reason().find("another one's key") != std::string::npos);
    kept.folder.write("leaf.crt", "junk");
    CHECK(reason().find("leaf.crt is broken") != std::string::npos);
    store_leaf(kept.folder, issue_leaf(make_local_ca(kHome, kNow), kLocalhost, kNow));
    CHECK(reason().find("not one of this CA") != std::string::npos);
    kept.folder.remove("leaf.key");
    CHECK(reason().find("leaf.key is broken") != std::string::npos);
}
