// A range is always one of the plain bytes: a part of a gzip stream is of no use to anybody. Who
// asks for one therefore gets the plain representation and its tag.
#include "http/file_answer.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include "protocol/accept_encoding.hpp"
#include "protocol/byte_range.hpp"
#include "protocol/etag.hpp"
#include "protocol/http_date.hpp"

namespace videochat::http {
namespace {

using protocol::ByteRange;
using protocol::RangeOutcome;

constexpr std::string_view kTextFields =
    "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n";
constexpr std::string_view kPageFields =
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\n"
    "Vary: Accept-Encoding\r\n";
constexpr std::string_view kGzipPageFields =
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\n"
    "Vary: Accept-Encoding\r\nContent-Encoding: gzip\r\n";

/// A part of an open file, read piece by piece. One that has become shorter ends early.
class FileSource final : public BodySource {
  public:
    FileSource(std::shared_ptr<const ServedFile> file, ByteRange part)
        : file_(std::move(file)), part_(part) {}

    core::Frame next() override {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(part_.length, BodySource::kChunk));
        if (size == 0) return {};
        char* data = nullptr;
        const core::Frame chunk = core::Frame::of_size(size, data);
        ssize_t count = -1;
        do {
            count = pread(file_->source.get(), data, size, static_cast<off_t>(part_.first));
        } while (count < 0 && errno == EINTR);
        if (count <= 0) return {};
        const auto read = static_cast<std::size_t>(count);
        part_.first += read;
        part_.length -= read;
        return chunk.part(0, read);
    }

  private:
    std::shared_ptr<const ServedFile> file_;
    ByteRange part_;  // what is left
};

/// A date can vouch for a file only when no second change can hide in the same second.
bool is_unchanged_since_date(std::string_view date, const ServedFile& file, std::int64_t now) {
    constexpr std::int64_t kSettled = 2;
    const auto seconds = protocol::parse_http_date(date, now);
    return seconds && *seconds == file.modified && now - file.modified >= kSettled;
}

/// The part that is asked for, or Ignored.
ByteRange wanted_range(const ServedFile& file, const Request& request, std::int64_t now) {
    if (request.method != Method::Get || request.range.empty()) return {};
    const bool is_applicable = request.if_range.empty() ||
                               protocol::matches_if_range(request.if_range, file.plain.etag) ||
                               is_unchanged_since_date(request.if_range, file, now);
    return is_applicable ? protocol::parse_byte_range(request.range, file.plain.size) : ByteRange{};
}

bool is_unmodified(const ServedFile& file, std::string_view etag, const Request& request,
                   std::int64_t now) {
    if (!request.if_none_match.empty()) {
        return protocol::matches_if_none_match(request.if_none_match, etag);
    }
    const auto since = protocol::parse_http_date(request.if_modified_since, now);
    return since && file.modified <= *since;
}

/// Fills in the body, whole or `part` of it, from memory or from the open file.
void add_body(Response& response, const std::shared_ptr<const ServedFile>& file,
              const Representation& form, ByteRange part) {
    response.content_length = part.length;
    if (response.no_body) return;
    if (file->is_streamed()) {
        response.source = std::make_unique<FileSource>(file, part);
        return;
    }
    response.body =
        form.body.part(static_cast<std::size_t>(part.first), static_cast<std::size_t>(part.length));
}

ByteRange whole(const Representation& form) { return {RangeOutcome::Satisfiable, 0, form.size}; }

/// Of 200, 206 and 304: a browser puts the fields of the last over those that it has kept.
Response answer_with(const ServedFile& file, unsigned status) {
    Response response;
    response.status = status;
    response.policy = file.is_part ? Policy::None : Policy::Own;
    return response;
}

Response not_modified(const ServedFile& file, const Representation& form) {
    Response response = answer_with(file, 304);
    response.fields = form.unchanged_fields;
    response.no_body = true;
    return response;
}

Response partial(const std::shared_ptr<const ServedFile>& file, ByteRange part) {
    Response response = answer_with(*file, 206);
    response.fields = file->plain.fields;
    response.extra_fields = "Content-Range: bytes " + std::to_string(part.first) + '-' +
                            std::to_string(part.first + part.length - 1) + '/' +
                            std::to_string(file->plain.size) + "\r\n";
    add_body(response, file, file->plain, part);
    return response;
}

Response unsatisfiable(const ServedFile& file, const Request& request) {
    Response response = answer_text(request, 416, "Range not satisfiable\n");
    response.extra_fields = "Content-Range: bytes */" + std::to_string(file.plain.size) + "\r\n";
    return response;
}

const Representation& choose(const ServedFile& file, const Request& request) {
    const bool is_gzip = file.gzip && protocol::prefers_gzip(request.accept_encoding);
    return is_gzip ? *file.gzip : file.plain;
}

}  // namespace

Response answer_file(const std::shared_ptr<const ServedFile>& file, const Request& request,
                     std::int64_t now) {
    const ByteRange range = wanted_range(*file, request, now);
    const bool is_ranged = range.outcome != RangeOutcome::Ignored;
    const Representation& form = is_ranged ? file->plain : choose(*file, request);
    if (is_unmodified(*file, form.etag, request, now)) return not_modified(*file, form);
    if (range.outcome == RangeOutcome::Satisfiable) return partial(file, range);
    if (range.outcome == RangeOutcome::Unsatisfiable) return unsatisfiable(*file, request);
    Response response = answer_with(*file, 200);
    response.fields = form.fields;
    response.no_body = request.method == Method::Head;
    add_body(response, file, form, whole(form));
    return response;
}

Response answer_not_found(const std::shared_ptr<const ServedFile>& page, const Request& request) {
    const Representation& form = choose(*page, request);
    const bool is_gzip = &form != &page->plain;
    Response response;
    response.status = 404;
    response.fields = core::Frame::of_static(is_gzip ? kGzipPageFields : kPageFields);
    response.no_body = request.method == Method::Head;
    add_body(response, page, form, whole(form));
    return response;
}

Response answer_text(const Request& request, unsigned status, std::string_view text) {
    Response response;
    response.status = status;
    response.fields = core::Frame::of_static(kTextFields);
    response.content_length = text.size();
    response.no_body = request.method == Method::Head;
    if (!response.no_body) response.body = core::Frame::of_static(text);
    return response;
}

}  // namespace videochat::http
