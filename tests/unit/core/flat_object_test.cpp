#include "core/flat_object.hpp"

#include "support/catch.hpp"

using videochat::core::flat_object;
using videochat::core::string_value;
using Members = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("Flat object: members come in their order, decoded") {
    CHECK(flat_object("{}", 0) == Members{});
    CHECK(flat_object(" { } ", 1) == Members{});
    CHECK(flat_object(R"({"to":"x"})", 1) == Members{{"to", "x"}});
    CHECK(flat_object("{\n\t\"b\" :\r \"2\" , \"a\":\"1\" }\n", 2) ==
          Members{{"b", "2"}, {"a", "1"}});
    CHECK(flat_object(R"({"\u0074\u006f":"\"\\\/\n\u00e4\ud83d\ude00"})", 1) ==
          Members{{"to", "\"\\/\n\xC3\xA4\xF0\x9F\x98\x80"}});
    CHECK(flat_object(R"({"":""})", 1) == Members{{"", ""}});
}

TEST_CASE("Flat object: other values, other types, and keys that stand twice are none") {
    for (const auto* text :
         {"null", "1", "\"to\"", "[]", R"(["to","x"])", R"([{"to":"x"}])", R"({"to":1})",
          R"({"to":null})", R"({"to":["x"]})", R"({"to":{"to":"x"}})", R"({"a":"x","b":true})",
          R"({"to":"x","to":"x"})", R"({"to":"x","to":"y"})", R"({"to":"x","t\u006f":"y"})"}) {
        INFO(text);
        CHECK_FALSE(flat_object(text, 2).has_value());
    }
}

TEST_CASE("Flat object: more members than are wanted are none") {
    CHECK_FALSE(flat_object(R"({"a":"1"})", 0).has_value());
    CHECK_FALSE(flat_object(R"({"a":"1","b":"2"})", 1).has_value());
    CHECK(flat_object(R"({"a":"1","b":"2"})", 2).has_value());
}

TEST_CASE("String value: a string is decoded, everything else is none") {
    CHECK(string_value(R"("")") == "");
    CHECK(string_value(R"( "x\u0079\\" )") == "xy\\");
    CHECK(string_value(R"("\ud800")") == "\xED\xA0\x80");
    for (const auto* text : {"null", "1", "{}", "[]", R"(["x"])", R"({"x":"y"})"}) {
        INFO(text);
        CHECK_FALSE(string_value(text).has_value());
    }
}
