// A program that runs as a child of this process and ends with it, however this process ends. Used
// by one thread, which has to live as long as the child: Linux takes the end of that thread for the
// parent's end (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/unique_fd.hpp"
#include "videochat/config.hpp"

namespace videochat::turn {

/// The file to run for a program's name, as a shell finds it: a name with a slash is a path,
/// another is looked for in the folders of `path` (PATH). Empty: there is none.
std::string find_program(const std::string& name, std::string_view path);

class ChildProcess {
  public:
    /// The name of the file that the child finds `document` in. It is in memory, so that no file
    /// with secrets is left behind, whatever happens.
    static constexpr const char* kDocument = "/proc/self/fd/3";

    /// Runs `file` with `arguments`: no standard input, output and errors to output(), no
    /// environment, none of our descriptors and signals, and as an unprivileged user if we are root
    /// and the system has such a one. nullopt: the system has no room for it (errno).
    static std::optional<ChildProcess> start(const std::string& file,
                                             const std::vector<std::string>& arguments,
                                             std::string_view document);

    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();  ///< ends it at once

    pid_t id() const { return id_; }
    /// What it writes, a non-blocking pipe.
    int output() const { return output_.get(); }

    /// How it ended, such as "exit 1" or "signal 9"; nullopt: it runs.
    std::optional<std::string> ended();
    /// Asks it to end (SIGTERM), waits at most so long, then ends it and its own children
    /// (SIGKILL).
    void end(Milliseconds patience);

  private:
    ChildProcess(pid_t id, net::UniqueFd output) : id_(id), output_(std::move(output)) {}
    void signal(int number) const;
    bool ends_within(Milliseconds time);

    pid_t id_ = -1;  ///< -1: it has ended
    net::UniqueFd output_;
    std::string ending_;
};

}  // namespace videochat::turn
