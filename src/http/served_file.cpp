// See served_file.hpp.
#include "http/served_file.hpp"

#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <utility>

#include "protocol/http_date.hpp"
#include "protocol/mime_types.hpp"

namespace videochat::http {
namespace {

// Below this, the header lines that gzip costs eat what it saves.
constexpr std::size_t kSmallestToCompress = 256;
constexpr std::size_t kTagBytes = 16;  // of the hash; 128 bits do not collide by chance

std::string content_hash(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    // OpenSSL's bytes are unsigned, ours are not.
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string hash;
    for (std::size_t i = 0; i < kTagBytes; ++i) {
        hash += kHex[digest.at(i) >> 4U];
        hash += kHex[digest.at(i) & 0xFU];
    }
    return hash;
}

/// Empty when zlib fails, which only lack of memory can make it do.
std::string compress(std::string_view bytes) {
    constexpr int kGzipWindow = 15 + 16;  // 16 asks for gzip's header in place of zlib's
    constexpr int kMemory = 9;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return {};
    }
    std::string compressed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    // zlib's input is not const in its interface, but it only reads.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_out = static_cast<uInt>(compressed.size());
    const int outcome = deflate(&stream, Z_FINISH);
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    if (outcome != Z_STREAM_END) compressed.clear();
    return compressed;
}

std::string field(std::string_view name, std::string_view value) {
    std::string line(name);
    line += ": ";
    line += value;
    line += "\r\n";
    return line;
}

FileKind kind_of(std::string_view path) {
    const auto type = protocol::mime_type_of(path);
    return {.type = type.name, .compressible = type.compressible};
}

/// What a 304 repeats.
std::string validator_fields(const FileKind& kind, std::string_view etag, std::int64_t modified,
                             bool is_negotiable) {
    std::string lines = field("ETag", etag);
    lines += field("Last-Modified", protocol::format_http_date(modified));
    lines += field("Cache-Control", kind.cache_control);
    if (is_negotiable) lines += field("Vary", "Accept-Encoding");
    return lines;
}

Representation describe(const FileKind& kind, std::string etag, core::Frame body,
                        std::int64_t modified, bool is_negotiable) {
    Representation form;
    const std::string validators = validator_fields(kind, etag, modified, is_negotiable);
    form.size = body.size();
    form.body = std::move(body);
    form.etag = std::move(etag);
    form.fields = core::Frame::copy_of(field("Content-Type", kind.type) +
                                       field("Accept-Ranges", "bytes") + validators);
    form.unchanged_fields = core::Frame::copy_of(validators);
    return form;
}

Representation describe_gzip(const FileKind& kind, std::string etag, std::string_view body,
                             std::int64_t modified) {
    Representation form;
    const std::string validators = validator_fields(kind, etag, modified, true);
    form.size = body.size();
    form.body = core::Frame::copy_of(body);
    form.etag = std::move(etag);
    form.fields = core::Frame::copy_of(field("Content-Type", kind.type) +
                                       field("Content-Encoding", "gzip") + validators);
    form.unchanged_fields = core::Frame::copy_of(validators);
    return form;
}

}  // namespace

std::shared_ptr<const ServedFile> make_served_file(std::string_view path, core::Frame bytes,
                                                   std::int64_t modified) {
    return make_served_file(kind_of(path), std::move(bytes), modified);
}

std::shared_ptr<const ServedFile> make_served_file(const FileKind& kind, core::Frame bytes,
                                                   std::int64_t modified) {
    auto file = std::make_shared<ServedFile>();
    file->modified = modified;
    file->is_part = protocol::is_part_of_pages(kind.type);
    const std::string hash = content_hash(bytes.view());
    std::string compressed;
    if (kind.compressible && bytes.size() >= kSmallestToCompress) {
        compressed = compress(bytes.view());
    }
    const bool is_negotiable = !compressed.empty() && compressed.size() < bytes.size();
    if (is_negotiable) {
        file->gzip = describe_gzip(kind, '"' + hash + "-gz\"", compressed, modified);
    }
    file->plain = describe(kind, '"' + hash + '"', std::move(bytes), modified, is_negotiable);
    return file;
}

std::shared_ptr<const ServedFile> make_streamed_file(std::string_view path, net::UniqueFd source,
                                                     std::uint64_t size, std::int64_t modified,
                                                     const std::string& identity) {
    auto file = std::make_shared<ServedFile>();
    file->modified = modified;
    file->source = std::move(source);
    const FileKind kind = kind_of(path);
    file->is_part = protocol::is_part_of_pages(kind.type);
    file->plain = describe(kind, '"' + identity + '"', {}, modified, false);
    file->plain.size = size;
    return file;
}

}  // namespace videochat::http
