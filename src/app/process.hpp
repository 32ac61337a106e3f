// What the program needs from its process: descriptors, environment, files, signals. Main thread.
#pragma once

#include <optional>
#include <string>

#include "app/options.hpp"

namespace videochat::app {

/// Opens /dev/null for each of 0, 1 and 2 that is closed: else the next socket would get its number
/// and a stray message would reach a peer.
void open_standard_descriptors();

/// Takes as many descriptors as the system grants: each connection is one, and the usual soft
/// limit of 1,024 is meant for programs that use select().
void raise_descriptor_limit();

Environment environment();

/// nullopt: it cannot be read.
std::optional<std::string> read_file(const std::string& path);

/// Whether standard output is a terminal that understands colours.
bool is_terminal();

/// To standard output or error; what cannot be written is lost.
void print(const std::string& text);
void print_error(const std::string& text);

/// SIGTERM, SIGINT and SIGHUP wait for next_signal(), SIGPIPE is ignored. Call it before the first
/// thread exists: threads inherit this.
void hold_signals();

enum class Signal { End, Reload };
/// Returns when one of them has come.
Signal next_signal();

/// From now on SIGTERM and SIGINT end the process at once.
void let_signals_end_process();

}  // namespace videochat::app
