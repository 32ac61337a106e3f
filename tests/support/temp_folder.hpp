// A folder that goes away with the test, and short ways to fill it and to look into it.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace videochat::test {

inline std::string text_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::string& path, std::string_view content) {
    std::ofstream file(path, std::ios::binary);
    file << content;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
}

class TempFolder {
  public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "videochat-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path() const { return path_.string(); }
    std::string file(std::string_view name) const { return (path_ / name).string(); }
    bool has(std::string_view name) const { return std::filesystem::exists(path_ / name); }
    std::string text_in(std::string_view name) const { return test::text_in(file(name)); }

    /// Makes folders on the way.
    void write(std::string_view name, std::string_view content) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        write_file(file(name), content);
    }

    /// Sets both times, so that a file looks as if it had rested since.
    void set_time(std::string_view name, std::int64_t seconds) const {
        const std::array<timespec, 2> times{timespec{seconds, 0}, timespec{seconds, 0}};
        if (::utimensat(AT_FDCWD, file(name).c_str(), times.data(), 0) != 0) {
            throw std::runtime_error("utimensat failed");
        }
    }

  private:
    std::filesystem::path path_;
};

}  // namespace videochat::test
