// The leaf of our own CA: what it holds, how long it is kept, what is refused.
#include "tls/own_certificate.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <thread>

#include "captured_log.hpp"
#include "certificates.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::tls;
using test::address;
using test::CapturedLog;
using test::kNow;
using test::TempFolder;
using Strings = std::vector<std::string>;
using std::chrono::hours;

namespace {

constexpr hours kDay{24};

// A machine that a test changes under the certificate.
struct Machine {
    std::vector<OwnAddress> addresses{{address("127.0.0.1")}, {address("192.168.1.5")}};
    std::string host = "den";
    Time now = kNow;

    Surroundings seen() {
        return {.addresses = [this] { return addresses; },
                .host_name = [this] { return host; },
                .now = [this] { return now; }};
    }
};

TlsConfig in_folder(const TempFolder& top, Strings names = {}) {
    TlsConfig config;
    config.state_dir = top.path();
    config.names = std::move(names);
    return config;
}

bool has(const CertificateSource& source, const std::string& name) {
    const auto names = source.facts().names;
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string leaf_of(const CertificateSource& source) { return source.facts().leaf_sha256; }
std::string ca_of(const CertificateSource& source) { return source.facts().ca_sha256; }

std::string complaint(const TlsConfig& config, Machine& machine) {
    try {
        const OwnCertificate made(config, machine.seen());
    } catch (const std::runtime_error& problem) {
        return problem.what();
    }
    return {};
}

}  // namespace

TEST_CASE("Own certificate: is good for the machine's addresses and names, signed by its CA") {
    Machine machine;
    machine.addresses.push_back({address("2001:db8::5")});
    TlsConfig config;
    config.names = {"chat.example"};
    const OwnCertificate own(config, machine.seen());
    const TrustFacts facts = own.facts();
    CHECK(facts.names == Strings{"localhost", "den", "den.local", "den.lan", "den.home.arpa",
                                 "chat.example", "127.0.0.1", "192.168.1.5"});
    REQUIRE(own.identities().size() == 1);
    const Identity& identity = own.identities().front();
    CHECK(identity.chain.empty());
    CHECK(fits(identity.leaf.get(), identity.key.get()));
    CHECK(sha256_fingerprint(identity.leaf.get()) == facts.leaf_sha256);
    const auto* at = reinterpret_cast<const unsigned char*>(facts.ca_der.data());
    const Certificate ca(::d2i_X509(nullptr, &at, static_cast<long>(facts.ca_der.size())));
    REQUIRE(ca);
    CHECK(sha256_fingerprint(ca.get()) == facts.ca_sha256);
    CHECK(verify_server(identity.leaf.get(), ca.get()).empty());
    CHECK(name_policy(ca.get()) == home_policy({"den", "chat.example"}));
}

TEST_CASE("Own certificate: two installations share nothing") {
    Machine machine;
    const OwnCertificate one(TlsConfig{}, machine.seen());
    const OwnCertificate two(TlsConfig{}, machine.seen());
    CHECK(ca_of(one) != ca_of(two));
    CHECK(::EVP_PKEY_eq(one.identities().front().key.get(), two.identities().front().key.get()) !=
          1);
}

TEST_CASE("Own certificate: is kept over restarts, with the CA") {
    const TempFolder top;
    Machine machine;
    const OwnCertificate first(in_folder(top), machine.seen());
    const OwnCertificate second(in_folder(top), machine.seen());
    CHECK(leaf_of(first) == leaf_of(second));
    CHECK(ca_of(first) == ca_of(second));
    for (const auto* file : {"ca.key", "leaf.key"}) {
        struct stat state {};
        REQUIRE(::stat(top.file(file).c_str(), &state) == 0);
        CHECK((state.st_mode & 07777U) == 0600);
    }
}

TEST_CASE("Own certificate: starts at once make one CA and one leaf") {
    const TempFolder top;
    const std::string folder = top.file("state");
    std::vector<std::thread> threads;
    std::vector<TrustFacts> facts(8);
    for (auto& each : facts) {
        threads.emplace_back([&each, &folder] {
            TlsConfig config;
            config.state_dir = folder;
            each = OwnCertificate(config, {.addresses = [] { return std::vector<OwnAddress>{}; },
                                           .host_name = [] { return "den"; },
                                           .now = [] { return kNow; }})
                       .facts();
        });
    }
    for (auto& thread : threads)
        thread.join();
    std::set<std::string> cas;
    std::set<std::string> leaves;
    for (const auto& each : facts) {
        cas.insert(each.ca_sha256);
        leaves.insert(each.leaf_sha256);
    }
    CHECK(cas.size() == 1);
    CHECK(leaves.size() == 1);
}

TEST_CASE("Own certificate: an address that comes is taken, one that goes changes nothing") {
    const TempFolder top;
    Machine machine;
    OwnCertificate own(in_folder(top), machine.seen());
    const std::string before = leaf_of(own);
    machine.addresses.push_back({address("10.1.2.3")});
    CHECK_FALSE(own.look(Occasion::Tick));
    CHECK(own.look(Occasion::Addresses));
    CHECK(has(own, "10.1.2.3"));
    const std::string after = leaf_of(own);
    CHECK(after != before);
    machine.addresses = {{address("127.0.0.1")}};
    CHECK_FALSE(own.look(Occasion::Addresses));
    CHECK(leaf_of(own) == after);
    CHECK(leaf_of(OwnCertificate(in_folder(top), machine.seen())) == after);
    machine.addresses.push_back({address("10.1.2.3")});
    CHECK_FALSE(own.look(Occasion::Addresses));
}

TEST_CASE(
    "Own certificate: what the CA does not permit is left out, told once, no reason for anew") {
    const CapturedLog log;
    Machine machine;
    OwnCertificate own(TlsConfig{}, machine.seen());
    const std::string before = leaf_of(own);
    machine.addresses.push_back({address("2001:db8::5")});
    machine.addresses.push_back({address("203.0.113.4")});
    machine.host = "attic";
    CHECK(own.look(Occasion::Addresses));  // attic.local
    CHECK(has(own, "attic.local"));
    CHECK_FALSE(has(own, "attic"));
    const std::string after = leaf_of(own);
    CHECK(after != before);
    CHECK_FALSE(own.look(Occasion::Addresses));
    CHECK_FALSE(own.look(Occasion::Reload));
    CHECK(leaf_of(own) == after);
    for (const auto* name : {"2001:db8::5", "203.0.113.4", "\"attic\""})
        CHECK(log.count("info", name) == 1);
}

TEST_CASE("Own certificate: passing addresses are no reason for another one, but are taken along") {
    Machine machine;
    OwnCertificate own(TlsConfig{}, machine.seen());
    machine.addresses.push_back({address("fe80::7"), true});
    CHECK_FALSE(own.look(Occasion::Addresses));
    machine.addresses.push_back({address("10.1.2.3")});
    CHECK(own.look(Occasion::Addresses));
    CHECK(has(own, "fe80::7"));
}

TEST_CASE(
    "Own certificate: follows by another one when a third of its life is left, of the same CA") {
    const TempFolder top;
    Machine machine;
    OwnCertificate own(in_folder(top), machine.seen());
    const std::string leaf = leaf_of(own);
    const std::string ca = ca_of(own);
    machine.now = kNow + kDay * 263;
    CHECK_FALSE(own.look(Occasion::Tick));
    CHECK(leaf_of(OwnCertificate(in_folder(top), machine.seen())) == leaf);
    machine.now = kNow + kDay * 264;
    CHECK(own.look(Occasion::Tick));
    CHECK(leaf_of(own) != leaf);
    CHECK(ca_of(own) == ca);
    CHECK(end_of(own.identities().front().leaf.get()) == machine.now + kDay * 396);
    CHECK_FALSE(own.look(Occasion::Tick));
    CHECK(leaf_of(OwnCertificate(in_folder(top), machine.seen())) == leaf_of(own));
}

TEST_CASE("Own certificate: a broken leaf is replaced, and said so; the CA stays") {
    const TempFolder top;
    Machine machine;
    const TrustFacts before = OwnCertificate(in_folder(top), machine.seen()).facts();
    for (const auto* file : {"leaf.crt", "leaf.key"}) {
        const CapturedLog log;
        test::write_file(top.file(file), "junk");
        const OwnCertificate own(in_folder(top), machine.seen());
        CHECK(ca_of(own) == before.ca_sha256);
        CHECK(leaf_of(own) != before.leaf_sha256);
        CHECK(log.count("warn", file) == 1);
        CHECK(leaf_of(OwnCertificate(in_folder(top), machine.seen())) == leaf_of(own));
    }
}

TEST_CASE("Own certificate: a broken CA ends the start and stays as it is") {
    const TempFolder top;
    Machine machine;
    { const OwnCertificate own(in_folder(top), machine.seen()); }
    test::write_file(top.file("ca.key"), "junk");
    const std::string why = complaint(in_folder(top), machine);
    CHECK(why.find(top.file("ca.key")) != std::string::npos);
    CHECK(test::text_in(top.file("ca.key")) == "junk");
}

TEST_CASE("Own certificate: a --tls-name that the CA does not permit is refused with the way out") {
    const TempFolder top;
    Machine machine;
    const std::string ca = ca_of(OwnCertificate(in_folder(top, {"chat.example"}), machine.seen()));
    CHECK(complaint(in_folder(top, {"chat.example", "a.chat.example", "x.lan"}), machine).empty());
    const std::string why = complaint(in_folder(top, {"chat.example", "other.example"}), machine);
    CHECK(why.find("other.example") != std::string::npos);
    CHECK(why.find("videochat-server ca --new") != std::string::npos);
    CHECK(why.find('\n') == std::string::npos);
    CHECK(ca_of(OwnCertificate(in_folder(top), machine.seen())) == ca);
}

TEST_CASE("Own certificate: says at the start that the CA is of the other kind") {
    const std::string told_constrained = "--ca-unconstrained counts only";
    const std::string told_unconstrained = "was made with --ca-unconstrained";
    const std::string told_danger = "may sign for any site";
    for (const bool is_unconstrained : {false, true}) {
        const TempFolder top;
        Machine machine;
        machine.addresses.push_back({address("2001:db8::5")});
        TlsConfig config = in_folder(top);
        config.ca_unconstrained = is_unconstrained;
        std::string ca;
        {
            const CapturedLog log;
            const OwnCertificate own(config, machine.seen());
            ca = ca_of(own);
            CHECK(has(own, "2001:db8::5") == is_unconstrained);
            CHECK(log.count("warn", told_constrained) == 0);
            CHECK(log.count("warn", told_unconstrained) == 0);
            CHECK(log.count("warn", told_danger) == (is_unconstrained ? 1 : 0));
        }
        config.ca_unconstrained = !is_unconstrained;
        const CapturedLog log;
        CHECK(ca_of(OwnCertificate(config, machine.seen())) == ca);
        CHECK(log.count("warn", told_constrained) == (is_unconstrained ? 0 : 1));
        CHECK(log.count("warn", told_unconstrained) == (is_unconstrained ? 1 : 0));
    }
}

TEST_CASE("Own certificate: a folder that cannot be written costs a warning, not the start") {
    const CapturedLog log;
    const TempFolder top;
    test::write_file(top.file("file"), "");
    Machine machine;
    TlsConfig config;
    config.state_dir = top.file("file/below");
    OwnCertificate own(config, machine.seen());
    CHECK(has(own, "192.168.1.5"));
    CHECK(log.count("warn", "lives in memory") == 1);
    machine.addresses.push_back({address("10.1.2.3")});
    CHECK(own.look(Occasion::Addresses));
    CHECK(has(own, "10.1.2.3"));
}

TEST_CASE("Own certificate: a folder that takes no new files costs a warning, and keeps none") {
    const CapturedLog log;
    const TempFolder top;
    Machine machine;
    // A folder in the place of the file that would be renamed: no right of root's helps.
    std::filesystem::create_directories(top.file("state/ca.key.new/x"));
    TlsConfig config;
    config.state_dir = top.file("state");
    const OwnCertificate own(config, machine.seen());
    CHECK(has(own, "192.168.1.5"));
    CHECK(log.count("warn", "lives in memory") == 1);
    CHECK_FALSE(std::filesystem::exists(top.file("state/ca.crt")));
}

TEST_CASE("Own certificate: without a folder nothing is said and nothing written") {
    const CapturedLog log;
    Machine machine;
    const OwnCertificate own(TlsConfig{}, machine.seen());
    CHECK(log.count("warn", "") == 0);
}

TEST_CASE("Own certificate: takes up a CA that was made anew, and a leaf that was taken away") {
    const TempFolder top;
    Machine machine;
    OwnCertificate own(in_folder(top), machine.seen());
    const std::string before = ca_of(own);
    const LocalCa made = replace_ca(in_folder(top, {"new.example"}), machine.seen());
    CHECK(own.look(Occasion::Tick));
    CHECK(ca_of(own) != before);
    CHECK(ca_of(own) == sha256_fingerprint(made.certificate.get()));
    CHECK(has(own, "new.example"));  // the leaf that came with it
    CHECK_FALSE(own.look(Occasion::Tick));
    const std::string leaf = leaf_of(own);
    std::filesystem::remove(top.file("leaf.crt"));
    CHECK_FALSE(own.look(Occasion::Tick));  // the one in use serves
    CHECK(leaf_of(own) == leaf);
}

TEST_CASE(
    "Own certificate: while it runs, a CA that is broken or gone changes nothing, said once") {
    const TempFolder top;
    Machine machine;
    OwnCertificate own(in_folder(top), machine.seen());
    const TrustFacts before = own.facts();
    {
        const CapturedLog log;
        test::write_file(top.file("ca.crt"), "junk");
        CHECK_FALSE(own.look(Occasion::Tick));
        CHECK_FALSE(own.look(Occasion::Tick));
        CHECK(log.count("error", "ca.crt") == 1);
    }
    const CapturedLog log;
    std::filesystem::remove(top.file("ca.crt"));
    std::filesystem::remove(top.file("ca.key"));
    CHECK_FALSE(own.look(Occasion::Tick));
    CHECK_FALSE(own.look(Occasion::Tick));
    CHECK(log.count("warn", "gone") == 1);
    CHECK_FALSE(std::filesystem::exists(top.file("ca.crt")));
    CHECK(ca_of(own) == before.ca_sha256);
    CHECK(leaf_of(own) == before.leaf_sha256);
}

TEST_CASE(
    "Own certificate: servers that share a folder and want different names do not take turns") {
    const TempFolder top;
    Machine machine;
    OwnCertificate one(in_folder(top, {"one.lan"}), machine.seen());
    OwnCertificate two(in_folder(top, {"two.lan"}), machine.seen());
    const std::string of_one = leaf_of(one);
    const std::string of_two = leaf_of(two);
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(one.look(Occasion::Tick));
        CHECK_FALSE(two.look(Occasion::Tick));
    }
    CHECK(leaf_of(one) == of_one);
    CHECK(leaf_of(two) == of_two);
}

TEST_CASE("Own certificate: a new CA for the day's names; the old key is gone") {
    const TempFolder top;
    Machine machine;
    const std::string before = ca_of(OwnCertificate(in_folder(top), machine.seen()));
    const std::string old_key = test::text_in(top.file("ca.key"));
    const LocalCa made = replace_ca(in_folder(top, {"chat.example"}), machine.seen());
    CHECK(made.policy == home_policy({"den", "chat.example"}));
    const OwnCertificate own(in_folder(top, {"chat.example"}), machine.seen());
    CHECK(ca_of(own) == sha256_fingerprint(made.certificate.get()));
    CHECK(ca_of(own) != before);
    CHECK(has(own, "chat.example"));
    CHECK(test::text_in(top.file("ca.key")) != old_key);
    CHECK(leaf_of(own) ==
          sha256_fingerprint(
              certificates_from_pem(test::text_in(top.file("leaf.crt"))).front().get()));
    test::write_file(top.file("ca.key"), "junk");  // the way out of a broken one
    CHECK_NOTHROW(replace_ca(in_folder(top), machine.seen()));
    CHECK(complaint(in_folder(top), machine).empty());
}
