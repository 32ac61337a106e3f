// `videochat-server trust`: makes this machine trust the CA of this installation, or no longer.
#include <filesystem>
#include <string>
#include <system_error>

#include "app/commands.hpp"
#include "app/process.hpp"
#include "app/state_dir.hpp"
#include "app/trust_stores.hpp"
#include "tls/certificate_reading.hpp"
#include "tls/local_ca.hpp"
#include "tls/pem.hpp"

namespace videochat::app {
namespace {

constexpr const char* kHelp =
    "Usage: videochat-server trust [--remove] [options]\n"
    "\n"
    "Makes this machine trust the CA of this server: the browsers of the user (Chromium,\n"
    "Firefox), with sudo those of who called it, and as root the system's store. CAs that\n"
    "`videochat-server ca --new` has replaced are taken out.\n"
    "\n"
    "  --remove   Take it out again\n"
    "\n"
    "Options are those of the server: --state-dir names the folder of the CA.\n";

constexpr const char* kDebianFolder = "/usr/local/share/ca-certificates";

std::optional<User> caller_of_sudo(const CommandCall& call) {
    const std::string name = call.is_root ? value_of(call.environment, "SUDO_USER") : "";
    return name.empty() || name == "root" ? std::nullopt : user_of(name);
}

TrustPlaces places_of(const CommandCall& call) {
    const std::string search_path = value_of(call.environment, "PATH");
    TrustPlaces places;
    places.user = caller_of_sudo(call);
    places.home = places.user ? places.user->home : value_of(call.environment, "HOME");
    places.certutil = find_program("certutil", search_path);
    if (!call.is_root) return places;
    places.system_folder = kDebianFolder;
    const std::string update = find_program("update-ca-certificates", search_path);
    if (!update.empty()) places.update_system = {update};
    return places;
}

bool has_ca(const std::string& folder) {
    std::error_code problem;
    return std::filesystem::exists(std::filesystem::path(folder) / tls::kCaCertificateFile,
                                   problem);
}

// With sudo it may be the CA of a server that the caller runs.
std::string find_state_dir(const CommandCall& call, const Config& config) {
    if (!config.tls.state_dir.empty()) return config.tls.state_dir;
    std::string standard = default_state_dir(call.environment, call.is_root);
    const auto caller = caller_of_sudo(call);
    if (!caller || has_ca(standard)) return standard;
    std::string of_caller = caller->home + kStateDirInHome;
    return has_ca(of_caller) ? of_caller : standard;
}

TrustedCa trusted(const X509* ca) { return {tls::common_name(ca), tls::to_pem(ca)}; }

std::string listed(const TrustReport& report) {
    std::string text;
    for (const auto& line : report.lines)
        text += "- " + line + "\n";
    return text;
}

// What `ca --new` has replaced is told of only where there was something to be taken out.
std::string without_retired(const TrustPlaces& places, const std::string& folder) {
    std::string text;
    for (const auto& ca : tls::read_retired_cas(folder)) {
        const TrustReport report = remove_trust(places, trusted(ca.get()));
        if (!report.is_complete || report.lines.empty()) continue;
        text += "\n" + tls::common_name(ca.get()) + ", which was replaced:\n" + listed(report);
    }
    return text;
}

Exit trust_in(const std::string& folder, const TrustPlaces& places, bool is_remove) {
    const auto ca = tls::read_ca_certificate(folder);
    TrustReport report = is_remove ? remove_trust(places, trusted(ca.get()))
                                   : install_trust(places, trusted(ca.get()));
    if (report.lines.empty()) report.lines.emplace_back("Nothing on this machine trusted it.");
    std::string text = tls::common_name(ca.get()) + ", SHA-256 " +
                       tls::sha256_fingerprint(ca.get()) + ":\n" + listed(report) +
                       without_retired(places, folder);
    text += "\nBrowsers that are open notice it when they are started anew.\n";
    return {report.is_complete ? 0 : 1, text, ""};
}

}  // namespace

Exit trust_command(CommandCall call) {
    if (call.take("--help") || call.take("-h")) return {0, kHelp, ""};
    const bool is_remove = call.take("--remove");
    auto outcome = parse_options(call.arguments, call.environment, read_file);
    if (const auto* const exit = std::get_if<Exit>(&outcome)) return *exit;
    const std::string folder = find_state_dir(call, std::get<Config>(outcome));
    if (folder.empty()) {
        return usage_error("trust: HOME is not set, so --state-dir has to tell where the CA is");
    }
    return trust_in(folder, places_of(call), is_remove);
}

}  // namespace videochat::app
