#include "tls/state_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "protocol/quoted_text.hpp"

namespace videochat::tls {
namespace {

constexpr mode_t kFolderMode = S_IRWXU;
constexpr mode_t kFileMode = S_IRUSR | S_IWUSR;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

// mkdir -p; every one of them private.
void make_folder(const std::string& path) {
    for (std::size_t at = 1; at <= path.size(); ++at) {
        if (at < path.size() && path[at] != '/') continue;
        const std::string folder = path.substr(0, at);
        if (::mkdir(folder.c_str(), kFolderMode) == 0) continue;
        const int problem = errno;  // one that is there may be on a disk that is read-only
        struct stat state {};
        if (::stat(folder.c_str(), &state) != 0) fail("cannot make the folder", folder, problem);
    }
}

void write_all(int descriptor, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write", path, errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor) != 0) fail("cannot write", path, errno);
}

struct stat state_of_folder(int descriptor) {
    struct stat state {};
    ::fstat(descriptor, &state);
    return state;
}

// Its owner is who runs the server, or whose folder it is in (with sudo root reads another one's).
void require_private(const struct stat& secret, const struct stat& folder,
                     const std::string& path) {
    if (secret.st_uid != ::geteuid() && secret.st_uid != folder.st_uid) {
        throw FileError(protocol::quoted(path) + " belongs to another user");
    }
    if ((secret.st_mode & kOthers) != 0) {
        throw FileError(protocol::quoted(path) +
                        " may be read or written by others than its owner: if nobody did, run "
                        "`chmod 600` on it, else `videochat-server ca --new`");
    }
}

// `sudo videochat-server ca --new` shall not lock out a server that runs as somebody else.
void give_to_owner(int file, int folder) {
    const struct stat state = state_of_folder(folder);
    if (::geteuid() != 0 || state.st_uid == 0) return;
    [[maybe_unused]] const int ignored = ::fchown(file, state.st_uid, state.st_gid);
}

}  // namespace

StateFolder::StateFolder(std::string path) : path_(std::move(path)) {
    make_folder(path_);
    descriptor_ = net::UniqueFd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor_) fail("cannot open the folder", path_, errno);
}

std::string StateFolder::path_of(std::string_view name) const {
    std::string path = path_;
    if (!path.ends_with('/')) path += '/';
    return path.append(name);
}

StateFolder::Lock StateFolder::lock(std::chrono::milliseconds patience) const {
    constexpr std::chrono::milliseconds kPause{10};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    Lock lock;
    // An opening of its own: two locks through one descriptor would both be granted.
    lock.descriptor_ =
        net::UniqueFd(::openat(descriptor_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock.descriptor_) fail("cannot open the folder", path_, errno);
    while (::flock(lock.descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) fail("cannot lock the folder", path_, errno);
        if (std::chrono::steady_clock::now() > deadline) {
            throw FileError("another process keeps the folder " + protocol::quoted(path_) +
                            " locked");
        }
        std::this_thread::sleep_for(kPause);
    }
    return lock;
}

std::optional<std::string> StateFolder::read(const std::string& name, bool is_secret) const {
    const std::string path = path_of(name);
    // Non-blocking: a FIFO is an error below and not a server that never starts.
    const net::UniqueFd file(
        ::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file && errno == ENOENT) return std::nullopt;
    if (!file) fail("cannot read", path, errno);
    const struct stat state = state_of(file, path);
    if (is_secret) require_private(state, state_of_folder(descriptor_.get()), path);
    return content_of(file, path);
}

void StateFolder::write(const std::string& name, std::string_view content) const {
    const std::string path = path_of(name);
    const std::string beside = name + ".new";
    ::unlinkat(descriptor_.get(), beside.c_str(), 0);  // left over by a power cut
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const net::UniqueFd file(::openat(descriptor_.get(), beside.c_str(), kFlags, kFileMode));
    if (!file) fail("cannot write", path, errno);
    try {
        give_to_owner(file.get(), descriptor_.get());
        write_all(file.get(), content, path);
        if (::renameat(descriptor_.get(), beside.c_str(), descriptor_.get(), name.c_str()) != 0) {
            fail("cannot write", path, errno);
        }
    } catch (const FileError&) {
        ::unlinkat(descriptor_.get(), beside.c_str(), 0);
        throw;
    }
    sync();
}

void StateFolder::remove(const std::string& name) const {
    if (::unlinkat(descriptor_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
        fail("cannot remove", path_of(name), errno);
    }
    sync();
}

void StateFolder::sync() const {
    // Some file systems cannot sync a folder; then the rename is as safe as they make it.
    if (::fsync(descriptor_.get()) != 0 && errno != EINVAL) {
        fail("cannot sync the folder", path_, errno);
    }
}

}  // namespace videochat::tls
