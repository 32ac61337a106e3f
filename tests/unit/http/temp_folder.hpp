// A folder that goes away with the test, and short ways to fill it.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace videochat::test {

class TempFolder {
  public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "videochat-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path() const { return path_.string(); }
    std::string operator/(std::string_view name) const { return (path_ / name).string(); }

    /// Makes folders on the way.
    void write(std::string_view name, std::string_view content) const {
        const auto file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
    }

    /// Sets both times, so that a file looks as if it had rested since.
    void set_time(std::string_view name, std::int64_t seconds) const {
        const std::array<timespec, 2> times{timespec{seconds, 0}, timespec{seconds, 0}};
        if (utimensat(AT_FDCWD, (path_ / name).c_str(), times.data(), 0) != 0) {
            throw std::runtime_error("utimensat failed");
        }
    }

  private:
    std::filesystem::path path_;
};

}  // namespace videochat::test
