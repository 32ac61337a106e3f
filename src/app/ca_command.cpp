// `videochat-server ca`: shows the CA of this installation, or makes another one.
#include <filesystem>
#include <string>
#include <string_view>

#include "app/commands.hpp"
#include "app/process.hpp"
#include "app/state_dir.hpp"
#include "tls/certificate_reading.hpp"
#include "tls/local_ca.hpp"
#include "tls/own_certificate.hpp"
#include "tls/pem.hpp"

namespace videochat::app {
namespace {

constexpr const char* kHelp =
    "Usage: videochat-server ca --print [options]\n"
    "       videochat-server ca --new [options]\n"
    "\n"
    "The CA with which this server proves who it is to devices that trust it.\n"
    "\n"
    "  --print   Print its certificate, fingerprint and what it may sign for\n"
    "  --new     Put a new CA in its place, for this machine's host name and each --tls-name;\n"
    "            every device then has to trust the new one\n"
    "\n"
    "Options are those of the server: --state-dir names the folder of the CA; --tls-name and\n"
    "--ca-unconstrained count for a new one.\n";

template <typename List, typename Text>
std::string joined(const List& list, Text text) {
    std::string all;
    for (const auto& element : list)
        all += (all.empty() ? "" : ", ") + text(element);
    return all;
}

std::string permitted(const tls::NamePolicy& policy) {
    if (!policy.is_constrained()) {
        return "Signs for:  any address and name: whoever gets its key can pretend to be any "
               "site\n";
    }
    return "Signs for:  " +
           joined(policy.networks, [](const auto& net) { return net.to_string(); }) +
           "\n            names: " + joined(policy.names, [](const auto& name) { return name; }) +
           " (and those below them)\n";
}

std::string description(const X509* ca, const std::string& path) {
    return "CA:         " + tls::common_name(ca) + "\nFile:       " + path +
           "\nSHA-256:    " + tls::sha256_fingerprint(ca) +
           "\nValid:      " + tls::date_text(tls::begin_of(ca)) + " to " +
           tls::date_text(tls::end_of(ca)) + "\n" + permitted(tls::name_policy(ca));
}

std::string path_in(const std::string& folder) {
    return (std::filesystem::path(folder) / tls::kCaCertificateFile).string();
}

Exit print_ca(const Config& config) {
    const auto ca = tls::read_ca_certificate(config.tls.state_dir);
    return {0, tls::to_pem(ca.get()) + "\n" + description(ca.get(), path_in(config.tls.state_dir)),
            ""};
}

Exit make_ca(const Config& config) {
    const tls::LocalCa ca = tls::replace_ca(config.tls);
    const std::string folder = config.tls.state_dir;
    std::string text = "There is a new CA.\n\n" +
                       description(ca.certificate.get(), path_in(folder)) +
                       "\nWhat follows:\n"
                       "- A server that runs takes it up within a few seconds.\n"
                       "- Each device that trusted the one before has to trust this one: the page\n"
                       "  /secure.html shows how. Take the one before out there.\n"
                       "- On this machine `videochat-server trust` does both.\n";
    return {0, text, ""};
}

}  // namespace

Exit ca_command(CommandCall call) {
    if (call.take("--help") || call.take("-h")) return {0, kHelp, ""};
    const bool is_print = call.take("--print");
    const bool is_new = call.take("--new");
    if (is_print == is_new) {
        return usage_error(
            "ca: either --print or --new is needed, see `videochat-server ca --help`");
    }
    auto outcome = parse_options(call.arguments, call.environment, read_file);
    if (auto* const exit = std::get_if<Exit>(&outcome)) return *exit;
    auto& config = std::get<Config>(outcome);
    if (config.tls.state_dir.empty()) {
        config.tls.state_dir = default_state_dir(call.environment, call.is_root);
    }
    if (config.tls.state_dir.empty()) {
        return usage_error("ca: HOME is not set, so --state-dir has to tell where the CA is");
    }
    return is_new ? make_ca(config) : print_ca(config);
}

}  // namespace videochat::app
