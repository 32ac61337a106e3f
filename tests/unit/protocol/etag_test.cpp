// protocol/etag: the comparison table of RFC 9110 section 8.8.3.2 and lists of tags.
#include "protocol/etag.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

TEST_CASE("If-None-Match compares weakly") {
    CHECK(matches_if_none_match(R"("1")", R"("1")"));
    CHECK(matches_if_none_match(R"(W/"1")", R"("1")"));
    CHECK(matches_if_none_match(R"("1")", R"(W/"1")"));
    CHECK(matches_if_none_match(R"(W/"1")", R"(W/"1")"));
    CHECK_FALSE(matches_if_none_match(R"(W/"1")", R"(W/"2")"));
    CHECK_FALSE(matches_if_none_match(R"("1")", R"("2")"));
}

TEST_CASE("If-None-Match takes lists and the asterisk") {
    CHECK(matches_if_none_match("*", R"("1")"));
    CHECK(matches_if_none_match(R"("a", "b" ,W/"c","1")", R"("1")"));
    CHECK(matches_if_none_match(R"(,, "1",)", R"("1")"));
    CHECK(matches_if_none_match(R"("a,b", "1")", R"("a,b")"));
    CHECK_FALSE(matches_if_none_match(R"("a", "b")", R"("1")"));
}

TEST_CASE("What is no list of tags matches nothing") {
    for (const char* field :
         {"", ",", "1", "\"1", "1\"", "w/\"1\"", "\"a\", *", "W/", "**", "\"\"", "'1'"}) {
        CAPTURE(field);
        CHECK_FALSE(matches_if_none_match(field, R"("1")"));
    }
    CHECK_FALSE(matches_if_none_match("\"12\"", R"("1")"));
}

TEST_CASE("If-Range needs the same strong tag") {
    CHECK(matches_if_range(R"("1")", R"("1")"));
    CHECK_FALSE(matches_if_range(R"(W/"1")", R"(W/"1")"));
    CHECK_FALSE(matches_if_range(R"(W/"1")", R"("1")"));
    CHECK_FALSE(matches_if_range(R"("2")", R"("1")"));
    CHECK_FALSE(matches_if_range("*", R"("1")"));
    CHECK_FALSE(matches_if_range("Sun, 06 Nov 1994 08:49:37 GMT", R"("1")"));
    CHECK_FALSE(matches_if_range("", ""));
}
