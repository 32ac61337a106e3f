// THE table of options. Flags, variables, file, --help and the README's list all come from it: a
// new option is a field in config.hpp and a row here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "videochat/config.hpp"

namespace videochat::app {

struct Option {
    std::string name;  ///< "message-rate": --message-rate, VIDEOCHAT_MESSAGE_RATE, message-rate =
    std::string value{};         ///< what stands for the value in the help; empty: a switch
    std::string help;            ///< one line
    std::string default_text{};  ///< for people: "256KiB"; empty: nothing worth telling
    std::string expected{};      ///< completes `"x" is not ...`
    bool is_list = false;        ///< may be given several times

    /// Puts the values in (one, unless it is a list). Else returns the first that is not
    /// `expected`.
    std::function<std::optional<std::string>(Config&, const std::vector<std::string>&)> apply;

    std::string flag() const { return "--" + name; }
    std::string variable() const;
};

struct OptionGroup {
    std::string title;
    std::vector<Option> options;
};

/// Made once, at the first call.
const std::vector<OptionGroup>& option_table();

/// The option of that name (without dashes in front); nullptr: there is none.
const Option* find_option(const std::string& name);

/// The file that holds settings is an option of no field: flags and environment name it.
inline constexpr const char* kConfigOption = "config";

}  // namespace videochat::app
