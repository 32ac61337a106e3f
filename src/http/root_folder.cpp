// A folder as a PageSource. Each request opens its file, so a change shows at once; what was read
// and prepared is kept for as long as the file stays what it was.
#include "http/page_source.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <optional>
#include <unordered_map>
#include <utility>

#include "http/folder_handle.hpp"

namespace videochat::http {
namespace {

constexpr std::int64_t kNanosecond = 1'000'000'000;
// A change within the same tick of the file system's clock leaves no trace. Only when a file has
// rested for so long is its stamp believed.
constexpr std::int64_t kSettled = 2 * kNanosecond;
constexpr std::size_t kEntryCost = 1024;  // an entry's header lines and bookkeeping, about

std::int64_t to_nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * kNanosecond + time.tv_nsec;
}

std::int64_t now() {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    return to_nanoseconds(time);
}

/// Tells one state of a file from another. The change time catches what sets the others back.
struct FileStamp {
    dev_t device;
    ino_t inode;
    off_t size;
    std::int64_t modified;
    std::int64_t changed;

    explicit FileStamp(const struct stat& status)
        : device(status.st_dev),
          inode(status.st_ino),
          size(status.st_size),
          modified(to_nanoseconds(status.st_mtim)),
          changed(to_nanoseconds(status.st_ctim)) {}
    bool operator==(const FileStamp&) const = default;

    bool is_settled() const { return now() - std::max(modified, changed) > kSettled; }

    std::string to_text() const {
        std::array<char, 80> text{};
        std::snprintf(
            text.data(), text.size(), "%llx-%llx-%llx", static_cast<unsigned long long>(size),
            static_cast<unsigned long long>(modified), static_cast<unsigned long long>(inode));
        return text.data();
    }
};

/// The first `size` bytes, or fewer if the file has become shorter; nullopt when reading fails.
std::optional<std::string> read_file(int fd, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t count =
            pread(fd, bytes.data() + filled, size - filled, static_cast<off_t>(filled));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    return bytes;
}

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

class RootFolder final : public PageSource {
  public:
    RootFolder(const std::string& folder, std::size_t cache_bytes)
        : folder_(folder), cache_bytes_(cache_bytes) {}

    Found find(std::string_view path) override {
        relative_.assign(path.substr(1));
        auto [fd, error] = folder_.open(relative_);
        if (!fd) {
            const bool is_busy = error == EMFILE || error == ENFILE || error == ENOMEM;
            return {is_busy ? FindOutcome::Busy : FindOutcome::NotFound, nullptr};
        }
        struct stat status {};
        if (fstat(fd.get(), &status) != 0) return {};
        if (S_ISDIR(status.st_mode)) return {FindOutcome::Folder, nullptr};
        if (!S_ISREG(status.st_mode)) return {};
        const FileStamp stamp(status);
        if (static_cast<std::uint64_t>(stamp.size) <= kLargestInMemory) {
            return find_cached(path, fd, stamp);
        }
        return {FindOutcome::File,
                make_streamed_file(path, std::move(fd), static_cast<std::uint64_t>(stamp.size),
                                   stamp.modified / kNanosecond, stamp.to_text())};
    }

  private:
    struct Entry {
        FileStamp stamp;
        bool is_settled;
        std::shared_ptr<const ServedFile> file;

        std::size_t cost() const {
            return kEntryCost + file->plain.size + (file->gzip ? file->gzip->size : 0);
        }
    };

    Found find_cached(std::string_view path, const net::UniqueFd& fd, const FileStamp& stamp) {
        const auto cached = cache_.find(path);
        const bool is_known = cached != cache_.end();
        if (is_known && cached->second.is_settled && cached->second.stamp == stamp) {
            return {FindOutcome::File, cached->second.file};
        }
        const bool is_settled = stamp.is_settled();
        auto bytes = read_file(fd.get(), static_cast<std::size_t>(stamp.size));
        if (!bytes) return {FindOutcome::Busy, nullptr};
        const std::int64_t modified = stamp.modified / kNanosecond;
        if (is_known && is_same(*cached->second.file, *bytes, modified)) {
            cached->second.stamp = stamp;
            cached->second.is_settled = is_settled;
            return {FindOutcome::File, cached->second.file};
        }
        auto file = make_served_file(path, core::Frame::copy_of(*bytes), modified);
        store(path, {stamp, is_settled, file});
        return {FindOutcome::File, std::move(file)};
    }

    static bool is_same(const ServedFile& file, std::string_view bytes, std::int64_t modified) {
        return file.modified == modified && file.plain.body.view() == bytes;
    }

    /// When the cache is full everything goes: what is in use comes back with its next request.
    void store(std::string_view path, Entry entry) {
        if (const auto old = cache_.find(path); old != cache_.end()) {
            used_bytes_ -= old->second.cost();
            cache_.erase(old);
        }
        if (used_bytes_ + entry.cost() > cache_bytes_) {
            cache_.clear();
            used_bytes_ = 0;
        }
        used_bytes_ += entry.cost();
        cache_.emplace(path, std::move(entry));
    }

    FolderHandle folder_;
    std::size_t cache_bytes_;
    std::size_t used_bytes_ = 0;
    std::string relative_;  // kept for its memory
    std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> cache_;
};

}  // namespace

std::unique_ptr<PageSource> make_root_folder(const std::string& folder, std::size_t cache_bytes) {
    return std::make_unique<RootFolder>(folder, cache_bytes);
}

}  // namespace videochat::http
