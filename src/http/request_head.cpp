// Two passes: the guard walks over each byte once, line by line as lines arrive, and refuses what
// RFC 9112 forbids and Beast 1.81 would take; when the head is whole, Beast parses it. Its
// basic_parser is used directly, so fields become views and nothing is allocated for them.
#include "http/request_head.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/verb.hpp>
#include <limits>
#include <optional>

#include "protocol/origin.hpp"

namespace videochat::http {
namespace {

namespace beast = boost::beast;

using Field = RequestHead::Field;

constexpr unsigned kBadRequest = 400;
constexpr unsigned kUriTooLong = 414;
constexpr unsigned kHeadTooLarge = 431;
constexpr unsigned kNotImplemented = 501;
constexpr unsigned kVersionNotSupported = 505;

HeadResult refused(unsigned status) { return {HeadOutcome::Refused, status}; }

bool is_over(std::size_t value, std::size_t limit) { return limit != 0 && value > limit; }

char to_lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

bool is_same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// CR and LF too; only HTAB may stand in a line. An object and no function, so that the walk over
/// every byte of a head has no call in it.
constexpr auto kIsControl = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F';
};

/// Refuses "HTTP/2.0" and the like; what is no version at all is a bad request.
unsigned check_version(std::string_view request_line) {
    const std::string_view version = request_line.substr(request_line.rfind(' ') + 1);
    if (version == "HTTP/1.1" || version == "HTTP/1.0") return 0;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool is_version = version.size() == 8 && version.substr(0, 5) == "HTTP/" &&
                            is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    return is_version ? kVersionNotSupported : kBadRequest;
}

/// A folded line, a line without a colon, no name, or white space before the colon.
unsigned check_field_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return kBadRequest;
    const std::string_view name = line.substr(0, colon);
    const bool has_space =
        std::any_of(name.begin(), name.end(), [](char c) { return c == ' ' || c == '\t'; });
    return has_space ? kBadRequest : 0;
}

/// Sizes, as soon as they are passed: the line ends at `line_end` so far, the head at `head_end`.
unsigned check_sizes(std::size_t line_end, std::size_t head_end, const HttpLimits& limits,
                     const HeadScan& scan) {
    const std::size_t line_size = line_end - scan.line_start;
    if (scan.lines == 0 && is_over(line_size, limits.request_line)) return kUriTooLong;
    if (is_over(head_end, limits.request_head)) return kHeadTooLarge;
    return 0;
}

unsigned check_line(std::string_view line, const HttpLimits& limits, const HeadScan& scan) {
    if (scan.lines == 0) return check_version(line);
    if (is_over(scan.lines, limits.header_fields)) return kHeadTooLarge;
    return check_field_line(line);
}

/// Walks on from where the last call ended. Ok when the empty line that ends the head was passed;
/// `scan.position` is then the size of the head.
HeadResult guard(std::string_view bytes, const HttpLimits& limits, HeadScan& scan) {
    for (;;) {
        const auto end = static_cast<std::size_t>(
            std::find_if(bytes.begin() + scan.position, bytes.end(), kIsControl) - bytes.begin());
        scan.position = static_cast<std::uint32_t>(end);
        const bool is_at_cr = end < bytes.size() && bytes[end] == '\r';
        if (const unsigned status = check_sizes(end, is_at_cr ? end + 2 : end, limits, scan)) {
            return refused(status);
        }
        if (end < bytes.size() && !is_at_cr) return refused(kBadRequest);
        if (end + 1 >= bytes.size()) return {HeadOutcome::NeedMore, 0};
        if (bytes[end + 1] != '\n') return refused(kBadRequest);

        const std::string_view line = bytes.substr(scan.line_start, end - scan.line_start);
        const bool is_first = scan.line_start == 0;
        scan.position = static_cast<std::uint32_t>(end + 2);
        scan.line_start = scan.position;
        if (line.empty() && scan.lines > 0) return {HeadOutcome::Ok, 0};
        if (line.empty() && is_first) continue;  // one empty line before the request is skipped
        if (line.empty()) return refused(kBadRequest);
        if (const unsigned status = check_line(line, limits, scan)) return refused(status);
        ++scan.lines;
    }
}

/// Lets Beast fill a RequestHead. Only ever given a whole head that the guard has passed.
class HeadParser final : public beast::http::basic_parser<true> {
  public:
    explicit HeadParser(RequestHead& head) : head_(head) {
        header_limit(std::numeric_limits<std::uint32_t>::max());  // the guard has counted
        body_limit(boost::none);
    }

  private:
    using Text = beast::string_view;
    using Error = beast::error_code;

    static std::string_view view(Text text) { return {text.data(), text.size()}; }

    static Method method_of(beast::http::verb verb) {
        if (verb == beast::http::verb::get) return Method::Get;
        if (verb == beast::http::verb::head) return Method::Head;
        if (verb == beast::http::verb::options) return Method::Options;
        return Method::Other;
    }

    void on_request_impl(beast::http::verb verb, Text name, Text target, int version,
                         Error& /*error*/) override {
        head_.method = method_of(verb);
        head_.method_name = view(name);
        head_.target = view(target);
        head_.minor_version = version == 11 ? 1 : 0;
    }
    void on_field_impl(beast::http::field /*known*/, Text name, Text value,
                       Error& /*error*/) override {
        head_.fields.push_back({view(name), view(value)});
    }
    // Newer Beasts have this hook for trailers; 1.81 does not, so it cannot say "override".
    void on_trailer_field_impl(beast::http::field /*known*/, Text /*name*/, Text /*value*/,
                               Error& /*error*/) {}
    void on_response_impl(int /*code*/, Text /*reason*/, int /*version*/,
                          Error& /*error*/) override {}
    void on_header_impl(Error& /*error*/) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                           Error& /*error*/) override {}
    std::size_t on_body_impl(Text /*body*/, Error& /*error*/) override { return 0; }
    void on_chunk_header_impl(std::uint64_t /*size*/, Text /*extensions*/,
                              Error& /*error*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, Text /*body*/,
                                   Error& /*error*/) override {
        return 0;
    }
    void on_finish_impl(Error& /*error*/) override {}

    RequestHead& head_;
};

bool parse_with_beast(std::string_view bytes, RequestHead& head) {
    HeadParser parser(head);
    beast::error_code error;
    const std::size_t used = parser.put({bytes.data(), bytes.size()}, error);
    return !error && used == bytes.size() && parser.is_header_done();
}

bool is_registered(const RequestHead& head) {
    if (head.method != Method::Other) return true;
    const beast::string_view name(head.method_name.data(), head.method_name.size());
    return beast::http::string_to_verb(name) != beast::http::verb::unknown;
}

std::optional<std::uint64_t> parse_length(std::string_view digits) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    if (digits.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (kMax - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

/// One way to tell where the body ends, or none at all (RFC 9112 section 6.3). Any doubt is a
/// chance to smuggle a request past a proxy that reads it differently.
bool read_framing(RequestHead& head) {
    const std::size_t lengths = head.count("Content-Length");
    const std::size_t codings = head.count("Transfer-Encoding");
    if (lengths + codings == 0) return true;
    if (lengths + codings > 1) return false;
    if (codings == 1) {
        head.body = BodyFraming::Chunked;
        return head.minor_version == 1 && is_same(head.value("Transfer-Encoding"), "chunked");
    }
    const auto length = parse_length(head.value("Content-Length"));
    if (!length) return false;
    head.content_length = *length;
    if (*length > 0) head.body = BodyFraming::Length;
    return true;
}

bool has_one_host(const RequestHead& head) {
    const std::size_t hosts = head.count("Host");
    if (hosts == 0) return head.minor_version == 0;
    return hosts == 1 && protocol::is_valid_host(head.value("Host"));
}

bool wants_keep_alive(const RequestHead& head) {
    if (head.has_token("Connection", "close")) return false;
    return head.minor_version == 1 || head.has_token("Connection", "keep-alive");
}

/// An object that served before keeps the memory of its fields.
void clear(RequestHead& head) {
    auto fields = std::move(head.fields);
    fields.clear();
    head = RequestHead{};
    head.fields = std::move(fields);
}

}  // namespace

std::string_view RequestHead::value(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [name](const Field& field) {
        return is_same(field.name, name);
    });
    return found == fields.end() ? std::string_view{} : found->value;
}

std::size_t RequestHead::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(fields.begin(), fields.end(),
                      [name](const Field& field) { return is_same(field.name, name); }));
}

std::string RequestHead::list(std::string_view name) const {
    std::string values;
    for (const Field& field : fields) {
        if (!is_same(field.name, name)) continue;
        if (!values.empty()) values += ", ";
        values += field.value;
    }
    return values;
}

bool RequestHead::has_token(std::string_view name, std::string_view token) const {
    for (const Field& field : fields) {
        if (!is_same(field.name, name)) continue;
        for (std::string_view list = field.value; !list.empty();) {
            const std::size_t comma = std::min(list.find(','), list.size());
            if (is_same(trim(list.substr(0, comma)), token)) return true;
            list.remove_prefix(std::min(comma + 1, list.size()));
        }
    }
    return false;
}

HeadResult parse_request_head(std::string_view bytes, const HttpLimits& limits, HeadScan& scan,
                              RequestHead& head) {
    const HeadResult guarded = guard(bytes, limits, scan);
    if (guarded.outcome != HeadOutcome::Ok) return guarded;
    clear(head);
    head.size = scan.position;
    const std::size_t skipped = bytes.front() == '\r' ? 2 : 0;
    if (!parse_with_beast(bytes.substr(skipped, head.size - skipped), head)) {
        return refused(kBadRequest);
    }
    if (!has_one_host(head) || !read_framing(head)) return refused(kBadRequest);
    if (!is_registered(head)) return refused(kNotImplemented);
    head.keep_alive = wants_keep_alive(head);
    return {HeadOutcome::Ok, 0};
}

}  // namespace videochat::http
