// The expected texts are what Node prints for String(value) and JSON.stringify.
#include "core/js_value.hpp"

#include <utility>
#include <vector>

#include "core/json_text.hpp"
#include "support/catch.hpp"

using videochat::core::js_map_key;
using videochat::core::js_string;
using videochat::core::json_string;

TEST_CASE("JavaScript value: String() of every kind of value") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "undefined"},
        {"null", "null"},
        {"true", "true"},
        {"false", "false"},
        {R"("a\n\u00e9\/")", "a\n\xC3\xA9/"},
        {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
        {"[]", ""},
        {"[ ]", ""},
        {"[1, 2 ,3]", "1,2,3"},
        {"[null]", ""},
        {"[null,null]", ","},
        {R"([[1,[2]],{"a":[1]},"x",true])", "1,2,[object Object],x,true"},
        {"{}", "[object Object]"},
        {R"({"a":"}\"","b":{"c":[{}]}})", "[object Object]"},
    };
    for (const auto& [json, text] : cases) {
        CAPTURE(json);
        CHECK(js_string(json) == text);
    }
}

TEST_CASE("JavaScript value: numbers print as Number.toString does") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"0", "0"},
        {"-0", "0"},
        {"7", "7"},
        {"7.0", "7"},
        {"-1.50", "-1.5"},
        {"0.1", "0.1"},
        {"1e21", "1e+21"},
        {"123456789012345680000", "123456789012345680000"},
        {"1e20", "100000000000000000000"},
        {"1.5e300", "1.5e+300"},
        {"0.000001", "0.000001"},
        {"0.0000001", "1e-7"},
        {"1.25e-9", "1.25e-9"},
        {"9007199254740993", "9007199254740992"},
        {"1e400", "Infinity"},
        {"-1e400", "-Infinity"},
        {"1e-400", "0"},
        {"4.35", "4.35"},
        {"5e-324", "5e-324"},
        {"12345.678", "12345.678"},
    };
    for (const auto& [json, text] : cases) {
        CAPTURE(json);
        CHECK(js_string(json) == text);
    }
}

TEST_CASE("JavaScript value: a Map tells keys apart as SameValueZero does") {
    CHECK(js_map_key("7") == js_map_key("7.0e0"));
    CHECK(js_map_key("0") == js_map_key("-0"));
    CHECK(js_map_key("7") != js_map_key(R"("7")"));
    CHECK(js_map_key("null") != js_map_key(R"("null")"));
    CHECK(js_map_key("") != js_map_key("null"));
    CHECK(js_map_key(R"("a")") == js_map_key(R"("\u0061")"));
    CHECK_FALSE(js_map_key("[1]").has_value());
    CHECK_FALSE(js_map_key("{}").has_value());
}

TEST_CASE("JSON text: what cannot stand in a string is escaped, a lone surrogate too") {
    CHECK(json_string("a\"\\\b\f\n\r\t\x01\x7F") == "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7F\"");
    CHECK(json_string("\xC3\xA9") == "\"\xC3\xA9\"");
    CHECK(json_string(js_string(R"("\ud800x\udfff")")) == R"("\ud800x\udfff")");
    CHECK(json_string(js_string(R"("\ude00\ud83d")")) == R"("\ude00\ud83d")");
    CHECK(json_string(js_string("\"\xED\x9F\xBF\"")) == "\"\xED\x9F\xBF\"");  // U+D7FF is fine
}
