// http/chunked_body: cut into pieces in any way, a body tells the same as a slow reference that
// sees it whole. The first byte says how long the pieces are.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/property.hpp"
#include "http/chunked_body.hpp"

using namespace videochat::fuzz;
using videochat::http::ChunkedBody;
using Status = ChunkedBody::Status;

namespace {

struct Decoded {
    Status status = Status::NeedMore;
    std::string body;
    std::size_t consumed = 0;  ///< when done
    bool operator==(const Decoded&) const = default;
};

/// The line that begins `in`, as far as it has come.
struct Line {
    std::string_view text;
    bool is_closed = false;  ///< its CR is there
    bool is_whole = false;   ///< and the LF
    bool is_bad = false;     ///< a byte that may not be there
    std::size_t size = 0;    ///< with CR and LF
};

Line line_of(std::string_view in) {
    Line line;
    while (line.size < in.size()) {
        const auto byte = static_cast<unsigned char>(in[line.size]);
        if (byte != '\t' && (byte < ' ' || byte == 0x7f)) break;
        ++line.size;
    }
    line.text = in.substr(0, line.size);
    const std::string_view end = in.substr(line.size, 2);
    line.is_closed = !end.empty() && end[0] == '\r';
    line.is_whole = end == "\r\n";
    line.is_bad = !end.empty() && !line.is_whole && end != "\r";
    line.size += end.size();
    return line;
}

/// `extensions`: bytes of those of earlier chunks; this one's are added.
bool is_bad_size(const Line& line, std::size_t& extensions) {
    const std::size_t digits =
        std::min(line.text.find_first_not_of("0123456789abcdefABCDEF"), line.text.size());
    if (digits > 15) return true;
    if (digits == 0) return line.is_closed || !line.text.empty();
    const std::string_view extension = line.text.substr(digits);
    if (extension.empty()) return false;
    extensions += extension.size() - 1;
    return extension[0] != ';' || extension.size() - 1 > ChunkedBody::kMaxExtension ||
           extensions > ChunkedBody::kMaxExtensions;
}

Status skip_trailers(std::string_view in, std::size_t& at) {
    const std::size_t begin = at;
    while (true) {
        const Line line = line_of(in.substr(at));
        at += line.size;
        if (line.is_bad || line.text.size() > ChunkedBody::kMaxTrailer ||
            at - begin > ChunkedBody::kMaxTrailers) {
            return Status::Error;
        }
        if (!line.is_whole) return Status::NeedMore;
        if (line.text.empty()) return Status::Done;
    }
}

Decoded decode_slowly(std::string_view in) {
    Decoded result;
    std::size_t at = 0;
    std::size_t extensions = 0;
    const auto with = [&result](Status status) {
        result.status = status;
        return result;
    };
    while (true) {
        const Line line = line_of(in.substr(at));
        if (line.is_bad || is_bad_size(line, extensions)) return with(Status::Error);
        if (!line.is_whole) return result;
        at += line.size;
        const std::uint64_t size = std::stoull(std::string(line.text), nullptr, 16);
        if (size == 0) break;
        const std::string_view rest = in.substr(at);
        result.body += rest.substr(0, size);
        if (rest.size() < size) return result;
        at += size;
        const std::string_view end = in.substr(at, 2);
        if (end != std::string_view("\r\n").substr(0, end.size())) return with(Status::Error);
        if (end.size() < 2) return result;
        at += 2;
    }
    const Status status = skip_trailers(in, at);
    if (status == Status::Done) result.consumed = at;
    return with(status);
}

Decoded decode(std::string_view in, std::size_t piece_size) {
    ChunkedBody decoder;
    Decoded result;
    std::size_t consumed = 0;
    while (consumed < in.size() && result.status == Status::NeedMore) {
        std::string_view piece = in.substr(consumed, piece_size);
        while (!piece.empty() && result.status == Status::NeedMore) {
            const ChunkedBody::Step step = decoder.next(piece);
            require(step.consumed <= piece.size(), "no more is consumed than was shown");
            require(step.status != Status::NeedMore || step.consumed > 0, "it gets on");
            result.status = step.status;
            result.body += step.data;
            consumed += step.consumed;
            piece.remove_prefix(step.consumed);
        }
    }
    if (result.status == Status::Done) result.consumed = consumed;
    if (result.status == Status::Error) {
        require(decoder.next("0\r\n\r\n").status == Status::Error, "an error stays one");
    }
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view in = as_text(data, size).substr(1);
    const Decoded expected = decode_slowly(in);
    require(decode(in, in.size()) == expected, "the reference agrees");
    require(decode(in, 1U + data[0]) == expected, "in pieces, too");
    return 0;
}
