// http/request_head: what a head gives, and every way to smuggle, flood or confuse.
#include "http/request_head.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::http;

namespace {

struct Parsed {
    HeadResult result;
    RequestHead head;
};

Parsed parse(std::string_view bytes, const HttpLimits& limits = {}) {
    Parsed parsed;
    HeadScan scan;
    parsed.result = parse_request_head(bytes, limits, scan, parsed.head);
    return parsed;
}

/// The status, 0 for a head that is fine, 1 for one that is not whole yet.
unsigned status_of(std::string_view bytes, const HttpLimits& limits = {}) {
    const HeadResult result = parse(bytes, limits).result;
    if (result.outcome == HeadOutcome::NeedMore) return 1;
    return result.outcome == HeadOutcome::Ok ? 0 : result.status;
}

/// A request with the given header lines after its Host.
std::string with(const std::string& lines, const std::string& first = "GET / HTTP/1.1") {
    return first + "\r\nHost: a\r\n" + lines + "\r\n";
}

}  // namespace

TEST_CASE("A head gives its method, target, version and fields") {
    const std::string bytes =
        "GET /chat.html?room=a HTTP/1.1\r\nHost: localhost:3000\r\nACCEPT:  */* "
        "\t\r\nEmpty:\r\n\r\nrest";
    const auto [result, head] = parse(bytes);
    REQUIRE(result.outcome == HeadOutcome::Ok);
    CHECK(head.method == Method::Get);
    CHECK(head.method_name == "GET");
    CHECK(head.target == "/chat.html?room=a");
    CHECK(head.minor_version == 1);
    CHECK(head.size == bytes.size() - 4);
    CHECK(head.fields.size() == 3);
    CHECK(head.value("host") == "localhost:3000");
    CHECK(head.value("Accept") == "*/*");
    CHECK(head.count("empty") == 1);
    CHECK(head.value("empty").empty());
    CHECK(head.count("absent") == 0);
    CHECK(head.body == BodyFraming::None);
    CHECK(head.keep_alive);
}

TEST_CASE("Values of one name in several lines are one list") {
    const std::string bytes = with("X-A: 1\r\nX-B: 2\r\nx-a: 3, 4\r\n");
    const RequestHead head = parse(bytes).head;
    CHECK(head.list("X-A") == "1, 3, 4");
    CHECK(head.list("X-B") == "2");
    CHECK(head.list("X-C").empty());
}

TEST_CASE("Views point into the bytes that were given") {
    const std::string bytes = with("X-A: b\r\n");
    const auto [result, head] = parse(bytes);
    CHECK(head.value("x-a").data() == bytes.data() + bytes.find("b\r\n"));
}

TEST_CASE("A head that drips in is looked at once and comes out the same") {
    const std::string bytes = "\r\n" + with("Cookie: a=b\r\nX: \xC3\xA9\r\n") + "GET / HT";
    const std::size_t head_size = bytes.size() - 8;
    HeadScan scan;
    RequestHead head;
    for (std::size_t size = 0; size < head_size; ++size) {
        const auto before = scan.position;
        const std::string_view part = std::string_view(bytes).substr(0, size);
        const HeadResult result = parse_request_head(part, HttpLimits{}, scan, head);
        REQUIRE(result.outcome == HeadOutcome::NeedMore);
        REQUIRE(scan.position >= before);
        REQUIRE(scan.position + 1 >= size);  // all but a CR whose LF is still due
    }
    const HeadResult result = parse_request_head(bytes, HttpLimits{}, scan, head);
    CHECK(result.outcome == HeadOutcome::Ok);
    CHECK(head.size == head_size);
    CHECK(head.value("Cookie") == "a=b");
}

TEST_CASE("An object that served before keeps nothing of the last head") {
    RequestHead head;
    HeadScan first;
    parse_request_head(with("Content-Length: 5\r\nConnection: close\r\n", "POST /a HTTP/1.1"),
                       HttpLimits{}, first, head);
    HeadScan second;
    const std::string bytes = with("");
    parse_request_head(bytes, HttpLimits{}, second, head);
    CHECK(head.method == Method::Get);
    CHECK(head.body == BodyFraming::None);
    CHECK(head.content_length == 0);
    CHECK(head.keep_alive);
    CHECK(head.fields.size() == 1);
}

TEST_CASE("Known methods are told apart, unknown ones are not implemented") {
    CHECK(parse(with("", "HEAD / HTTP/1.1")).head.method == Method::Head);
    CHECK(parse(with("", "OPTIONS * HTTP/1.1")).head.method == Method::Options);
    for (const char* name : {"POST", "PUT", "DELETE", "PATCH", "TRACE"}) {
        const std::string bytes = with("", std::string(name) + " / HTTP/1.1");
        const auto [result, head] = parse(bytes);
        CHECK(result.outcome == HeadOutcome::Ok);
        CHECK(head.method == Method::Other);
        CHECK(head.method_name == name);
    }
    CHECK(status_of(with("", "get / HTTP/1.1")) == 501);
    CHECK(status_of(with("", "FETCH / HTTP/1.1")) == 501);
    CHECK(status_of(with("", "G@T / HTTP/1.1")) == 400);
}

TEST_CASE("Only HTTP/1.0 and HTTP/1.1 are spoken") {
    CHECK(status_of(with("", "GET / HTTP/1.0")) == 0);
    for (const char* version : {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/3.0", "HTTP/9.9"}) {
        CHECK(status_of(with("", std::string("GET / ") + version)) == 505);
    }
    CHECK(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505);
    for (const char* version : {"http/1.1", "HTTP/1", "HTTP/1.1.1", "HTTP/11", "HTTP/1,1",
                                "HTTX/1.1", "HTTP/ 1.1", "HTTP/a.b", "HTTP/1.10"}) {
        CAPTURE(version);
        CHECK(status_of(with("", std::string("GET / ") + version)) == 400);
    }
}

TEST_CASE("A request line has one space between its parts and nothing else") {
    for (const char* line :
         {"GET /", "GET", "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1",
          "GET / HTTP/1.1 ", "GET /a b HTTP/1.1", "GET\t/ HTTP/1.1", "GET HTTP/1.1",
          "GET /\tHTTP/1.1", " / HTTP/1.1", "GET /a\tb HTTP/1.1"}) {
        CAPTURE(line);
        CHECK(status_of(with("", line)) == 400);
    }
}

TEST_CASE("One empty line before the request is skipped, two are refused") {
    CHECK(status_of("\r\n" + with("")) == 0);
    CHECK(status_of("\r\n\r\n" + with("")) == 400);
    CHECK(status_of("\r\n") == 1);
    CHECK(status_of("\r\n\r\n") == 400);
    CHECK(status_of("") == 1);
}

TEST_CASE("Bare line ends and control bytes are refused as soon as they come") {
    CHECK(status_of("GET / HTTP/1.1\nHost: a\n\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\n\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nA: b\rc\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\r\n") == 400);
    CHECK(status_of("\n") == 400);
    CHECK(status_of("\x16\x03\x01") == 400);
    CHECK(status_of(with(std::string("A: b\0c\r\n", 8))) == 400);
    CHECK(status_of(with("A: \x01\r\n")) == 400);
    CHECK(status_of(with("A: \x7F\r\n")) == 400);
    CHECK(status_of(with("A: b\tc\r\n")) == 0);
    CHECK(status_of(with("A: \xE2\x82\xAC\xFF\r\n")) == 0);
}

TEST_CASE("A field is a name, a colon and a value on one line") {
    for (const char* line : {"A : b", "A\t: b", " A: b", "\tA: b", ": b", "A", "A b: c", "A(: b",
                             "A;: b", "\"A\": b", "\xC3\xA9: b", "A b", "X: y\r\n z", "X: y\r\n\tz",
                             "X: y\r\n ", "X: y\r\n A: b", "X: y\r\n\tA: b"}) {
        CAPTURE(line);
        CHECK(status_of(with(std::string(line) + "\r\n")) == 400);
    }
    CHECK(status_of("GET / HTTP/1.1\r\n Host: a\r\n\r\n") == 400);
}

TEST_CASE("HTTP/1.1 has exactly one Host that is one") {
    CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 0);
    for (const char* host :
         {"", "a b", "a,b", "http://a", "a/b", "u@a", "a:99999", "[::1", "a:b"}) {
        CAPTURE(host);
        CHECK(status_of(std::string("GET / HTTP/1.1\r\nHost: ") + host + "\r\n\r\n") == 400);
        CHECK(status_of(std::string("GET / HTTP/1.0\r\nHost: ") + host + "\r\n\r\n") == 400);
    }
    CHECK(status_of("GET / HTTP/1.1\r\nHost: [::1]:3000\r\n\r\n") == 0);
}

TEST_CASE("A body has a length or chunks") {
    const std::string long_body = with("Content-Length: 300000\r\n", "POST / HTTP/1.1");
    CHECK(parse(long_body).head.body == BodyFraming::Length);
    CHECK(parse(long_body).head.content_length == 300'000);
    CHECK(parse(with("Content-Length: 0\r\n")).head.body == BodyFraming::None);
    CHECK(parse(with("Transfer-Encoding: Chunked\r\n")).head.body == BodyFraming::Chunked);
    CHECK(parse(with("Content-Length: 18446744073709551615\r\n")).head.content_length ==
          UINT64_MAX);
}

TEST_CASE("Every doubt about where the body ends is refused") {
    for (const char* lines : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                              "Content-Length: 5\r\nContent-Length: 6\r\n",
                              "Content-Length: 5\r\nContent-Length: 5\r\n",
                              "Content-Length: 5, 5\r\n",
                              "Content-Length: 5,6\r\n",
                              "Content-Length:\r\n",
                              "Content-Length: -1\r\n",
                              "Content-Length: +5\r\n",
                              "Content-Length: 5x\r\n",
                              "Content-Length: 0x5\r\n",
                              "Content-Length: 5 5\r\n",
                              "Content-Length: 5.0\r\n",
                              "Content-Length: 18446744073709551616\r\n",
                              "Content-Length: 99999999999999999999999\r\n",
                              "Transfer-Encoding: gzip\r\n",
                              "Transfer-Encoding: gzip, chunked\r\n",
                              "Transfer-Encoding: chunked, chunked\r\n",
                              "Transfer-Encoding: chunked, gzip\r\n",
                              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: identity\r\n",
                              "Transfer-Encoding:\r\n",
                              "Transfer-Encoding: xchunked\r\n",
                              "Transfer-Encoding: \"chunked\"\r\n",
                              "Transfer-Encoding: chunked;q=1\r\n",
                              "Transfer-Encoding: \x0B"
                              "chunked\r\n",
                              "Transfer-Encoding : chunked\r\n",
                              "Transfer-Encoding: chunked,\r\n"}) {
        CAPTURE(lines);
        CHECK(status_of(with(lines, "POST / HTTP/1.1")) == 400);
    }
    CHECK(status_of(with("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0")) == 400);
}

TEST_CASE("Keep-alive follows the version and Connection") {
    CHECK(parse(with("")).head.keep_alive);
    CHECK_FALSE(parse(with("Connection: close\r\n")).head.keep_alive);
    CHECK_FALSE(parse(with("Connection: x, CLOSE\r\n")).head.keep_alive);
    CHECK_FALSE(parse(with("Connection: keep-alive\r\nConnection: close\r\n")).head.keep_alive);
    CHECK_FALSE(parse(with("", "GET / HTTP/1.0")).head.keep_alive);
    CHECK(parse(with("Connection: Keep-Alive\r\n", "GET / HTTP/1.0")).head.keep_alive);
}

TEST_CASE("Tokens are found in lists, over several fields, whole and without case") {
    const std::string bytes =
        with("Upgrade: h2c\r\nConnection: keep-alive ,\tUpgrade\r\nupgrade: WebSocket\r\n");
    const auto [result, head] = parse(bytes);
    CHECK(head.has_token("connection", "upgrade"));
    CHECK(head.has_token("Upgrade", "websocket"));
    CHECK_FALSE(head.has_token("Upgrade", "web"));
    CHECK_FALSE(head.has_token("Connection", "keep"));
    CHECK_FALSE(head.has_token("Connection", ""));
    CHECK_FALSE(head.has_token("X", "upgrade"));
}

TEST_CASE("A request line over its limit is told apart from a head over its limit") {
    const auto get = [](std::size_t line_size) {
        return "GET /" + std::string(line_size - 14, 'x') + " HTTP/1.1";
    };
    CHECK(status_of(with("", get(8192))) == 0);
    CHECK(status_of(with("", get(8193))) == 414);
    CHECK(status_of("GET /" + std::string(8188, 'x')) == 414);  // not even whole
    CHECK(status_of("GET /" + std::string(8187, 'x')) == 1);
    CHECK(status_of(std::string(20'000, 'x')) == 414);
}

TEST_CASE("A head is whole within 16 KiB or refused") {
    const std::size_t rest = with("A: \r\n").size();
    CHECK(status_of(with("A: " + std::string(16'384 - rest, 'x') + "\r\n")) == 0);
    CHECK(status_of(with("A: " + std::string(16'385 - rest, 'x') + "\r\n")) == 431);
    CHECK(status_of("GET / HTTP/1.1\r\nA: " + std::string(16'384, 'x')) == 431);
    CHECK(status_of(with("Cookie: " + std::string(6 * 1024, 'x') + "\r\n")) == 0);
}

TEST_CASE("A head has at most 100 fields") {
    std::string lines;
    for (int i = 0; i < 99; ++i)
        lines += "A: b\r\n";
    CHECK(status_of(with(lines)) == 0);
    CHECK(status_of(with(lines + "A: b\r\n")) == 431);
}

TEST_CASE("A limit of the head that is zero is lifted") {
    HttpLimits limits;
    limits.request_line = 0;
    limits.request_head = 0;
    limits.header_fields = 0;
    std::string lines;
    for (int i = 0; i < 5000; ++i)
        lines += "A: b\r\n";
    CHECK(status_of(with(lines, "GET /" + std::string(50'000, 'x') + " HTTP/1.1"), limits) == 0);
}
