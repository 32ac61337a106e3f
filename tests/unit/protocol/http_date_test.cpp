// protocol/http_date: the three forms of RFC 9110 section 5.6.7.
#include "protocol/http_date.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

constexpr std::int64_t kExample = 784'111'777;  // 1994-11-06 08:49:37
constexpr std::int64_t kNow = 1'767'225'600;    // 2026-01-01 00:00:00

}  // namespace

TEST_CASE("The example of the RFC is written as there") {
    CHECK(format_http_date(kExample) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(format_http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(format_http_date(951'782'400) == "Tue, 29 Feb 2000 00:00:00 GMT");
    CHECK(format_http_date(-1) == "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST_CASE("Times beyond four digits of year are clamped") {
    CHECK(format_http_date(INT64_MAX) == "Fri, 31 Dec 9999 23:59:59 GMT");
    CHECK(format_http_date(INT64_MIN) == "Sat, 01 Jan 0000 00:00:00 GMT");
}

TEST_CASE("All three forms of the example mean the same second") {
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", kNow) == kExample);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", kNow) == kExample);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", kNow) == kExample);
    CHECK(parse_http_date("Wed Nov 16 08:49:37 1994", kNow) == kExample + 10 * 86'400);
}

TEST_CASE("What was written is read back") {
    for (std::int64_t time = -86'400; time < 4'102'444'800; time += 12'345'679) {
        REQUIRE(parse_http_date(format_http_date(time), kNow) == time);
    }
}

TEST_CASE("A year of two digits is at most 50 years ahead") {
    CHECK(parse_http_date("Thursday, 01-Jan-76 00:00:00 GMT", kNow) == 3'345'062'400);  // 2076
    CHECK(parse_http_date("Saturday, 01-Jan-77 00:00:00 GMT", kNow) == 220'924'800);    // 1977
    CHECK(parse_http_date("Thursday, 01-Jan-26 00:00:00 GMT", kNow) == kNow);
    // From 1999, the year 00 is the next one.
    CHECK(parse_http_date("Saturday, 01-Jan-00 00:00:00 GMT", 930'000'000) == 946'684'800);
}

TEST_CASE("A leap second is the first second of the next minute") {
    CHECK(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", kNow) == 1'483'228'800);
}

TEST_CASE("What is no date of HTTP is refused") {
    for (const char* text : {"",
                             "now",
                             "784111777",
                             "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 nov 1994 08:49:37 GMT",
                             "Sun, 31 Feb 1994 08:49:37 GMT",
                             "Sun, 00 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 06 Nov 1994 08:49:3a GMT",
                             "Sun, 06 Nov 1994 08-49-37 GMT",
                             "Xxx, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 06-Nov-94 08:49:37 GMT",
                             "Sunday, 06 Nov 1994 08:49:37 GMT",
                             "Sun Nov 06 08:49:37 94",
                             "Sun Nov 6 08:49:37 1994",
                             "Sun, -6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 GMT, ",
                             "Sun,  6 Nov 1994 08:49:37 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_http_date(text, kNow).has_value());
    }
}
