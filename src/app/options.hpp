// What the operator asked for: flags, VIDEOCHAT_* variables and a file become one Config. Pure but
// for the file reader, so tests need no process. Precedence: flag, environment, file, default.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "videochat/config.hpp"

namespace videochat::app {

/// The program ends here: with help or a version (0), or with one line on standard error (2).
struct Exit {
    int code = 0;
    std::string out;
    std::string err;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// A file's content; nullopt: it cannot be read.
using FileReader = std::function<std::optional<std::string>(const std::string& path)>;

/// `arguments` without the program's name. Every value is checked; what is wrong is named together
/// with where it came from (flag, variable, file and line).
std::variant<Config, Exit> parse_options(const std::vector<std::string>& arguments,
                                         const Environment& environment,
                                         const FileReader& read_file);

}  // namespace videochat::app
