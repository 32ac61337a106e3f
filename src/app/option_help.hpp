// The option table in words: for --help and for the README. Pure.
#pragma once

#include <string>

namespace videochat::app {

/// What --help prints: one line for each option, at most 100 columns.
std::string help_text();

/// The README's option list: one table for each group.
std::string help_markdown();

}  // namespace videochat::app
