#include "protocol/event_text.hpp"

#include <string>

#include "support/catch.hpp"

using videochat::protocol::EventText;
using videochat::protocol::EventTextError;
using videochat::protocol::EventTextLimits;
using videochat::protocol::is_json;

namespace {

EventTextError error_of(const std::string& text) { return EventText().parse(text, {}); }

struct Parsed {
    explicit Parsed(std::string source) : text(std::move(source)) {
        REQUIRE(event.parse(text, {}) == EventTextError::None);
    }
    std::string text;
    EventText event;
};

}  // namespace

TEST_CASE("Event text: the name is decoded, the first argument stays as it came") {
    const Parsed plain(R"( [ "message" , {"b":1.0e5, "a":"\u00e9", "b":2} , 3 ] )");
    CHECK(plain.event.name() == "message");
    CHECK(plain.event.first() == R"({"b":1.0e5, "a":"\u00e9", "b":2})");
    const Parsed escaped(R"(["m\u0061in\u0020check"])");
    CHECK(escaped.event.name() == "main check");
    CHECK(escaped.event.first().empty());
    const Parsed unicode("[\"\xC3\xA9\",\"\xF0\x9F\x98\x80\"]");
    CHECK(unicode.event.first() == "\"\xF0\x9F\x98\x80\"");
}

TEST_CASE("Event text: numbers, escapes and lone surrogates pass as source") {
    for (const char* argument :
         {"1e400", "-0", "123456789012345678901234567890", R"("\ud800")", R"({"__proto__":1})",
          R"("\/\b\f\n\r\t\"\\")", "[[],{},[{}]]", "true", "null", "0.1E-7"}) {
        const Parsed parsed("[\"x\"," + std::string(argument) + "]");
        CHECK(parsed.event.first() == argument);
    }
}

TEST_CASE("Event text: JSON of another shape is told from what is no JSON") {
    for (const char* text : {"{}", "[]", "null", "1", "\"message\"", "[1]", "[null,\"x\"]",
                             "[\"\"]", "[[\"message\"]]", " [ ] "}) {
        CAPTURE(text);
        CHECK(error_of(text) == EventTextError::NotAnEvent);
    }
    for (const char* text : {"",
                             " ",
                             "[",
                             "]",
                             "[\"a\"",
                             "[\"a\",]",
                             "[\"a\" 1]",
                             "[\"a\",1]]",
                             "[\"a\"]x",
                             "['a']",
                             "[\"a\",01]",
                             "[\"a\",1.]",
                             "[\"a\",.5]",
                             "[\"a\",+1]",
                             "[\"a\",-]",
                             "[\"a\",1e]",
                             "[\"a\",tru]",
                             "[\"a\",NaN]",
                             "[\"a\",{\"b\"}]",
                             "[\"a\",{\"b\":}]",
                             "[\"a\",{b:1}]",
                             "[\"a\",{\"b\":1,}]",
                             "[\"a\",[1,]]",
                             "[\"a\",[1}]",
                             "[\"a\",{\"b\":1]]",
                             "[\"a\",\"\\x\"]",
                             "[\"a\",\"\\u12G4\"]",
                             "[\"a\",\"\\u12\"]",
                             "[\"a\",\"\t\"]",
                             "[\"a\",\"b]",
                             "\xEF\xBB\xBF[\"a\"]",
                             "[\"a\",\v1]",
                             "[,\"a\"]",
                             "[1,",
                             "{\"a\":1",
                             "undefined"}) {
        CAPTURE(text);
        CHECK(error_of(text) == EventTextError::InvalidJson);
    }
    CHECK(error_of(std::string("[\"a\",\0]", 7)) == EventTextError::InvalidJson);
}

TEST_CASE("Event text: invalid UTF-8 is refused wherever it stands") {
    for (const char* bytes : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                              "\x80", "\xC3", "\xFF", "\xF0\x9F\x98"}) {
        for (const std::string padding : {"", "0123456789abcdef0123456789abcdef"}) {
            CHECK(error_of("[\"x\",\"" + padding + bytes + "\"]") == EventTextError::InvalidJson);
            CHECK(error_of("[\"" + padding + bytes + "\"]") == EventTextError::InvalidJson);
        }
    }
}

TEST_CASE(
    "Event text: a quote, backslash or control byte is found at every place of a long string") {
    for (std::size_t at = 0; at < 70; ++at) {
        std::string body(70, 'x');
        body[at] = '\x1F';
        CHECK(error_of("[\"m\",\"" + body + "\"]") == EventTextError::InvalidJson);
        body[at] = '"';
        CHECK(error_of("[\"m\",\"" + body + "\"]") == EventTextError::InvalidJson);
        body.replace(at, 1, "\\n");
        CHECK(error_of("[\"m\",\"" + body + "\"]") == EventTextError::None);
    }
}

TEST_CASE("Event text: depth is limited, however the nesting looks") {
    const auto nested = [](std::size_t depth) {
        return "[\"x\"," + std::string(depth, '[') + std::string(depth, ']') + "]";
    };
    CHECK(error_of(nested(63)) == EventTextError::None);
    CHECK(error_of(nested(64)) == EventTextError::TooDeep);
    CHECK(error_of("[\"x\"," + std::string(100'000, '[')) == EventTextError::TooDeep);
    CHECK(error_of(std::string(100'000, '[')) == EventTextError::TooDeep);
    std::string objects;
    for (int i = 0; i < 64; ++i)
        objects += "{\"a\":";
    CHECK(error_of("[\"x\"," + objects) == EventTextError::TooDeep);
    EventText shallow;
    CHECK(shallow.parse("[\"x\",[]]", {.depth = 1, .name = 64}) == EventTextError::TooDeep);
    CHECK(shallow.parse("[\"x\",1]", {.depth = 1, .name = 64}) == EventTextError::None);
}

TEST_CASE("Event text: the name's length counts decoded bytes") {
    const std::string longest(64, 'n');
    CHECK(error_of("[\"" + longest + "\"]") == EventTextError::None);
    CHECK(error_of("[\"" + longest + "n\"]") == EventTextError::NameTooLong);
    std::string escaped;
    for (int i = 0; i < 64; ++i)
        escaped += "\\u006e";
    CHECK(error_of("[\"" + escaped + "\"]") == EventTextError::None);
    CHECK(error_of("[\"" + escaped + "n\"]") == EventTextError::NameTooLong);
    CHECK(error_of("[\"" + std::string(100'000, 'n') + "\"]") == EventTextError::NameTooLong);
}

TEST_CASE("Event text: mixed containers keep their kinds") {
    CHECK(is_json(R"([{"a":[{"b":[]},{}]},[[{"c":{}}]]])", 64));
    CHECK_FALSE(is_json(R"([{"a":[{"b":[}]},{}])", 64));
    CHECK_FALSE(is_json(R"({"a":[1,2})", 64));
    CHECK(is_json(" [ 1 , { \"a\" : [ ] } , \"\" ] \r\n\t", 64));
}

TEST_CASE("Event text: Socket.IO events may be called by a number, or by nothing") {
    const EventTextLimits socket_io = {.depth = 3, .name = 8, .socket_io = true};
    const auto error = [&](const std::string& text) { return EventText().parse(text, socket_io); };
    for (const std::string name : {"1", "0", "-1", "1.5e3", "-0.1E-7"}) {
        const std::string text = "[ " + name + " , [2] , 3]";
        EventText event;
        REQUIRE(event.parse(text, socket_io) == EventTextError::None);
        CHECK(event.name() == name);
        CHECK(event.first() == "[2]");
        CHECK(error_of(text) == EventTextError::NotAnEvent);
    }
    const std::string text = R"(["",1])";
    EventText nameless;
    REQUIRE(nameless.parse(text, socket_io) == EventTextError::None);
    CHECK(nameless.name().empty());
    CHECK(nameless.first() == "1");
    CHECK(error(R"(["messag\u0065",1])") == EventTextError::None);
    CHECK(error("[123456789]") == EventTextError::NameTooLong);
    CHECK(error("[1,[[[]]]]") == EventTextError::TooDeep);
    for (const char* other : {"[]", "{}", "1", "[null]", "[true]", "[[1]]", "[{}]", "\"\""}) {
        INFO(other);
        CHECK(error(other) == EventTextError::NotAnEvent);
    }
    for (const char* broken :
         {"[01]", "[1", "[1,]", "[-]", "[+1]", "[.5]", "[1e]", "[1]x", "[1 2]"}) {
        INFO(broken);
        CHECK(error(broken) == EventTextError::InvalidJson);
    }
}
