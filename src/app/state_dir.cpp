#include "app/state_dir.hpp"

#include <algorithm>

namespace videochat::app {

std::string value_of(const Environment& environment, const std::string& variable) {
    const auto found =
        std::find_if(environment.begin(), environment.end(),
                     [&variable](const auto& entry) { return entry.first == variable; });
    return found == environment.end() ? std::string{} : found->second;
}

std::string default_state_dir(const Environment& environment, bool is_root) {
    if (is_root) return kSystemStateDir;
    const std::string states = value_of(environment, "XDG_STATE_HOME");
    if (states.starts_with('/')) return states + "/videochat-server";
    const std::string home = value_of(environment, "HOME");
    return home.starts_with('/') ? home + kStateDirInHome : std::string{};
}

}  // namespace videochat::app
