// PageSource (interface): where files come from. Two kinds: the pages inside the binary and a
// folder. Used on one loop.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/served_file.hpp"

namespace videochat::http {

enum class FindOutcome {
    File,
    Folder,
    NotFound,  ///< nothing there, nothing that may be served, or outside of the root
    Busy       ///< out of descriptors or memory: 503
};

struct Found {
    FindOutcome outcome = FindOutcome::NotFound;
    std::shared_ptr<const ServedFile> file;
};

class PageSource {
  public:
    PageSource() = default;
    PageSource(const PageSource&) = delete;
    PageSource& operator=(const PageSource&) = delete;
    virtual ~PageSource() = default;

    /// `path` is resolved and begins with "/", as protocol::parse_request_target gives it.
    virtual Found find(std::string_view path) = 0;
};

std::unique_ptr<PageSource> make_embedded_pages();

inline constexpr std::size_t kCacheBytes = std::size_t{64} * 1024 * 1024;

/// Throws std::runtime_error when `folder` cannot be opened as one. Files in memory, gzip variants
/// included, take at most `cache_bytes` besides those whose answers are being written.
std::unique_ptr<PageSource> make_root_folder(const std::string& folder,
                                             std::size_t cache_bytes = kCacheBytes);

}  // namespace videochat::http
