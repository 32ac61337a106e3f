// StateFolder: files of ours that outlive the process, private to its user. A file is written
// beside its place, synced and renamed, so that it is there as a whole or not at all, also after a
// power cut; the lock is for who reads, decides and writes, since several servers may share a
// folder. Any thread; it blocks.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "net/unique_fd.hpp"
#include "tls/file_content.hpp"

namespace videochat::tls {

class StateFolder {
  public:
    /// Makes the folder (0700), and those above it, if they are missing. Throws FileError.
    explicit StateFolder(std::string path);

    /// "PATH/name".
    std::string path_of(std::string_view name) const;
    const std::string& path() const { return path_; }

    /// Held as long as it lives. Of this process as well: each lock is taken by one owner alone.
    class Lock {
        friend class StateFolder;
        net::UniqueFd descriptor_;
    };
    /// Waits for it, at most so long. Throws FileError.
    Lock lock(std::chrono::milliseconds patience = std::chrono::seconds(10)) const;

    /// nullopt: there is no such file. Throws FileError if it cannot be read, and for `is_secret`
    /// if others than its owner may read or write it, or if its owner is another user.
    std::optional<std::string> read(const std::string& name, bool is_secret = false) const;
    /// With mode 0600. Under the lock. Throws FileError.
    void write(const std::string& name, std::string_view content) const;
    /// No matter if there is none. Under the lock. Throws FileError.
    void remove(const std::string& name) const;

  private:
    void sync() const;

    std::string path_;
    net::UniqueFd descriptor_;
};

}  // namespace videochat::tls
