// The strings of well-formed payloads are what engine.io-parser 1.3.2, 2.1.3, 2.2.1 (version 3) and
// 5.2.3 (version 4) make of the same packets.
#include "protocol/engineio_payload.hpp"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;
using namespace std::string_literals;
using enum PayloadFraming;
using Type = EngineIoPacketType;

namespace {

constexpr std::size_t kMany = 100;

struct Parsed {
    Type type;
    bool is_binary;
    std::string data;
    bool operator==(const Parsed&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Parsed& packet) {
    return out << static_cast<char>(packet.type) << (packet.is_binary ? "b:" : ":") << packet.data;
}

Parsed text(std::string data) { return {Type::Message, false, std::move(data)}; }
Parsed bytes(std::string data) { return {Type::Message, true, std::move(data)}; }

// Nothing if malformed.
std::vector<Parsed> parse(const std::string& body, PayloadFraming framing) {
    PayloadParser parser;
    const bool is_well_formed = parser.parse(body, framing, kMany);
    std::vector<Parsed> parsed;
    for (const EngineIoPacket& packet : parser.packets())
        parsed.push_back({packet.type, packet.is_binary, std::string(packet.data)});
    CHECK(is_well_formed == !parsed.empty());
    return parsed;
}

std::string encode(const std::vector<Parsed>& packets, PayloadFraming framing) {
    std::vector<std::string> spelled;
    for (const Parsed& packet : packets) {
        const std::string digit(1, static_cast<char>(packet.type));
        spelled.push_back(packet.is_binary ? packet.data : digit + packet.data);
    }
    std::vector<OutgoingPacket> outgoing;
    for (std::size_t i = 0; i < packets.size(); ++i)
        outgoing.push_back({spelled[i], packets[i].is_binary});
    return encode_payload(outgoing, framing);
}

bool is_malformed(std::string_view body, PayloadFraming framing) {
    PayloadParser parser;
    return !parser.parse(body, framing, kMany) && parser.packets().empty();
}

}  // namespace

TEST_CASE("Engine.IO payloads are those of the original parsers, in both directions") {
    struct Case {
        std::vector<Parsed> packets;
        std::string text4;
        std::string text3;
        std::string binary3;
    };
    const std::vector<Case> cases = {
        {{text("a"), text("bc")},
         "4a\x1e"
         "4bc",
         "2:4a3:4bc",
         "\0\2\3774a\0\3\3774bc"s},
        {{text("€")}, "4€", "2:4€", "\0\4\3774€"s},
        {{text("😀")}, "4😀", "3:4😀", "\0\5\3774😀"s},
        {{text("é"), text("€uro"), text("a😀b")},
         "4é\x1e"
         "4€uro\x1e"
         "4a😀b",
         "2:4é5:4€uro5:4a😀b",
         "\0\3\3774é\0\7\3774€uro\0\7\3774a😀b"s},
        {{{Type::Noop, false, ""}}, "6", "1:6", "\0\1\3776"s},
        {{{Type::Ping, false, ""},
          {Type::Pong, false, ""},
          {Type::Upgrade, false, ""},
          {Type::Close, false, ""},
          {Type::Ping, false, "probe"}},
         "2\x1e"
         "3\x1e"
         "5\x1e"
         "1\x1e"
         "2probe",
         "1:21:31:51:16:2probe",
         "\0\1\3772\0\1\3773\0\1\3775\0\1\3771\0\6\3772probe"s},
        {{bytes("\1\2\3\4")}, "bAQIDBA==", "10:b4AQIDBA==", "\1\5\377\4\1\2\3\4"s},
        {{text("€"), bytes("\0\377\4"s), text("x")},
         "4€\x1e"
         "bAP8E\x1e"
         "4x",
         "2:4€6:b4AP8E2:4x",
         "\0\4\3774€\1\4\377\4\0\377\4\0\2\3774x"s},
        {{bytes(std::string(12, '\xab')), text("twelve chars")},
         "bq6urq6urq6urq6ur\x1e"
         "4twelve chars",
         "18:b4q6urq6urq6urq6ur13:4twelve chars",
         "\1\1\3\377\4"s + std::string(12, '\xab') + "\0\1\3\3774twelve chars"s},
        {{text("2[\"chat\",\"héllo 😀\"]")},
         "42[\"chat\",\"héllo 😀\"]",
         "21:42[\"chat\",\"héllo 😀\"]",
         "\0\2\4\37742[\"chat\",\"héllo 😀\"]"s},
        {{text("")}, "4", "1:4", "\0\1\3774"s},
        {{bytes("")}, "b", "2:b4", "\1\1\377\4"s},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text3);
        CHECK(parse(one.text4, Text4) == one.packets);
        CHECK(parse(one.text3, Text3) == one.packets);
        CHECK(parse(one.binary3, Binary3) == one.packets);
        CHECK(encode(one.packets, Text4) == one.text4);
        CHECK(encode(one.packets, Text3) == one.text3);
        CHECK(encode(one.packets, Binary3) == one.binary3);
    }
}

TEST_CASE("a 4 behind the b of a version 4 packet is base64 and not the spelling of version 3") {
    CHECK(parse("bBAEC", Text4) == std::vector{bytes("\4\1\2")});
    CHECK(parse("b4AAA", Text4) == std::vector{bytes("\xe0\0\0"s)});
    CHECK(encode({bytes("\xe0\0\0"s)}, Text4) == "b4AAA");
    CHECK(parse("6:b4BAEC", Text3) == std::vector{bytes("\4\1\2")});
    CHECK(parse("6:b44AAA", Text3) == std::vector{bytes("\xe0\0\0"s)});
    CHECK(parse("\1\4\377\4\4\1\2"s, Binary3) == std::vector{bytes("\4\1\2")});
}

TEST_CASE("a b inside the text of a message is text") {
    CHECK(parse("4b4AQID", Text4) == std::vector{text("b4AQID")});
    CHECK(parse("7:4b4AQID", Text3) == std::vector{text("b4AQID")});
    CHECK(parse("\0\7\3774b4AQID"s, Binary3) == std::vector{text("b4AQID")});
}

TEST_CASE("base64 without padding is read") {
    CHECK(parse("bAQ", Text4) == std::vector{bytes("\1")});
    CHECK(parse("4:b4AQ", Text3) == std::vector{bytes("\1")});
}

TEST_CASE("the length of a version 3 text packet counts UTF-16 code units") {
    CHECK(parse("4:4a€b2:4c", Text3) == std::vector{text("a€b"), text("c")});
    CHECK(parse("4:4😀b2:4c", Text3) == std::vector{text("😀b"), text("c")});
    CHECK(is_malformed("6:4a€b2:4c", Text3));     // bytes
    CHECK(is_malformed("3:4😀b2:4c", Text3));      // code points
    CHECK(is_malformed("2:4😀", Text3));           // half a surrogate pair
    CHECK(is_malformed("10:4abcdefgh😀", Text3));  // the same behind plain text
    CHECK(parse("11:4abcdefgh😀", Text3) == std::vector{text("abcdefgh😀")});
    CHECK(parse("20:4abcdefghijklmnopqré", Text3) == std::vector{text("abcdefghijklmnopqré")});
}

TEST_CASE("UTF-16 length of UTF-8") {
    CHECK(utf16_length("") == 0);
    CHECK(utf16_length("plain") == 5);
    CHECK(utf16_length("é€") == 2);
    CHECK(utf16_length("😀") == 2);
    CHECK(utf16_length("\xf4\x8f\xbf\xbf\xef\xbf\xbf\xdf\xbf\x7f") == 5);
}

TEST_CASE("a length may have leading zeros") {
    CHECK(parse("02:4a", Text3) == std::vector{text("a")});
    CHECK(parse("\0\0\2\3774a"s, Binary3) == std::vector{text("a")});
}

TEST_CASE("a payload parser forgets the payload before") {
    PayloadParser parser;
    REQUIRE(parser.parse("2:4a6:b4AP8E", Text3, kMany));
    REQUIRE(parser.parse("bAQID", Text4, kMany));
    REQUIRE(parser.packets().size() == 1);
    CHECK(parser.packets()[0].data == "\1\2\3");
    REQUIRE_FALSE(
        parser.parse("4a\x1e"
                     "7",
                     Text4, kMany));
    CHECK(parser.packets().empty());
}

TEST_CASE("many binary messages stay where they are while others are decoded") {
    std::string body;
    for (char c = 'a'; c <= 'z'; ++c)
        body += (body.empty() ? "b"
                              : "\x1e"
                                "b") +
                encode({bytes(std::string(40, c))}, Text4).substr(1);
    PayloadParser parser;
    REQUIRE(parser.parse(body, Text4, kMany));
    REQUIRE(parser.packets().size() == 26);
    for (std::size_t i = 0; i < 26; ++i)
        CHECK(parser.packets()[i].data == std::string(40, static_cast<char>('a' + i)));
}

TEST_CASE("text packets are not copied") {
    const std::string body = "2:4a3:4bc";
    PayloadParser parser;
    REQUIRE(parser.parse(body, Text3, kMany));
    CHECK(parser.packets()[0].data.data() == body.data() + 3);
    CHECK(parser.packets()[1].data.data() == body.data() + 7);
}
