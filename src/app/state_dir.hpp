// Where the program keeps its CA unless it is told. Pure; any thread.
#pragma once

#include <string>

#include "app/options.hpp"

namespace videochat::app {

/// The folder of root's servers.
inline constexpr const char* kSystemStateDir = "/var/lib/videochat-server";

/// Below a home: where a user's server keeps its CA if XDG_STATE_HOME says nothing.
inline constexpr const char* kStateDirInHome = "/.local/state/videochat-server";

/// Of root the system's, of others $XDG_STATE_HOME/videochat-server or what is in $HOME. Empty:
/// there is no home. The XDG base directory specification wants relative paths to be ignored.
std::string default_state_dir(const Environment& environment, bool is_root);

/// The variable's value; empty: it is not set.
std::string value_of(const Environment& environment, const std::string& variable);

}  // namespace videochat::app
