// Payloads that end a session: whatever their lengths claim, parsing ends and yields nothing.
#include "protocol/engineio_payload.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;
using namespace std::string_literals;
using enum PayloadFraming;

namespace {

bool is_malformed(std::string_view body, PayloadFraming framing) {
    PayloadParser parser;
    return !parser.parse(body, framing, 100) && parser.packets().empty();
}

}  // namespace

TEST_CASE("an empty body and an empty packet are malformed") {
    for (const auto framing : {Text4, Text3, Binary3})
        CHECK(is_malformed("", framing));
    for (const char* body : {"\x1e", "4a\x1e",
                             "\x1e"
                             "4a",
                             "4a\x1e\x1e"
                             "4b"})
        CHECK(is_malformed(body, Text4));
    for (const char* body : {"0:", "2:4a0:", "0:2:4a"})
        CHECK(is_malformed(body, Text3));
    CHECK(is_malformed("\0\0\377"s, Binary3));
    CHECK(is_malformed("\1\0\377"s, Binary3));
    CHECK(is_malformed("\0\377"s, Binary3));
}

TEST_CASE("a malformed length in version 3 text is refused") {
    for (const char* body : {"4a",
                             "2",
                             "2:",
                             ":4a",
                             "2:4",
                             "3:4a",
                             "2:4a2",
                             "2:4a2:",
                             "2:4a3:4b",
                             "2:4ab",
                             "-1:4",
                             "-2:4a",
                             "+2:4a",
                             " 2:4a",
                             "2 :4a",
                             "2: 4a",
                             "1e0:6",
                             "0x2:4a",
                             "2.0:4a",
                             "2;4a",
                             "99999999999999999999:4",
                             "18446744073709551616:4",
                             "18446744073709551615:4a",
                             "4294967298:4a",
                             "\xd9\xa2:4a"}) {
        CAPTURE(body);
        CHECK(is_malformed(body, Text3));
    }
}

TEST_CASE("a malformed length in a version 3 binary payload is refused") {
    const std::string all_nines(400, '\x09');
    const std::vector<std::string> bodies = {
        "\0"s,           "\0\2"s,        "\0\2\377"s,
        "\0\2\3774"s,    "\1\2\377\4"s,  "\0\2\3774a\0"s,
        "\0\2\3774a4"s,  "\2\2\3774a"s,  "\2\2\377\4a"s,
        "0\2\3774a"s,    "\0\62\3774a"s, "\0\12\3774123456789"s,
        "\0\376\3774a"s, "\0\2:4a"s,     "\0"s + all_nines + "\3774a",
        "\1" + all_nines};
    for (const std::string& body : bodies) {
        CAPTURE(body);
        CHECK(is_malformed(body, Binary3));
    }
}

TEST_CASE("a packet that is none is refused in every framing") {
    for (const char* packet : {"7", "a", " 4", "\x04", "/", "B"}) {
        CAPTURE(packet);
        const std::string one(packet);
        const std::string size = std::to_string(one.size());
        CHECK(is_malformed(one, Text4));
        CHECK(is_malformed("4a\x1e" + one, Text4));
        CHECK(is_malformed(size + ":" + one, Text3));
        CHECK(is_malformed("2:4a" + size + ":" + one, Text3));
        CHECK(is_malformed("\0\1\377"s + one.front(), Binary3));
    }
}

TEST_CASE("a binary message of version 3 has type 4 and no other") {
    for (const char* body : {"6:b5AQID", "6:b0AQID", "2:b3", "1:b", "5:bAQID",
                             "4:b\x04"
                             "AA"}) {
        CAPTURE(body);
        CHECK(is_malformed(body, Text3));
    }
    CHECK(is_malformed("\1\2\377\3\1"s, Binary3));
    CHECK(is_malformed("\1\2\3774\1"s, Binary3));  // the digit instead of its value
    CHECK(is_malformed("\0\2\377\4a"s, Binary3));  // and the reverse
    CHECK(is_malformed("\0\6\377b4AQID"s, Binary3));
}

TEST_CASE("invalid base64 is malformed") {
    for (const char* base64 : {"A", "AQ=", "A-_A", "AQID=", "AQI=AA", "AQ ", "é"}) {
        CAPTURE(base64);
        const std::string b = "b"s + base64;
        const std::string b4 = "b4"s + base64;
        CHECK(is_malformed(b, Text4));
        CHECK(is_malformed(std::to_string(utf16_length(b4)) + ":" + b4, Text3));
    }
    CHECK(is_malformed("b4", Text4));
}

TEST_CASE("text of version 3 that is not UTF-8 is malformed") {
    CHECK(is_malformed("2:4\x80", Text3));
    CHECK(is_malformed("2:4\xe2\x82", Text3));
    CHECK(is_malformed("2:4\xed\xa0\x80", Text3));
    CHECK(is_malformed("\0\2\3774\x80"s, Binary3));
    CHECK(is_malformed("\0\3\3774\xe2\x82\0\2\3774\xac"s, Binary3));
    CHECK_FALSE(is_malformed("4\x80", Text4));  // the receiver checks it
}

TEST_CASE("more packets than allowed are malformed, so many are not") {
    PayloadParser parser;
    const std::string three_text4 =
        "4\x1e"
        "bAQ==\x1e"
        "6";
    const std::string three_text3 = "1:46:b4AQ==1:6";
    const std::string three_binary3 = "\0\1\3774\1\2\377\4\1\0\1\3776"s;
    for (const auto& [body, framing] :
         {std::pair{three_text4, Text4}, {three_text3, Text3}, {three_binary3, Binary3}}) {
        CAPTURE(body);
        CHECK(parser.parse(body, framing, 3));
        CHECK(parser.packets().size() == 3);
        for (const std::size_t most : {2U, 1U, 0U}) {
            CHECK_FALSE(parser.parse(body, framing, most));
            CHECK(parser.packets().empty());
        }
    }
}
