#include "app/trust_stores.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "protocol/quoted_text.hpp"

namespace videochat::app {
namespace {

namespace fs = std::filesystem;
using protocol::escaped;

// Of Chromium and all of its kin; made if it is missing.
constexpr std::string_view kChromium = "/.pki/nssdb";

std::string one_line(std::string text) {
    while (text.ends_with('\n'))
        text.pop_back();
    return escaped(text.substr(0, text.find('\n')));
}

// certutil with one database.
class Database {
  public:
    Database(const TrustPlaces& places, const std::string& folder)
        : places_(places), folder_("sql:" + folder) {}

    bool has(const TrustedCa& ca) const { return run({"-L", "-n", ca.name}).code == 0; }
    ProgramEnd make() const { return run({"-N", "--empty-password"}); }
    ProgramEnd remove(const TrustedCa& ca) const { return run({"-D", "-n", ca.name}); }
    /// From standard input: the user may be somebody who cannot read the file of the CA.
    ProgramEnd add(const TrustedCa& ca) const {
        return run({"-A", "-a", "-t", "C,,", "-n", ca.name}, ca.pem);
    }

  private:
    ProgramEnd run(std::vector<std::string> arguments, const std::string& input = {}) const {
        arguments.insert(arguments.begin(), {places_.certutil, "-d", folder_});
        return run_program(arguments, input, places_.user);
    }

    const TrustPlaces& places_;
    const std::string folder_;
};

void tell(TrustReport& report, const std::string& line) { report.lines.push_back(line); }

void tell_missing(TrustReport& report, const std::string& line) {
    report.lines.push_back(line);
    report.is_complete = false;
}

std::string system_file(const TrustPlaces& places, const TrustedCa& ca) {
    return places.system_folder + "/videochat-server-" + ca.id() + ".crt";
}

void update_system(const TrustPlaces& places, const std::vector<std::string>& more,
                   TrustReport& report, const std::string& done) {
    std::vector<std::string> command = places.update_system;
    command.insert(command.end(), more.begin(), more.end());
    const ProgramEnd end = run_program(command, {}, std::nullopt);
    if (end.code == 0) {
        tell(report, done);
    } else {
        tell_missing(report, "The system's store: " + escaped(places.update_system.front()) +
                                 " failed: " + one_line(end.output));
    }
}

void install_in_system(const TrustPlaces& places, const TrustedCa& ca, TrustReport& report) {
    if (places.system_folder.empty()) {
        tell(report, "The system's store (curl, wget and the like): only root can change it.");
        return;
    }
    if (places.update_system.empty()) {
        tell_missing(report,
                     "The system's store: update-ca-certificates is missing; on Debian and Ubuntu "
                     "it comes with the package ca-certificates.");
        return;
    }
    const std::string path = system_file(places, ca);
    std::error_code ignored;
    fs::create_directories(places.system_folder, ignored);
    std::ofstream file(path, std::ios::trunc);
    file << ca.pem;
    file.close();
    if (!file) {
        tell_missing(report, "The system's store: cannot write " + escaped(path) + ": " +
                                 std::strerror(errno));
        return;
    }
    fs::permissions(path, fs::perms(0644), ignored);
    update_system(places, {}, report, "The system's store trusts it (" + escaped(path) + ").");
}

void remove_from_system(const TrustPlaces& places, const TrustedCa& ca, TrustReport& report) {
    if (places.system_folder.empty()) return;
    const std::string path = system_file(places, ca);
    std::error_code problem;
    if (!fs::remove(path, problem)) {
        if (problem)
            tell_missing(report, "Cannot remove " + escaped(path) + ": " + problem.message());
        return;
    }
    if (places.update_system.empty()) {
        tell_missing(report, "Removed " + escaped(path) +
                                 ", but update-ca-certificates is missing: the system's store "
                                 "still trusts it.");
        return;
    }
    // Else links to what is gone would stay.
    update_system(places, {"--fresh"}, report, "The system's store no longer trusts it.");
}

void make_chromium_database(const TrustPlaces& places, TrustReport& report) {
    const std::string folder = places.home + std::string(kChromium);
    std::error_code problem;
    if (fs::exists(folder + "/cert9.db", problem) || problem) return;
    const ProgramEnd made = run_program({"/bin/mkdir", "-p", folder}, {}, places.user);
    const ProgramEnd end = made.code == 0 ? Database(places, folder).make() : made;
    if (end.code != 0) {
        tell_missing(report, "Cannot make " + escaped(folder) + ": " + one_line(end.output));
    }
}

void install_in_database(const TrustPlaces& places, const std::string& folder, const TrustedCa& ca,
                         TrustReport& report) {
    const Database database(places, folder);
    const ProgramEnd end = database.add(ca);
    if (end.code == 0) {
        tell(report, escaped(folder) + " trusts it.");
        return;
    }
    // A database with a password takes certificates, but no trust in them.
    database.remove(ca);
    tell_missing(report, escaped(folder) + ": not changed (" + one_line(end.output) +
                             "). If the browser has a primary password, import /ca.crt in its "
                             "settings.");
}

void remove_from_database(const TrustPlaces& places, const std::string& folder, const TrustedCa& ca,
                          TrustReport& report) {
    const Database database(places, folder);
    if (!database.has(ca)) return;
    const ProgramEnd end = database.remove(ca);
    if (end.code == 0) {
        tell(report, escaped(folder) + " no longer trusts it.");
    } else {
        tell_missing(report, escaped(folder) + ": not changed (" + one_line(end.output) + ").");
    }
}

bool can_change_databases(const TrustPlaces& places, TrustReport& report) {
    if (places.home.empty()) {
        tell_missing(report,
                     "Browsers: HOME is not set, so there is nobody whose browsers to tell.");
        return false;
    }
    if (places.certutil.empty()) {
        tell_missing(report,
                     "Browsers (Chromium, Firefox): certutil is missing; on Debian and Ubuntu it "
                     "comes with the package libnss3-tools.");
        return false;
    }
    return true;
}

void add_if_database(std::vector<std::string>& found, const fs::path& folder) {
    std::error_code problem;
    if (fs::exists(folder / "cert9.db", problem)) found.push_back(folder.string());
}

}  // namespace

std::string TrustedCa::id() const {
    std::string id;
    for (const char c : name.substr(name.rfind(' ') + 1)) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_plain = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain) id += static_cast<char>(is_upper ? c - 'A' + 'a' : c);
    }
    return id;
}

std::vector<std::string> nss_databases(const std::string& home) {
    constexpr std::array<std::string_view, 3> kDatabases{kChromium, "/.local/share/pki/nssdb",
                                                         "/snap/chromium/current/.pki/nssdb"};
    constexpr std::array<std::string_view, 4> kProfileFolders{
        "/.mozilla/firefox", "/.config/mozilla/firefox", "/snap/firefox/common/.mozilla/firefox",
        "/.var/app/org.mozilla.firefox/.mozilla/firefox"};
    std::vector<std::string> found;
    for (const auto path : kDatabases)
        add_if_database(found, home + std::string(path));
    for (const auto path : kProfileFolders) {
        std::error_code problem;
        std::vector<std::string> profiles;
        for (const auto& entry : fs::directory_iterator(home + std::string(path), problem))
            add_if_database(profiles, entry.path());
        std::sort(profiles.begin(), profiles.end());
        found.insert(found.end(), profiles.begin(), profiles.end());
    }
    return found;
}

TrustReport install_trust(const TrustPlaces& places, const TrustedCa& ca) {
    TrustReport report;
    install_in_system(places, ca, report);
    if (!can_change_databases(places, report)) return report;
    make_chromium_database(places, report);
    for (const auto& folder : nss_databases(places.home))
        install_in_database(places, folder, ca, report);
    return report;
}

TrustReport remove_trust(const TrustPlaces& places, const TrustedCa& ca) {
    TrustReport report;
    remove_from_system(places, ca, report);
    if (!can_change_databases(places, report)) return report;
    for (const auto& folder : nss_databases(places.home))
        remove_from_database(places, folder, ca, report);
    return report;
}

}  // namespace videochat::app
