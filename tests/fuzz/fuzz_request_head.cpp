// http/request_head: a head in pieces is judged like a whole one, and what is accepted can be
// written out and read again as the same request.
#include <algorithm>
#include <string>

#include "fuzz/property.hpp"
#include "http/request_head.hpp"

using namespace videochat;
using namespace videochat::fuzz;
using namespace videochat::http;

namespace {

HeadResult parse(std::string_view bytes, const HttpLimits& limits, RequestHead& head) {
    HeadScan scan;
    return parse_request_head(bytes, limits, scan, head);
}

/// Gives the bytes `step` at a time until there is a verdict.
HeadResult parse_in_pieces(std::string_view bytes, std::size_t step, const HttpLimits& limits,
                           RequestHead& head) {
    HeadScan scan;
    HeadResult result;
    for (std::size_t size = 0; size < bytes.size();) {
        size = std::min(size + step, bytes.size());
        result = parse_request_head(bytes.substr(0, size), limits, scan, head);
        if (result.outcome != HeadOutcome::NeedMore) break;
    }
    return result;
}

std::string write_out(const RequestHead& head) {
    std::string text(head.method_name);
    text.append(" ").append(head.target).append(" HTTP/1.");
    text.append(std::to_string(head.minor_version)).append("\r\n");
    for (const auto& field : head.fields) {
        text.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    return text + "\r\n";
}

void require_same(const RequestHead& a, const RequestHead& b) {
    require(a.method == b.method && a.method_name == b.method_name, "the same method");
    require(a.target == b.target, "the same target");
    require(a.minor_version == b.minor_version && a.keep_alive == b.keep_alive, "the same end");
    require(a.body == b.body && a.content_length == b.content_length, "the same body");
    const bool is_same = std::equal(
        a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
        [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value; });
    require(is_same, "the same fields");
}

void check_accepted(const RequestHead& head, std::string_view bytes, const HttpLimits& limits) {
    require(head.size <= bytes.size() && head.size <= limits.request_head,
            "a head is within bounds");
    require(bytes.substr(0, head.size).find("\r\n\r\n") + 4 == head.size, "it ends with its end");
    require(head.fields.size() <= limits.header_fields, "fields are counted");
    require(head.count("Host") == 1 || head.minor_version == 0, "one host");
    require(head.count("Content-Length") + head.count("Transfer-Encoding") <= 1, "one framing");
    require(head.target.find_first_of(" \t\r\n") == head.target.npos, "a target is one word");
    for (const auto& [name, value] : head.fields) {
        require(
            name.data() > bytes.data() && value.data() + value.size() < bytes.data() + head.size,
            "views point into the head");
        require(!name.empty() && name.find_first_of(" \t:\r\n") == name.npos, "a name is a token");
        for (const char c : value) {
            require(static_cast<unsigned char>(c) >= 0x20 || c == '\t', "no control byte passes");
        }
    }
}

}  // namespace

// Input: a byte that tells the size of the pieces, then what a client sends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    HttpLimits limits;
    limits.request_line = 128;
    limits.request_head = 1024;
    limits.header_fields = 16;
    const std::size_t step = std::size_t{data[0]} % 64 + 1;
    const std::string_view bytes = as_text(data + 1, size - 1);

    RequestHead head;
    RequestHead in_pieces;
    const HeadResult result = parse(bytes, limits, head);
    const HeadResult pieces_result = parse_in_pieces(bytes, step, limits, in_pieces);
    require(result.outcome == pieces_result.outcome && result.status == pieces_result.status,
            "pieces are judged like the whole");
    if (result.outcome == HeadOutcome::NeedMore) {
        require(bytes.size() <= limits.request_head, "a head that is too long is refused");
    }
    if (result.outcome != HeadOutcome::Ok) return 0;
    require_same(head, in_pieces);
    check_accepted(head, bytes, limits);

    const std::string text = write_out(head);
    RequestHead again;
    HttpLimits wide;  // a space more after each colon must not count
    require(parse(text, wide, again).outcome == HeadOutcome::Ok, "written out it is accepted");
    require_same(head, again);
    return 0;
}
