// See folder_handle.hpp.
#include "http/folder_handle.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <stdexcept>
#include <system_error>

namespace videochat::http {
namespace {

// Not blocking: a pipe without a writer must not hold the loop up.
constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

std::string link_of(const net::UniqueFd& fd) { return "/proc/self/fd/" + std::to_string(fd.get()); }

/// Empty when it cannot be told.
std::string real_path_of(const net::UniqueFd& fd) {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = readlink(link_of(fd).c_str(), path.data(), path.size());
    if (size <= 0 || static_cast<std::size_t>(size) == path.size()) return {};
    return {path.data(), static_cast<std::size_t>(size)};
}

net::UniqueFd open_folder(const std::string& folder) {
    net::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        const std::string reason = std::generic_category().message(errno);
        throw std::runtime_error("cannot serve the folder \"" + folder + "\": " + reason);
    }
    return fd;
}

FolderHandle::Opened opened_or_errno(int fd) {
    if (fd < 0) return {{}, errno};
    return {net::UniqueFd(fd), 0};
}

}  // namespace

FolderHandle::FolderHandle(const std::string& folder, Lookup lookup)
    : folder_(open_folder(folder)), prefix_(real_path_of(folder_)), lookup_(lookup) {
    if (!prefix_.empty() && prefix_.back() != '/') prefix_ += '/';
}

FolderHandle::Opened FolderHandle::open(const std::string& relative) {
    if (lookup_ == Lookup::Kernel) {
        Opened opened = open_by_kernel(relative);
        const bool is_hidden = opened.error == ENOSYS || opened.error == EPERM;
        if (!is_hidden) return opened;
        lookup_ = Lookup::RealPath;
    }
    return open_by_real_path(relative);
}

FolderHandle::Opened FolderHandle::open_by_kernel(const std::string& relative) const {
    constexpr int kTries = 3;  // EAGAIN: a rename somewhere came between, and nothing could be said
    open_how how{};
    how.flags = static_cast<decltype(how.flags)>(kReadFlags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    Opened opened;
    for (int i = 0; i < kTries; ++i) {
        opened = opened_or_errno(static_cast<int>(
            syscall(SYS_openat2, folder_.get(), relative.c_str(), &how, sizeof(how))));
        if (opened.error != EAGAIN) break;
    }
    return opened;
}

FolderHandle::Opened FolderHandle::open_by_real_path(const std::string& relative) const {
    // A handle without access is enough to ask where it leads, and has no side effects.
    const net::UniqueFd handle(openat(folder_.get(), relative.c_str(), O_PATH | O_CLOEXEC));
    if (!handle) return {{}, errno};
    if (!is_beneath(real_path_of(handle))) return {{}, EXDEV};
    return opened_or_errno(::open(link_of(handle).c_str(), kReadFlags));
}

bool FolderHandle::is_beneath(std::string_view real_path) const {
    return !prefix_.empty() && real_path.substr(0, prefix_.size()) == prefix_;
}

}  // namespace videochat::http
