#include "protocol/utf8.hpp"

#include <string>

#include "support/catch.hpp"

using videochat::protocol::is_valid_utf8;

TEST_CASE("UTF-8: the edges of each length are valid") {
    for (const char* text :
         {"", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        CHECK(is_valid_utf8(text));
        CHECK(is_valid_utf8("12345678" + std::string(text) + "12345678"));
    }
    CHECK(is_valid_utf8(std::string("\0", 1)));
}

TEST_CASE("UTF-8: overlong forms, surrogates, values past the end and cut sequences are not") {
    for (const char* text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC2",
          "\xE0\xA0", "\xF0\x90\x80", "\xE2\x28\xA1", "\xE2\x82\x28"}) {
        CHECK_FALSE(is_valid_utf8(text));
        CHECK_FALSE(is_valid_utf8("1234567" + std::string(text) + "x"));
    }
}
