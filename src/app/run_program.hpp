// Runs another program to its end: for the commands of the command line, before any thread exists.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace videochat::app {

/// Whose program it is and whose the files that it makes are.
struct User {
    std::string name;
    std::string home;
    uid_t id = 0;
    gid_t group = 0;
};

struct ProgramEnd {
    int code = 0;        ///< 127: it could not be started; 128 + N: signal N
    std::string output;  ///< standard output and error
};

/// With `input` as standard input, files of its making private to its user, and no terminal that it
/// could ask something on. As `user`, unless there is none.
ProgramEnd run_program(const std::vector<std::string>& command, const std::string& input,
                       const std::optional<User>& user);

/// "/usr/bin/certutil"; empty: neither the search path nor the folders of system programs have it.
std::string find_program(const std::string& name, const std::string& search_path);

/// nullopt: there is no such user.
std::optional<User> user_of(const std::string& name);

}  // namespace videochat::app
