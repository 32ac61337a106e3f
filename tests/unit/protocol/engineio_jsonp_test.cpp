// The strings are what engine.io 3.6 answers and reads, and what engine.io-client 3.5 posts, except
// where we are stricter.
#include "protocol/engineio_jsonp.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;
using namespace std::string_literals;

TEST_CASE("a JSONP index is 1 to 16 digits") {
    CHECK(is_jsonp_index("0"));
    CHECK(is_jsonp_index("1234567890123456"));
    for (const char* index : {"", "12345678901234567", "-1", "1]", " 1", "1.5", "a", "\xd9\xa4"}) {
        CAPTURE(index);
        CHECK_FALSE(is_jsonp_index(index));
    }
}

TEST_CASE("a JSONP answer calls the function with the payload as a string") {
    CHECK(jsonp_answer("7", "1:6") == R"(___eio[7]("1:6");)");
    CHECK(jsonp_answer("0", "") == R"(___eio[0]("");)");
    CHECK(jsonp_answer("12", R"(12:42["m","\"q\""])") ==
          R"(___eio[12]("12:42[\"m\",\"\\\"q\\\"\"]");)");
    CHECK(jsonp_answer("7", "é😀") == "___eio[7](\"é😀\");");
}

TEST_CASE("a JSONP answer escapes what a script may not hold") {
    CHECK(jsonp_answer("7", "x\u2028y\u2029z") == R"(___eio[7]("x\u2028y\u2029z");)");
    CHECK(jsonp_answer("7", "\u2027\u202a\u2068") == "___eio[7](\"\u2027\u202a\u2068\");");
    CHECK(jsonp_answer("7", "\xe2\x80") == "___eio[7](\"\xe2\x80\");");
    CHECK(jsonp_answer("7", "\0\1\x1e\x1f\x7f\b\f\n\r\t"s) ==
          "___eio[7](\"\\u0000\\u0001\\u001e\\u001f\x7f\\b\\f\\n\\r\\t\");");
}

TEST_CASE("a JSONP answer cannot end the script element around it") {
    CHECK(jsonp_answer("7", "</script></SCRIPT></") == R"(___eio[7]("<\/script><\/SCRIPT><\/");)");
    CHECK(jsonp_answer("7", "/a/b< /c") == R"(___eio[7]("/a/b< /c");)");
}

TEST_CASE("a JSONP form carries the payload in the field d") {
    CHECK(jsonp_payload("d=1%3A6") == "1:6");
    CHECK(jsonp_payload("d=1:6") == "1:6");
    CHECK(jsonp_payload("e=1&d=2%3A4a") == "2:4a");
    CHECK(jsonp_payload("d=2%3A4a&e=%zz") == "2:4a");
    CHECK(jsonp_payload("d=") == "");
    CHECK(jsonp_payload("d=3%3A4%E2%82%AC") == "3:4€");
    CHECK(jsonp_payload("d=4%E2%82%AC+%F0%9F%98%80%E2%80%A8") == "4€ 😀\u2028");
}

TEST_CASE("plus is a space in a JSONP form") {
    CHECK(jsonp_payload("d=a+b%2Bc%26d%3De%25") == "a b+c&d=e%");
}

TEST_CASE("line breaks in a JSONP form are what the client meant") {
    const std::vector<std::pair<std::string, std::string>> posted = {
        {"d=x%5Cny", "x\ny"},
        {"d=%7B%22a%22%3A%22x%5C%5Cny%22%7D", R"({"a":"x\ny"})"},
        {"d=%5C%5C%5Cn", R"(\\n)"},
        {"d=%5C%5C%5C%5Cn", R"(\\\n)"},
        {"d=%5C%5Cn%5Cn", "\\n\n"},
        {"d=%5Cn%5C%5Cn", "\n\\n"},
        {"d=%5Ct%5C%5Cn", R"(\t\n)"},
        {"d=tail%5C", "tail\\"},
        {"d=%5C", "\\"},
        {"d=%5C%5C", R"(\\)"},
        {"d=%5C%5Cx", R"(\\x)"},
        {"d=%5Cx%5Cn%5C%5Cn", "\\x\n\\n"},
        {"d=n", "n"},
        {"d=nn%5Cnn", "nn\nn"},
    };
    for (const auto& [form, payload] : posted) {
        CAPTURE(form);
        CHECK(jsonp_payload(form) == payload);
    }
}

TEST_CASE("a form without a readable field d is refused") {
    for (const char* form :
         {"", "x=1", "dd=1%3A6", "d=1&d=2", "d=%u20AC", "d=%", "d=%4", "d=%zz", "1:6"}) {
        CAPTURE(form);
        CHECK_FALSE(jsonp_payload(form));
    }
}
