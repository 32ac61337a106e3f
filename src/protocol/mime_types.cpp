// The types of what pages are made of (RFC 9239 for scripts, IANA's registry for the others).
#include "protocol/mime_types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace videochat::protocol {
namespace {

struct Row {
    std::string_view extension;
    MimeType type;
};

constexpr MimeType kUnknown = {"application/octet-stream", false};

// Formats that are compressed already are not worth another try.
constexpr std::array kRows = std::to_array<Row>({
    {"html", {"text/html; charset=utf-8", true}},
    {"js", {"text/javascript; charset=utf-8", true}},
    {"css", {"text/css; charset=utf-8", true}},
    {"svg", {"image/svg+xml; charset=utf-8", true}},
    {"png", {"image/png", false}},
    {"htm", {"text/html; charset=utf-8", true}},
    {"mjs", {"text/javascript; charset=utf-8", true}},
    {"json", {"application/json; charset=utf-8", true}},
    {"map", {"application/json; charset=utf-8", true}},
    {"webmanifest", {"application/manifest+json", true}},
    {"txt", {"text/plain; charset=utf-8", true}},
    {"md", {"text/markdown; charset=utf-8", true}},
    {"csv", {"text/csv; charset=utf-8", true}},
    {"vtt", {"text/vtt; charset=utf-8", true}},
    {"xml", {"application/xml; charset=utf-8", true}},
    {"jpg", {"image/jpeg", false}},
    {"jpeg", {"image/jpeg", false}},
    {"webp", {"image/webp", false}},
    {"avif", {"image/avif", false}},
    {"gif", {"image/gif", false}},
    {"bmp", {"image/bmp", true}},
    {"ico", {"image/x-icon", true}},
    {"woff", {"font/woff", false}},
    {"woff2", {"font/woff2", false}},
    {"ttf", {"font/ttf", true}},
    {"otf", {"font/otf", true}},
    {"wasm", {"application/wasm", true}},
    {"mp4", {"video/mp4", false}},
    {"m4v", {"video/mp4", false}},
    {"webm", {"video/webm", false}},
    {"ogv", {"video/ogg", false}},
    {"mov", {"video/quicktime", false}},
    {"mp3", {"audio/mpeg", false}},
    {"m4a", {"audio/mp4", false}},
    {"ogg", {"audio/ogg", false}},
    {"oga", {"audio/ogg", false}},
    {"opus", {"audio/ogg", false}},
    {"flac", {"audio/flac", false}},
    {"wav", {"audio/wav", false}},
    {"pdf", {"application/pdf", false}},
    {"zip", {"application/zip", false}},
    {"gz", {"application/gzip", false}},
});

}  // namespace

MimeType mime_type_of(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return kUnknown;
    std::string extension(name.substr(dot + 1));
    for (char& c : extension) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    for (const Row& row : kRows) {
        if (row.extension == extension) return row.type;
    }
    return kUnknown;
}

bool is_part_of_pages(std::string_view type) {
    constexpr std::array kParts = std::to_array<std::string_view>(
        {"text/css", "text/javascript", "application/manifest+json", "font/", "image/"});
    if (type.starts_with("image/svg+xml")) return false;
    return std::any_of(kParts.begin(), kParts.end(),
                       [type](std::string_view part) { return type.starts_with(part); });
}

}  // namespace videochat::protocol
