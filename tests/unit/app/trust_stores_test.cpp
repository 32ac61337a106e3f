// Stores of trust in folders of the test: real NSS databases, and a system's store that only counts
// how often it is told to update.
#include "app/trust_stores.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/certificate_making.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::app;
namespace fs = std::filesystem;

namespace {

using Strings = std::vector<std::string>;

std::string certutil() {
    const std::string path = find_program("certutil", "/usr/bin:/usr/local/bin:/bin");
    if (path.empty()) FAIL("certutil is needed for this test: scripts/install-deps test");
    return path;
}

TrustedCa new_ca() {
    const tls::Key key = tls::make_key();
    const tls::Certificate ca =
        tls::make_ca(key.get(), tls::home_policy({}), std::chrono::system_clock::now());
    return {tls::common_name(ca.get()), tls::to_pem(ca.get())};
}

struct Machine {
    Machine() {
        fs::create_directories(home());
        places.home = home();
        places.certutil = certutil();
        places.system_folder = top.file("system");
        places.update_system = {"/bin/sh", "-c", "echo updated $1 >>" + top.file("updates"),
                                "update"};
    }

    std::string home() const { return top.file("home"); }
    std::string database(const std::string& name) const {
        fs::create_directories(top.file("home/" + name));
        run({"-N", "--empty-password"}, name);
        return top.file("home/" + name);
    }
    ProgramEnd run(Strings arguments, const std::string& name) const {
        arguments.insert(arguments.begin(),
                         {places.certutil, "-d", "sql:" + top.file("home/" + name)});
        return run_program(arguments, {}, std::nullopt);
    }
    /// As certutil -L shows its trust; empty: it is not there.
    std::string trust(const std::string& name, const TrustedCa& ca) const {
        const std::string list = run({"-L"}, name).output;
        const auto at = list.find(ca.name);
        if (at == std::string::npos) return {};
        const auto end = list.find('\n', at);
        const auto blank = list.find_last_of(' ', list.find_last_not_of(" \n", end));
        return list.substr(blank + 1, list.find_last_not_of(" \n", end) - blank);
    }

    videochat::test::TempFolder top;
    TrustPlaces places;
};

bool tells(const TrustReport& report, const std::string& part) {
    return std::any_of(report.lines.begin(), report.lines.end(),
                       [&part](const auto& line) { return line.find(part) != std::string::npos; });
}

constexpr const char* kChromium = ".pki/nssdb";
constexpr const char* kProfile = ".mozilla/firefox/ab12.default-release";

}  // namespace

TEST_CASE(
    "Trust stores: Chromium, each profile of Firefox and the system come to trust, and no longer") {
    const Machine machine;
    const TrustedCa ca = new_ca();
    for (const auto* name : {kProfile, ".mozilla/firefox/cd34.work",
                             "snap/firefox/common/.mozilla/firefox/ef56.default",
                             ".var/app/org.mozilla.firefox/.mozilla/firefox/gh78.default"}) {
        machine.database(name);
    }
    fs::create_directories(machine.home() + "/.mozilla/firefox/Crash Reports");
    const TrustReport installed = install_trust(machine.places, ca);
    CHECK(installed.is_complete);
    CHECK(installed.lines.size() == 6);
    const auto databases = nss_databases(machine.home());
    REQUIRE(databases.size() == 5);
    for (const auto& folder : databases) {
        INFO(folder);
        CHECK(machine.trust(folder.substr(machine.home().size() + 1), ca) == "C,,");
        CHECK(tells(installed, folder + " trusts it"));
    }
    CHECK(machine.top.text_in("system/videochat-server-" + ca.id() + ".crt") == ca.pem);
    CHECK(machine.top.text_in("updates") == "updated\n");

    const TrustReport removed = remove_trust(machine.places, ca);
    CHECK(removed.is_complete);
    CHECK(removed.lines.size() == 6);
    for (const auto& folder : databases)
        CHECK(machine.trust(folder.substr(machine.home().size() + 1), ca).empty());
    CHECK_FALSE(machine.top.has("system/videochat-server-" + ca.id() + ".crt"));
    CHECK(machine.top.text_in("updates") == "updated\nupdated --fresh\n");
}

TEST_CASE("Trust stores: Chromium's database is made if it is missing, private") {
    const Machine machine;
    const TrustedCa ca = new_ca();
    CHECK(install_trust(machine.places, ca).is_complete);
    CHECK(machine.trust(kChromium, ca) == "C,,");
    struct stat state {};
    REQUIRE(::stat((machine.home() + "/.pki").c_str(), &state) == 0);
    CHECK((state.st_mode & 0777U) == 0700);
}

TEST_CASE("Trust stores: twice is as good as once, and other CAs stay") {
    const Machine machine;
    const TrustedCa ours = new_ca();
    const TrustedCa other = new_ca();
    CHECK(ours.id() != other.id());
    CHECK(install_trust(machine.places, other).is_complete);
    CHECK(install_trust(machine.places, ours).is_complete);
    CHECK(install_trust(machine.places, ours).is_complete);
    CHECK(machine.trust(kChromium, ours) == "C,,");
    CHECK(remove_trust(machine.places, ours).is_complete);
    CHECK(remove_trust(machine.places, ours).lines.empty());
    CHECK(machine.trust(kChromium, ours).empty());
    CHECK(machine.trust(kChromium, other) == "C,,");
    CHECK(machine.top.has("system/videochat-server-" + other.id() + ".crt"));
}

TEST_CASE("Trust stores: a database with a password stays as it is, and that is said") {
    const Machine machine;
    const TrustedCa ca = new_ca();
    machine.top.write("password", "a primary password\n");
    fs::create_directories(machine.home() + "/" + kProfile);
    machine.run({"-N", "-f", machine.top.file("password")}, kProfile);
    const TrustReport report = install_trust(machine.places, ca);
    CHECK_FALSE(report.is_complete);
    CHECK(tells(report, "primary password"));
    CHECK(machine.trust(kProfile, ca).empty());
    CHECK(machine.trust(kChromium, ca) == "C,,");
}

TEST_CASE("Trust stores: what is missing is named with the package that brings it") {
    Machine machine;
    const TrustedCa ca = new_ca();
    machine.places.certutil.clear();
    const TrustReport without_certutil = install_trust(machine.places, ca);
    CHECK_FALSE(without_certutil.is_complete);
    CHECK(tells(without_certutil, "libnss3-tools"));
    CHECK(machine.top.has("system/videochat-server-" + ca.id() + ".crt"));
    CHECK_FALSE(machine.top.has("home/.pki"));

    machine.places.certutil = certutil();
    machine.places.update_system.clear();
    const TrustReport without_update = install_trust(machine.places, ca);
    CHECK_FALSE(without_update.is_complete);
    CHECK(tells(without_update, "package ca-certificates"));
    CHECK(machine.trust(kChromium, ca) == "C,,");

    machine.places.home.clear();
    CHECK(tells(install_trust(machine.places, ca), "HOME"));
}

TEST_CASE(
    "Trust stores: a failure of the system's program is told, the browsers are not kept from it") {
    Machine machine;
    const TrustedCa ca = new_ca();
    machine.places.update_system = {"/bin/sh", "-c", "echo no room left >&2; exit 1"};
    const TrustReport report = install_trust(machine.places, ca);
    CHECK_FALSE(report.is_complete);
    CHECK(tells(report, "no room left"));
    CHECK(machine.trust(kChromium, ca) == "C,,");
}

TEST_CASE("Trust stores: who is not root changes the own browsers alone") {
    Machine machine;
    const TrustedCa ca = new_ca();
    machine.places.system_folder.clear();
    machine.places.update_system.clear();
    const TrustReport report = install_trust(machine.places, ca);
    CHECK(report.is_complete);
    CHECK(tells(report, "only root"));
    CHECK(machine.trust(kChromium, ca) == "C,,");
}

TEST_CASE("Trust stores: under sudo the databases stay the caller's") {
    if (::geteuid() != 0) return;  // only root can become somebody else
    Machine machine;
    const TrustedCa ca = new_ca();
    const auto nobody = user_of("nobody");
    REQUIRE(nobody);
    REQUIRE(::chown(machine.top.path().c_str(), nobody->id, nobody->group) == 0);
    REQUIRE(::chown(machine.home().c_str(), nobody->id, nobody->group) == 0);
    machine.places.user = User{nobody->name, machine.home(), nobody->id, nobody->group};
    CHECK(install_trust(machine.places, ca).is_complete);
    for (const auto* name : {".pki", ".pki/nssdb", ".pki/nssdb/cert9.db", ".pki/nssdb/key4.db"}) {
        INFO(name);
        struct stat state {};
        REQUIRE(::stat(machine.top.file(std::string("home/") + name).c_str(), &state) == 0);
        CHECK(state.st_uid == nobody->id);
    }
    CHECK(machine.trust(kChromium, ca) == "C,,");
    CHECK(remove_trust(machine.places, ca).is_complete);
    CHECK(machine.trust(kChromium, ca).empty());
}
