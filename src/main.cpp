// The program: options, log, server, signals. Exit codes: 0 fine, 1 could not start, 2 wrong usage.
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "app/banner.hpp"
#include "app/commands.hpp"
#include "app/options.hpp"
#include "app/process.hpp"
#include "app/state_dir.hpp"
#include "observe/log.hpp"
#include "protocol/quoted_text.hpp"
#include "tls/own_addresses.hpp"
#include "videochat/server.hpp"

namespace {

using namespace videochat;

// On standard output; the log says it too where it does not reach the same eyes.
void greet(const Config& config, const Server& server) {
    if (!config.log.file.empty()) observe::log::info("listening", {{"port", server.port()}});
    const app::Presence presence{.listen = config.listen,
                                 .port = server.port(),
                                 .lan = tls::lasting_lan_addresses(),
                                 .trust = server.trust()};
    app::print(config.log.format == "json" ? app::banner_json(presence)
                                           : app::banner(presence, app::is_terminal()));
}

// What a command has to say, or what there is to serve.
std::variant<Config, app::Exit> outcome_of(const std::vector<std::string>& arguments) {
    const app::Environment environment = app::environment();
    const bool is_root = ::geteuid() == 0;
    if (auto exit = app::run_command(arguments, environment, is_root)) return *std::move(exit);
    auto outcome = app::parse_options(arguments, environment, app::read_file);
    if (auto* const config = std::get_if<Config>(&outcome);
        config && config->tls.state_dir.empty()) {
        config->tls.state_dir = app::default_state_dir(environment, is_root);
    }
    return outcome;
}

void run(const Config& config) {
    app::hold_signals();
    app::raise_descriptor_limit();
    observe::log::start(config.log);
    if (config.tls.state_dir.empty() && config.tls.enabled && config.tls.certificates.empty()) {
        observe::log::warn(
            "the CA lives in memory: HOME is not set and --state-dir not given, so devices have to "
            "trust another one after each start");
    }
    Server server(config);
    server.start();
    greet(config, server);
    while (app::next_signal() == app::Signal::Reload) {
        observe::log::info("reloading");
        server.reload();
    }
    observe::log::info("stopping");
    app::let_signals_end_process();
    server.begin_stop();
    server.wait();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        app::open_standard_descriptors();
        const auto outcome = outcome_of({argv + std::min(argc, 1), argv + argc});
        if (const auto* exit = std::get_if<app::Exit>(&outcome)) {
            app::print(exit->out);
            app::print_error(exit->err);
            return exit->code;
        }
        run(std::get<Config>(outcome));
        return 0;
    } catch (const std::exception& problem) {
        constexpr std::size_t kLongestLine = 1000;
        app::print_error("videochat-server: " + protocol::escaped(problem.what(), kLongestLine) +
                         "\n");
        return 1;
    }
}
