#include "protocol/socketio_attachments.hpp"

#include <array>
#include <string>

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

using Order = std::vector<std::size_t>;

NumberedArgument numbered(std::string_view json, std::size_t attachments = 10) {
    INFO(json);
    auto result = number_placeholders(json, attachments, 10);
    REQUIRE(result);
    return *result;
}

std::string ascii(std::string_view json) {
    std::string out;
    append_ascii_json(out, json);
    return out;
}

}  // namespace

TEST_CASE("Placeholders: they are numbered in the order in which they stand") {
    const NumberedArgument one = numbered(R"({"_placeholder":true,"num":0})");
    CHECK(one.json == R"({"_placeholder":true,"num":0})");
    CHECK(one.order == Order{0});
    const NumberedArgument swapped =
        numbered(R"([{"_placeholder":true,"num":1},{"a":{"_placeholder":true,"num":0}}])", 2);
    CHECK(swapped.json == R"([{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}}])");
    CHECK(swapped.order == Order{1, 0});
    const NumberedArgument twice =
        numbered(R"([{"_placeholder":true,"num":3},{"_placeholder":true,"num":3}])", 4);
    CHECK(twice.json == R"([{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
    CHECK(twice.order == Order{3, 3});
}

TEST_CASE("Placeholders: everything else stays as it came") {
    for (const char* json : {"",
                             "null",
                             "1e400",
                             R"("\ud800")",
                             R"( [ 1 , {"b":1,"a":2,"b":3} ] )",
                             "{}",
                             "[]",
                             R"("{\"_placeholder\":true,\"num\":0}")",
                             R"({"_placeholder":1,"num":0})",
                             R"({"_placeholder":"true","num":0})",
                             R"({"_placeholder":false,"num":0})",
                             R"({"_placeholder":null})",
                             R"({"_placeholder":{"a":true},"num":0})",
                             R"({"_placeholder":[true],"num":0})",
                             R"({"a":["_placeholder",true,"num",0]})",
                             R"({"a":"_placeholder","b":true})",
                             R"({"_placeholder ":true})",
                             R"({"num":0})",
                             R"({"__proto__":{"a":1}})",
                             R"({"_placeholder":true,"_placeholder":0,"num":0})",
                             R"({"_placeholder":true,"_placeholder":{},"num":0})"}) {
        const NumberedArgument same = numbered(json);
        CHECK(same.json == json);
        CHECK(same.order.empty());
    }
    CHECK(numbered(R"( { "z" : 1.0 , "b" : { "num" : 2 , "_placeholder" : true } , "a" : [ ] } )")
              .json == R"( { "z" : 1.0 , "b" : {"_placeholder":true,"num":0} , "a" : [ ] } )");
}

TEST_CASE("Placeholders: they are known however they are spelled") {
    for (const char* json :
         {R"({"num":1,"_placeholder":true})", R"({ "_placeholder" : true , "num" : 1 })",
          R"({"_placeholder":true,"num":1,"more":[{"a":"}"}]})",
          R"({"\u005fplaceholder":true,"n\u0075m":1})", R"({"_placeholder":true,"num":1.0})",
          R"({"_placeholder":true,"num":10e-1})", R"({"_placeholder":true,"num":0.1E1})",
          R"({"num":7,"_placeholder":false,"_placeholder":true,"num":1})"}) {
        const NumberedArgument found = numbered(json, 2);
        CHECK(found.json == R"({"_placeholder":true,"num":0})");
        CHECK(found.order == Order{1});
    }
    CHECK(numbered(R"({"_placeholder":true,"num":-0})").order == Order{0});
}

TEST_CASE("Placeholders: of those inside of each other the outermost counts") {
    const NumberedArgument found =
        numbered(R"([{"_placeholder":true,"num":4,"x":[{"_placeholder":true,"num":99}]},)"
                 R"({"_placeholder":true,"num":5}])");
    CHECK(found.json == R"([{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
    CHECK(found.order == Order{4, 5});
    const NumberedArgument inner =
        numbered(R"({"_placeholder":false,"x":{"_placeholder":true,"num":2}})");
    CHECK(inner.json == R"({"_placeholder":false,"x":{"_placeholder":true,"num":0}})");
}

TEST_CASE("Placeholders: a number that names no attachment is refused") {
    for (const char* json :
         {R"({"_placeholder":true})", R"({"_placeholder":true,"num":2})",
          R"({"_placeholder":true,"num":-1})", R"({"_placeholder":true,"num":0.5})",
          R"({"_placeholder":true,"num":"0"})", R"({"_placeholder":true,"num":null})",
          R"({"_placeholder":true,"num":[0]})", R"({"_placeholder":true,"num":{}})",
          R"({"_placeholder":true,"num":1e400})", R"({"_placeholder":true,"num":1e19})",
          R"({"_placeholder":true,"num":0,"num":9})",
          R"({"_placeholder":true,"num":0,"num":[0]})"}) {
        INFO(json);
        CHECK_FALSE(number_placeholders(json, 2, 10));
    }
    CHECK_FALSE(number_placeholders(R"({"_placeholder":true,"num":0})", 0, 10));
}

TEST_CASE("Placeholders: there is a limit to how many stand in one argument") {
    const auto list = [](std::size_t count) {
        std::string json = "[0";
        for (std::size_t i = 0; i < count; ++i)
            json += R"(,{"_placeholder":true,"num":0})";
        return json + "]";
    };
    CHECK(number_placeholders(list(10), 1, 10));
    CHECK_FALSE(number_placeholders(list(11), 1, 10));
    const auto most = number_placeholders(list(12), 1, 12);
    REQUIRE(most);
    CHECK(most->json.find(R"({"_placeholder":true,"num":11})") != std::string::npos);
}

TEST_CASE("Placeholders: what is no JSON does no harm") {
    for (const char* text : {"]", "}", "[", "{", "x", "\"", "{1:2}", "{true}", "[}]]", ",", ":"})
        number_placeholders(text, 1, 1);
    CHECK_FALSE(number_placeholders("]", 1, 1));
    CHECK_FALSE(number_placeholders("[", 1, 1));
    CHECK_FALSE(number_placeholders("x", 1, 1));
}

TEST_CASE("Placeholders: for native clients the attachments stand inside") {
    const std::array<std::string_view, 11> bytes = {"f", "foob", "", "", "",  "",
                                                    "",  "",     "", "", "fo"};
    CHECK(inline_attachments(R"(["m",{"_placeholder":true,"num":0},)"
                             R"({"a":{"_placeholder":true,"num":1}},1])",
                             bytes) == R"(["m",{"_placeholder":true,"base64":"Zg=="},)"
                                       R"({"a":{"_placeholder":true,"base64":"Zm9vYg=="}},1])");
    CHECK(inline_attachments(R"({"_placeholder":true,"num":10})", bytes) ==
          R"({"_placeholder":true,"base64":"Zm8="})");
    CHECK(inline_attachments(R"({"_placeholder":true,"num":2})", bytes) ==
          R"({"_placeholder":true,"base64":""})");
    for (const char* same :
         {"", "null", R"("{\"_placeholder\":true,\"num\":0}")",
          R"({"_placeholder":true,"num":0,"_placeholder":false})",
          R"({"_placeholder":true,"num":11})", R"({"_placeholder":true,"num":0)",
          R"({"_placeholder":true,"num":)", R"({"_placeholder":true,"num":0 })"}) {
        INFO(same);
        CHECK(inline_attachments(same, bytes) == same);
    }
}

TEST_CASE("ASCII JSON: what is beyond is escaped in UTF-16") {
    CHECK(ascii(R"(["a","\u00e9\n"])") == R"(["a","\u00e9\n"])");
    CHECK(ascii("\"\xC2\x80\xC3\xA9\xDF\xBF\"") == R"("\u0080\u00e9\u07ff")");
    CHECK(ascii("\"\xE0\xA0\x80\xE2\x82\xAC\xEF\xBF\xBF\"") == R"("\u0800\u20ac\uffff")");
    CHECK(ascii("\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF") ==
          R"(\ud800\udc00\ud83d\ude00\udbff\udfff)");
    CHECK(ascii("\x7F").size() == 1);
    CHECK(ascii("").empty());
}
