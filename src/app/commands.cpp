#include "app/commands.hpp"

#include <algorithm>

namespace videochat::app {

bool CommandCall::take(const std::string& flag) {
    const auto end = std::remove(arguments.begin(), arguments.end(), flag);
    const bool is_there = end != arguments.end();
    arguments.erase(end, arguments.end());
    return is_there;
}

Exit usage_error(const std::string& complaint) {
    return {2, "", "videochat-server: " + complaint + "\n"};
}

std::optional<Exit> run_command(const std::vector<std::string>& arguments,
                                const Environment& environment, bool is_root) {
    if (arguments.empty()) return std::nullopt;
    CommandCall call{{arguments.begin() + 1, arguments.end()}, environment, is_root};
    if (arguments.front() == "ca") return ca_command(std::move(call));
    if (arguments.front() == "trust") return trust_command(std::move(call));
    return std::nullopt;
}

}  // namespace videochat::app
