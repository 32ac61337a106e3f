// What the program does besides serving: `videochat-server ca ...` and `videochat-server trust
// ...`. Main thread, before any other exists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace videochat::app {

/// What a command gets. The options of the server work with it too: --state-dir, --config ...
struct CommandCall {
    std::vector<std::string> arguments;  ///< behind the command's name
    Environment environment;
    bool is_root = false;

    /// Takes the switch out of the arguments: whether it was there.
    bool take(const std::string& flag);
};

/// Does it if the first argument is a command's name; nullopt: it is none. Throws
/// std::runtime_error, one line.
std::optional<Exit> run_command(const std::vector<std::string>& arguments,
                                const Environment& environment, bool is_root);

/// `ca --print` and `ca --new`.
Exit ca_command(CommandCall call);

/// `trust` and `trust --remove`.
Exit trust_command(CommandCall call);

/// Wrong usage of a command, in one line.
Exit usage_error(const std::string& complaint);

}  // namespace videochat::app
