// Reading a file of certificates or keys as a whole, and the error that names it. Any thread; it
// blocks for no longer than a disk does.
#pragma once

#include <sys/stat.h>

#include <stdexcept>
#include <string>

#include "net/unique_fd.hpp"

namespace videochat::tls {

/// One line: which file, and what is wrong with it.
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// "WHAT "PATH": PROBLEM", of errno.
[[noreturn]] void fail(const std::string& what, const std::string& path, int problem);

/// A descriptor on it from a non-blocking open(), since a FIFO without a writer waits for ever.
/// Throws FileError unless it is a regular file.
struct stat state_of(const net::UniqueFd& file, const std::string& path);
/// At most 1 MiB. Throws FileError.
std::string content_of(const net::UniqueFd& file, const std::string& path);

/// Opens, checks and reads. Throws FileError.
std::string content_of(const std::string& path);

}  // namespace videochat::tls
