// The real program as a child process of a test: arguments in, output, signals and exit code out.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

/// Killed with the object if it still runs then.
class Program {
  public:
    enum class Output { Pipes, Closed };

    /// `environment` as "NAME=value", and nothing else but, unless it names one, a state folder
    /// that goes with the object: no test finds or leaves anything where the developer's servers
    /// keep theirs.
    explicit Program(std::vector<std::string> arguments, Output output = Output::Pipes,
                     std::vector<std::string> environment = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    pid_t pid() const { return pid_; }
    void send(int signal) const;
    /// Next line of standard output, without its end; empty: none within ten seconds.
    std::string line();
    /// All that is left of standard output; returns when the program has closed it.
    std::string rest();
    /// All that is left of standard error; returns when the program has closed it.
    std::string errors();
    /// The exit code, 128 + N after signal N; -1: it still runs after ten seconds.
    int exit_code();

  private:
    std::string state_dir_;
    pid_t pid_ = -1;
    int out_ = -1;
    int err_ = -1;
};
