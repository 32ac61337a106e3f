// The file named by --config: lines `name = value`, comments after #, lists as `a, b`, `["a", "b"]`
// or as the same name again, values in double or single quotes where they hold commas or blanks
// that matter. A subset of TOML without sections. Pure; what names mean is options.cpp's matter.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace videochat::app {

struct ConfigLine {
    std::size_t number = 0;  ///< in the file, from 1
    std::string name;
    std::vector<std::string> values;
};

/// The first line that cannot be read, and why.
struct ConfigFileError {
    std::size_t number = 0;
    std::string complaint;
};

std::variant<std::vector<ConfigLine>, ConfigFileError> parse_config_file(std::string_view text);

}  // namespace videochat::app
