#include "server_process.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bench {

ServerProcess::ServerProcess(pid_t pid) : pid_(pid) {
    // The process's own clock counts nanoseconds and is exact at the moment of asking;
    // /proc/PID/stat counts ticks of 10 ms.
    if (clock_getcpuclockid(pid, &clock_) != 0) {
        throw std::runtime_error("no process " + std::to_string(pid));
    }
}

double ServerProcess::cpu_us() const {
    timespec time{};
    if (clock_gettime(clock_, &time) != 0) {
        throw std::runtime_error("the server has ended");
    }
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double ServerProcess::user_us() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text;
    std::getline(file, text);
    // The second field, the name in parentheses, may hold blanks; utime is the 12th after it.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string field;
    for (int i = 0; i < 12; ++i) {
        fields >> field;
    }
    return std::stod(field) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double ServerProcess::resident_kib() const {
    // smaps_rollup counts pages; the figures of statm and status may lag behind by some.
    std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
    std::string word;
    while (file >> word) {
        double kib = 0;
        if (word == "Rss:" && file >> kib) {
            return kib;
        }
    }
    throw std::runtime_error("cannot read the server's resident memory");
}

}  // namespace bench
