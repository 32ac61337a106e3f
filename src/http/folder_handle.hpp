// FolderHandle: an open folder, below which files are opened and beyond which nothing is, whatever
// "..", symbolic links and renames try. The kernel decides (openat2) or, where a sandbox hides that
// call, the real path of what was opened.
#pragma once

#include <string>
#include <string_view>

#include "net/unique_fd.hpp"

namespace videochat::http {

class FolderHandle {
  public:
    enum class Lookup { Kernel, RealPath };

    /// Throws std::runtime_error with one line that names the folder and what is wrong with it.
    explicit FolderHandle(const std::string& folder, Lookup lookup = Lookup::Kernel);

    struct Opened {
        net::UniqueFd fd;
        int error = 0;  ///< errno when there is no descriptor; EXDEV: outside of the folder
    };

    /// `relative` has no slash at its begin. Anything but a folder or a file may come back too (a
    /// pipe, a device): opening never blocks, the caller looks.
    Opened open(const std::string& relative);

  private:
    Opened open_by_kernel(const std::string& relative) const;
    Opened open_by_real_path(const std::string& relative) const;
    bool is_beneath(std::string_view real_path) const;

    net::UniqueFd folder_;
    std::string prefix_;  // real path of the folder with a slash at its end
    Lookup lookup_;
};

}  // namespace videochat::http
