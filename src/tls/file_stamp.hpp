// FileStamp: whether a file is still the one that was read. Any thread.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace videochat::tls {

/// Of what the name leads to, through symbolic links. Equal: it is the same file, not written
/// since.
struct FileStamp {
    bool is_there = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    long long written = 0;  ///< nanoseconds
    long long changed = 0;  ///< nanoseconds; also for another mode or owner
    bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const std::string& path);
std::vector<FileStamp> stamps_of(const std::vector<std::string>& paths);

}  // namespace videochat::tls
