// The measured server, seen from outside: processor time and resident memory.
#pragma once

#include <sys/types.h>

#include <ctime>

namespace bench {

class ServerProcess {
  public:
    explicit ServerProcess(pid_t pid);

    /// User and kernel time of all its threads so far, ended ones too, in microseconds.
    double cpu_us() const;

    /// The user part alone: what the server's own code costs; the rest is the kernel's. Coarse, the
    /// kernel counts it in ticks of 10 ms.
    double user_us() const;

    double resident_kib() const;

  private:
    pid_t pid_;
    clockid_t clock_ = 0;
};

}  // namespace bench
