#include "tls/file_stamp.hpp"

#include <sys/stat.h>

namespace videochat::tls {
namespace {

long long nanoseconds(const timespec& time) {
    constexpr long long kPerSecond = 1'000'000'000;
    return time.tv_sec * kPerSecond + time.tv_nsec;
}

}  // namespace

FileStamp stamp_of(const std::string& path) {
    struct stat state {};
    if (::stat(path.c_str(), &state) != 0) return {};
    return {.is_there = true,
            .device = state.st_dev,
            .inode = state.st_ino,
            .size = state.st_size,
            .written = nanoseconds(state.st_mtim),
            .changed = nanoseconds(state.st_ctim)};
}

std::vector<FileStamp> stamps_of(const std::vector<std::string>& paths) {
    std::vector<FileStamp> stamps;
    stamps.reserve(paths.size());
    for (const auto& path : paths)
        stamps.push_back(stamp_of(path));
    return stamps;
}

}  // namespace videochat::tls
