// The pages inside the binary: a table that cmake/embed_folder.cmake writes from public/.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace videochat::http {

struct EmbeddedFile {
    std::string_view path;  ///< "/js/call/machine.js"
    std::string_view bytes;
    std::int64_t modified;  ///< seconds since 1970
};

/// Sorted by path; lives as long as the process.
std::span<const EmbeddedFile> embedded_files();

}  // namespace videochat::http
