#include "app/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>

#include "app/config_file.hpp"
#include "app/option_help.hpp"
#include "app/option_table.hpp"
#include "app/units.hpp"
#include "protocol/ice_url.hpp"
#include "protocol/quoted_text.hpp"
#include "videochat/version.hpp"

namespace videochat::app {
namespace {

constexpr std::string_view kVariablePrefix = "VIDEOCHAT_";

// Ends parse_options() with one line: who is to blame (flag, variable, file:line) and for what.
struct UsageError : std::runtime_error {
    UsageError(const std::string& source, const std::string& complaint)
        : std::runtime_error(source + ": " + complaint) {}
};

// One option as one source gives it.
struct Setting {
    const Option* option;
    std::vector<std::string> values;
    std::string source;
};
using Settings = std::vector<Setting>;

struct Flags {
    bool is_help = false;
    bool is_markdown = false;
    bool is_version = false;
    std::vector<std::string> unknown;
    Settings settings;
};

// CLI11 splits the arguments; values stay text until all sources are known.
void add_to(CLI::App& app, const Option& option, std::vector<std::string>& values) {
    if (option.value.empty()) {
        app.add_flag(option.flag(), values)->take_all();
    } else {
        app.add_option(option.flag(), values)->allow_extra_args(false)->take_all();
    }
}

// CLI11 would take the next argument for the value of `--port=`.
void refuse_empty_values(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
        if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
            throw UsageError(protocol::escaped(argument.substr(0, argument.size() - 1)),
                             "a value is missing");
        }
    }
}

Flags read_flags(const std::vector<std::string>& arguments) {
    Flags flags;
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    app.add_flag("-h,--help", flags.is_help);
    app.add_flag("--help-markdown", flags.is_markdown);
    app.add_flag("--version", flags.is_version);
    std::map<std::string, std::vector<std::string>> values;
    for (const OptionGroup& group : option_table()) {
        for (const Option& option : group.options)
            add_to(app, option, values[option.name]);
    }
    refuse_empty_values(arguments);
    try {
        app.parse(std::vector(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ArgumentMismatch& problem) {
        const std::string text = problem.what();  // "--port: 1 required TEXT missing"
        throw UsageError(text.substr(0, text.find(':')), "a value is missing");
    } catch (const CLI::ParseError& problem) {
        throw UsageError("arguments", protocol::escaped(problem.what()));
    }
    flags.unknown = app.remaining();
    for (auto& [name, given] : values) {
        if (given.empty()) continue;
        const Option* const option = find_option(name);
        if (!option->is_list) given.erase(given.begin(), given.end() - 1);  // the last one counts
        flags.settings.push_back({option, std::move(given), option->flag()});
    }
    return flags;
}

std::vector<std::string> split_at_commas(const std::string& text) {
    constexpr const char* kBlanks = " \t";
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, comma - at);
        const auto first = part.find_first_not_of(kBlanks);
        if (first != std::string::npos) {
            parts.push_back(part.substr(first, part.find_last_not_of(kBlanks) - first + 1));
        }
        at = comma + 1;
    }
    return parts;
}

const Option& option_of_variable(const std::string& variable) {
    for (const OptionGroup& group : option_table()) {
        for (const Option& option : group.options) {
            if (option.variable() == variable) return option;
        }
    }
    throw UsageError(protocol::escaped(variable), "there is no such setting, see --help");
}

// An empty variable counts as not set: that is how container files leave settings open.
Settings read_environment(const Environment& environment) {
    Settings settings;
    const Option* const port = find_option("port");
    bool has_port = false;
    std::string plain_port;
    for (const auto& [variable, value] : environment) {
        if (variable == "PORT") plain_port = value;
        if (!variable.starts_with(kVariablePrefix)) continue;
        const Option& option = option_of_variable(variable);
        if (value.empty()) continue;
        has_port = has_port || &option == port;
        auto values = option.is_list ? split_at_commas(value) : std::vector{value};
        settings.push_back({&option, std::move(values), variable});
    }
    if (!has_port && !plain_port.empty()) settings.push_back({port, {plain_port}, "PORT"});
    return settings;
}

Settings settings_of_file(const std::vector<ConfigLine>& lines, const std::string& file) {
    Settings settings;
    for (const ConfigLine& line : lines) {
        const std::string source = file + ":" + std::to_string(line.number);
        const Option* const option = find_option(line.name);
        if (option == nullptr || line.name == kConfigOption) {
            throw UsageError(source,
                             "there is no setting " + protocol::quoted(line.name) + ", see --help");
        }
        if (!option->is_list && line.values.size() > 1) {
            throw UsageError(source, line.name + ": one value is expected (quote its commas)");
        }
        const auto same =
            std::find_if(settings.begin(), settings.end(),
                         [option](const Setting& setting) { return setting.option == option; });
        if (same == settings.end()) {
            settings.push_back({option, line.values, source + ": " + line.name});
        } else if (option->is_list) {
            same->values.insert(same->values.end(), line.values.begin(), line.values.end());
        } else {
            throw UsageError(source, line.name + ": is given a second time");
        }
    }
    return settings;
}

Settings read_config_file(const Setting& named, const FileReader& read_file) {
    const std::string& path = named.values.front();
    const auto text = read_file(path);
    if (!text) throw UsageError(named.source, "cannot read " + protocol::quoted(path));
    const std::string shown = protocol::escaped(path);
    auto parsed = parse_config_file(*text);
    if (const auto* problem = std::get_if<ConfigFileError>(&parsed)) {
        throw UsageError(shown + ":" + std::to_string(problem->number), problem->complaint);
    }
    return settings_of_file(std::get<std::vector<ConfigLine>>(parsed), shown);
}

// Later settings win, so the order is file, environment, flags.
Settings read_all(const Flags& flags, const Environment& environment, const FileReader& read_file) {
    Settings all = read_environment(environment);
    all.insert(all.end(), flags.settings.begin(), flags.settings.end());
    const auto named = std::find_if(all.rbegin(), all.rend(), [](const Setting& setting) {
        return setting.option->name == kConfigOption;
    });
    if (named == all.rend()) return all;
    Settings in_order = read_config_file(*named, read_file);
    in_order.insert(in_order.end(), all.begin(), all.end());
    return in_order;
}

using Sources = std::map<std::string, std::string>;

void check_pings(const Config& config, const Sources& sources) {
    const auto interval = config.websocket.ping_interval;
    const auto timeout = config.websocket.ping_timeout;
    if (interval == 0ms || timeout > interval) return;
    const auto source = sources.count("ping-timeout") != 0 ? sources.at("ping-timeout")
                                                           : sources.at("ping-interval");
    throw UsageError(source, "the ping timeout (" + format_duration(timeout) +
                                 ") must be longer than the ping interval (" +
                                 format_duration(interval) + ")");
}

void take_turn_secret(Config& config, const Sources& sources, const FileReader& read_file) {
    const std::string& path = config.ice.turn_secret_file;
    if (path.empty()) return;
    const std::string& source = sources.at("turn-secret-file");
    if (!config.ice.turn_secret.empty()) {
        throw UsageError(source, "the secret is given by --turn-secret, too");
    }
    const auto text = read_file(path);
    if (!text) throw UsageError(source, "cannot read " + protocol::quoted(path));
    config.ice.turn_secret = text->substr(0, text->find_first_of("\r\n"));
    if (config.ice.turn_secret.empty()) {
        throw UsageError(source, protocol::quoted(path) + " has no secret in its first line");
    }
}

// Browsers refuse a call's servers altogether if one of TURN comes without a password.
void check_turn(const Config& config, const Sources& sources) {
    const TurnConfig& turn = config.turn;
    if (turn.first_port > turn.last_port) {
        const bool is_last = sources.count("turn-last-port") != 0;
        throw UsageError(sources.at(is_last ? "turn-last-port" : "turn-first-port"),
                         "the last port of TURN's relays comes before the first");
    }
    if (!config.ice.turn_secret.empty()) return;
    if (!config.ice.turn_urls.empty()) {
        throw UsageError(sources.at("turn-url"),
                         protocol::quoted(config.ice.turn_urls.front()) + " needs --turn-secret");
    }
    const auto& servers = config.ice.servers;
    const auto url = std::find_if(servers.begin(), servers.end(), protocol::is_turn_url);
    if (url == servers.end()) return;
    throw UsageError(sources.at("ice-server"), protocol::quoted(*url) + " needs --turn-secret");
}

void check_tls(const Config& config, const Sources& sources) {
    const TlsConfig& tls = config.tls;
    const auto refuse = [&sources](const std::string& name, const std::string& complaint) {
        if (sources.count(name) != 0) throw UsageError(sources.at(name), complaint);
    };
    if (!tls.enabled) {
        for (const auto* name : {"https-port", "tls-cert", "hsts"})
            refuse(name, "there is no HTTPS with --tls off");
    }
    if (tls.certificates.size() != tls.keys.size()) {
        const std::string complaint = "each --tls-cert needs its --tls-key";
        refuse(tls.certificates.empty() ? "tls-key" : "tls-cert", complaint);
    }
    if (tls.hsts && tls.certificates.empty()) {
        refuse("hsts", "it needs a real certificate (--tls-cert)");
    }
}

Config config_of(const Settings& settings, const FileReader& read_file) {
    Config config;
    Sources sources;
    for (const Setting& setting : settings) {
        const Option& option = *setting.option;
        if (const auto bad = option.apply(config, setting.values)) {
            throw UsageError(setting.source, protocol::quoted(*bad) + " is not " + option.expected);
        }
        sources[option.name] = setting.source;
    }
    check_pings(config, sources);
    take_turn_secret(config, sources, read_file);
    check_turn(config, sources);
    check_tls(config, sources);
    return config;
}

}  // namespace

std::variant<Config, Exit> parse_options(const std::vector<std::string>& arguments,
                                         const Environment& environment,
                                         const FileReader& read_file) {
    try {
        const Flags flags = read_flags(arguments);
        if (!flags.unknown.empty()) {
            const std::string& first = flags.unknown.front();
            throw UsageError(protocol::escaped(first.substr(0, first.find('='))),
                             "there is no such option, see --help");
        }
        if (flags.is_help) return Exit{0, help_text(), ""};
        if (flags.is_markdown) return Exit{0, help_markdown(), ""};
        if (flags.is_version) {
            return Exit{0, "videochat-server " + std::string(kVersion) + "\n", ""};
        }
        return config_of(read_all(flags, environment, read_file), read_file);
    } catch (const UsageError& problem) {
        return Exit{2, "", "videochat-server: " + std::string(problem.what()) + "\n"};
    }
}

}  // namespace videochat::app
