// ServedFile: a file with everything that can be known about it before somebody asks: validators
// (RFC 9110 section 8.8), the gzip variant and the header lines of its answers. Immutable and
// shared: by the cache, and by answers that are still being written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/unique_fd.hpp"
#include "videochat/core/frame.hpp"

namespace videochat::http {

/// Larger files are read while they are sent and get no gzip variant.
inline constexpr std::uint64_t kLargestInMemory = std::uint64_t{1024} * 1024;

/// One form of a file's content. Header lines end in CR LF each.
struct Representation {
    std::string etag;              ///< strong, with its quotes
    core::Frame body;              ///< empty when the file is streamed
    core::Frame fields;            ///< of 200 and 206
    core::Frame unchanged_fields;  ///< of 304
    std::uint64_t size = 0;
};

struct ServedFile {
    std::int64_t modified = 0;  ///< seconds since 1970
    Representation plain;
    std::optional<Representation> gzip;  ///< only where it is smaller
    net::UniqueFd source;                ///< of a file that is streamed
    bool is_part = false;                ///< protocol::is_part_of_pages

    bool is_streamed() const { return static_cast<bool>(source); }
};

/// What a file's answers say of it besides its content.
struct FileKind {
    std::string_view type;  ///< for Content-Type
    bool compressible = false;
    /// Browsers keep a page but ask each time, so that an update shows at once.
    std::string_view cache_control = "no-cache";
};

/// A file in memory. Its tag is a hash of the content.
std::shared_ptr<const ServedFile> make_served_file(const FileKind& kind, core::Frame bytes,
                                                   std::int64_t modified);
/// The same for a page: `path` gives the type.
std::shared_ptr<const ServedFile> make_served_file(std::string_view path, core::Frame bytes,
                                                   std::int64_t modified);

/// A file that is read while it is sent. `identity` tells versions of the file apart: it becomes
/// the tag.
std::shared_ptr<const ServedFile> make_streamed_file(std::string_view path, net::UniqueFd source,
                                                     std::uint64_t size, std::int64_t modified,
                                                     const std::string& identity);

}  // namespace videochat::http
