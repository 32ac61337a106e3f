// A script in the place of coturn, and what it leaves behind. Others may read and write its folder:
// a child of root runs as somebody else.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

#include "support/eventually.hpp"

namespace videochat::test {

inline std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

/// Whether a process runs; one that has ended and waits for somebody to ask does not.
inline bool is_alive(long process) {
    if (::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH) return false;
    const std::string stat = text_of("/proc/" + std::to_string(process) + "/stat");
    const auto after_name = stat.rfind(") ");
    return after_name != std::string::npos && stat.at(after_name + 2) != 'Z';
}

class FakeTurnserver {
  public:
    /// `script`: lines of sh, run in the folder.
    explicit FakeTurnserver(const std::string& script) {
        std::string pattern = (std::filesystem::temp_directory_path() / "turn.XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
        folder_ = pattern;
        ::chmod(folder_.c_str(), 0777);
        std::ofstream(program()) << "#!/bin/sh\ncd '" << folder_.string() << "'\n" << script;
        ::chmod(program().c_str(), 0755);
    }
    ~FakeTurnserver() { std::filesystem::remove_all(folder_); }
    FakeTurnserver(const FakeTurnserver&) = delete;
    FakeTurnserver& operator=(const FakeTurnserver&) = delete;

    std::string program() const { return (folder_ / "turnserver").string(); }
    std::string file(const std::string& name) const { return text_of(folder_ / name); }
    std::filesystem::path folder() const { return folder_; }

    /// The process numbers that the script has appended to the file "runs", a line each.
    std::vector<long> runs() const {
        std::istringstream lines(file("runs"));
        std::vector<long> numbers;
        for (std::string line; std::getline(lines, line) && !lines.eof();) {
            numbers.push_back(std::stol(line));
        }
        return numbers;
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace videochat::test
