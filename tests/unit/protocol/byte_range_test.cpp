// protocol/byte_range: the examples of RFC 9110 section 14.1.2 and every way to be wrong.
#include "protocol/byte_range.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

/// "first+length", "416" or "200".
std::string answer(std::string_view field, std::uint64_t size = 10'000) {
    const ByteRange range = parse_byte_range(field, size);
    if (range.outcome == RangeOutcome::Ignored) return "200";
    if (range.outcome == RangeOutcome::Unsatisfiable) return "416";
    return std::to_string(range.first) + '+' + std::to_string(range.length);
}

}  // namespace

TEST_CASE("The examples of the RFC, for a file of 10000 bytes") {
    CHECK(answer("bytes=0-499") == "0+500");
    CHECK(answer("bytes=500-999") == "500+500");
    CHECK(answer("bytes=-500") == "9500+500");
    CHECK(answer("bytes=9500-") == "9500+500");
    CHECK(answer("bytes=0-0") == "0+1");
    CHECK(answer("bytes=9999-9999") == "9999+1");
}

TEST_CASE("An end beyond the file is clipped") {
    CHECK(answer("bytes=9000-99999") == "9000+1000");
    CHECK(answer("bytes=0-18446744073709551615") == "0+10000");
    CHECK(answer("bytes=1-99999999999999999999999999") == "1+9999");
    CHECK(answer("bytes=-20000") == "0+10000");
    CHECK(answer("bytes=-99999999999999999999999999") == "0+10000");
}

TEST_CASE("A start beyond the file is unsatisfiable") {
    CHECK(answer("bytes=10000-") == "416");
    CHECK(answer("bytes=10000-10001") == "416");
    CHECK(answer("bytes=99999999999999999999999999-") == "416");
    CHECK(answer("bytes=-0") == "416");
    CHECK(answer("bytes=0-", 0) == "416");
    CHECK(answer("bytes=0-0", 0) == "416");
}

TEST_CASE("The last bytes of an empty file cannot be told: the whole file") {
    CHECK(answer("bytes=-5", 0) == "200");
}

TEST_CASE("The unit is compared without case and white space around a range is allowed") {
    CHECK(answer("Bytes=1-2") == "1+2");
    CHECK(answer("bytes= 1-2\t") == "1+2");
}

TEST_CASE("What is no range of bytes is ignored") {
    for (const char* field :
         {"", "bytes", "bytes=", "bytes=-", "bytes=a-", "bytes=1", "bytes=2-1", "bytes=1-a",
          "bytes=1--2", "bytes=+1-2", "bytes=0x1-2", "bytes=1 -2", "bytes 1-2", "items=0-1", "1-2",
          "bytes=--1", "bytes=-1-2", "bytes=1.5-2", "bytes=99999999999999999999-1"}) {
        CAPTURE(field);
        CHECK(answer(field) == "200");
    }
}

TEST_CASE("Several ranges are ignored") {
    CHECK(answer("bytes=0-0,-1") == "200");
    CHECK(answer("bytes=0-1, 3-4") == "200");
    CHECK(answer("bytes=0-,0-,0-,0-,0-,0-") == "200");
}
