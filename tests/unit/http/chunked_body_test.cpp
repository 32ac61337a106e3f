#include "http/chunked_body.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using videochat::http::ChunkedBody;
using Status = ChunkedBody::Status;

namespace {

struct Decoded {
    Status status = Status::NeedMore;
    std::string body;
    std::size_t consumed = 0;
};

/// Shows the pieces one after the other, each until nothing of it is left.
Decoded decode(const std::vector<std::string_view>& pieces) {
    ChunkedBody decoder;
    Decoded result;
    for (std::string_view piece : pieces) {
        while (!piece.empty() && result.status == Status::NeedMore) {
            const ChunkedBody::Step step = decoder.next(piece);
            result.status = step.status;
            result.body += step.data;
            result.consumed += step.consumed;
            piece.remove_prefix(step.consumed);
        }
    }
    return result;
}

std::optional<std::string> body_of(std::string_view wire) {
    const Decoded decoded = decode({wire});
    if (decoded.status != Status::Done) return std::nullopt;
    return decoded.body;
}

Status status_of(std::string_view wire) { return decode({wire}).status; }

constexpr std::string_view kWhole =
    "5\r\nhello\r\n1;name=value;\"quoted\"\r\n \r\n0000A\r\n0123456789\r\n0\r\nX: "
    "1\r\nY:\t2\r\n\r\n";
constexpr std::string_view kBody = "hello 0123456789";

}  // namespace

TEST_CASE("a chunked body comes out whole, and what is behind it is left") {
    CHECK(body_of(kWhole) == kBody);
    CHECK(body_of("0\r\n\r\n") == "");
    const Decoded decoded = decode({"2\r\nab\r\n0\r\n\r\nGET / HTTP/1.1\r\n"});
    CHECK(decoded.status == Status::Done);
    CHECK(decoded.body == "ab");
    CHECK(decoded.consumed == 12);
}

TEST_CASE("a chunked body is the same however it is cut into pieces") {
    for (std::size_t first = 0; first <= kWhole.size(); ++first) {
        for (std::size_t second = first; second <= kWhole.size(); ++second) {
            const Decoded decoded =
                decode({kWhole.substr(0, first), kWhole.substr(first, second - first),
                        kWhole.substr(second)});
            CAPTURE(first, second);
            REQUIRE(decoded.status == Status::Done);
            REQUIRE(decoded.body == kBody);
            REQUIRE(decoded.consumed == kWhole.size());
        }
    }
}

TEST_CASE("a chunked body that is cut short is not whole") {
    for (std::size_t size = 0; size < kWhole.size(); ++size) {
        CAPTURE(size);
        CHECK(status_of(kWhole.substr(0, size)) == Status::NeedMore);
    }
}

TEST_CASE("the size of a chunk is hexadecimal, of either case, and does not overflow") {
    const std::string ten(0x1a, 'x');
    CHECK(body_of("1a\r\n" + ten + "\r\n0\r\n\r\n") == ten);
    CHECK(body_of("1A\r\n" + ten + "\r\n0\r\n\r\n") == ten);
    for (const char* wire : {"\r\n", "g\r\n", "G\r\n", "`\r\n", "@\r\n", "/\r\n", ":\r\n", " 1\r\n",
                             "1 \r\n", "0x1\r\n", "+1\r\n", "-1\r\n", ";x\r\n", "1,\r\n", "\n"}) {
        CAPTURE(wire);
        CHECK(status_of(wire) == Status::Error);
    }
    CHECK(status_of("fffffffffffffff\r\n") == Status::NeedMore);
    CHECK(status_of("ffffffffffffffff\r\n") == Status::Error);
    CHECK(status_of("10000000000000000\r\n") == Status::Error);
    CHECK(status_of("0000000000000000") == Status::Error);
}

TEST_CASE("every line of a chunked body ends with CR LF") {
    for (const char* wire : {"1\nx\r\n0\r\n\r\n", "1\rx", "1\r\r\n", "1\r\nx\n", "1\r\nxy",
                             "1\r\nx\r0", "1\r\nxx\r\n", "1;a\nx", "1;a\rx", "0\n\r\n", "0\r\n\n",
                             "0\r\n\rx", "0\r\nX: 1\n", "0\r\nX: 1\rY", "0\r\nX: 1\r\n\rx"}) {
        CAPTURE(wire);
        CHECK(status_of(wire) == Status::Error);
    }
}

TEST_CASE("control bytes are refused in extensions and trailers, not in the data") {
    CHECK(body_of(std::string_view("3\r\n\0\n\x7f\r\n0\r\n\r\n", 13)) ==
          std::string_view("\0\n\x7f", 3));
    CHECK(status_of(std::string_view("1;\0", 3)) == Status::Error);
    CHECK(status_of("1;\x7f") == Status::Error);
    CHECK(status_of("1;\x1f") == Status::Error);
    CHECK(status_of("1; \t~\xff") == Status::NeedMore);
    CHECK(status_of(std::string_view("0\r\nX: \0", 7)) == Status::Error);
    CHECK(status_of("0\r\nX: \x1b") == Status::Error);
}

TEST_CASE("the extension of a chunk has a limit") {
    const std::string longest(ChunkedBody::kMaxExtension, 'e');
    CHECK(body_of("1;" + longest + "\r\nx\r\n1;" + longest + "\r\ny\r\n0;" + longest +
                  "\r\n\r\n") == "xy");
    CHECK(status_of("1;" + longest + "e") == Status::Error);
}

TEST_CASE("all extensions of a body have a limit together") {
    constexpr std::size_t kChunks = ChunkedBody::kMaxExtensions / ChunkedBody::kMaxExtension;
    const std::string longest(ChunkedBody::kMaxExtension, 'e');
    std::string wire;
    for (std::size_t i = 0; i < kChunks; ++i)
        wire += "1;" + longest + "\r\nx\r\n";
    CHECK(body_of(wire + "0;\r\n\r\n") == std::string(kChunks, 'x'));
    CHECK(status_of(wire + "0;e") == Status::Error);
}

TEST_CASE("a trailer field and the trailer section have limits") {
    const std::string longest(ChunkedBody::kMaxTrailer, 't');
    CHECK(body_of("0\r\n" + longest + "\r\n" + longest + "\r\n\r\n") == "");
    CHECK(status_of("0\r\n" + longest + "t") == Status::Error);

    const std::string line(1022, 't');  // 1024 with its end
    std::string section;
    for (int i = 0; i < 3; ++i)
        section += line + "\r\n";
    CHECK(body_of("0\r\n" + section + std::string(1020, 't') + "\r\n\r\n") == "");
    CHECK(status_of("0\r\n" + section + std::string(1021, 't') + "\r\n\r\n") == Status::Error);
}

TEST_CASE("after an error a chunked body stays in error") {
    for (const char* wire : {"x", "1\r\nxy", "0\r\n\rx", "0\r\nX\n"}) {
        ChunkedBody decoder;
        std::string_view rest(wire);
        Status status = Status::NeedMore;
        while (!rest.empty() && status == Status::NeedMore) {
            const ChunkedBody::Step step = decoder.next(rest);
            status = step.status;
            rest.remove_prefix(step.consumed);
        }
        CAPTURE(wire);
        REQUIRE(status == Status::Error);
        CHECK(decoder.next("0\r\n\r\n").status == Status::Error);
    }
}

TEST_CASE("data is told in place, as it arrives") {
    ChunkedBody decoder;
    const std::string_view wire = "a\r\n01234";
    const ChunkedBody::Step step = decoder.next(wire);
    CHECK(step.data == "01234");
    CHECK(step.data.data() == wire.data() + 3);
    CHECK(decoder.next("5").data == "5");
}
