// Media types by file name.
#pragma once

#include <string_view>

namespace videochat::protocol {

struct MimeType {
    std::string_view name;  ///< for Content-Type, with charset where it is text
    bool compressible;      ///< whether gzip is worth trying
};

/// By the extension of the last segment, without regard to case; octet-stream when unknown.
MimeType mime_type_of(std::string_view path);

/// Whether browsers use this type as a part of pages alone, under the policy of the page: styles,
/// scripts, fonts, most pictures. Not SVG, which is a document where it is opened on its own.
bool is_part_of_pages(std::string_view type);

}  // namespace videochat::protocol
