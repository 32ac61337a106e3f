#include "protocol/engineio_packet.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;
using namespace std::chrono_literals;
using Type = EngineIoPacketType;

TEST_CASE("an Engine.IO text packet is a digit and its data") {
    const auto packet = parse_engineio_packet("42[\"chat\"]");
    REQUIRE(packet);
    CHECK(packet->type == Type::Message);
    CHECK_FALSE(packet->is_binary);
    CHECK(packet->data == "2[\"chat\"]");
}

TEST_CASE("the digits 0 to 6 are Engine.IO packets, alone too") {
    const Type types[] = {Type::Open,    Type::Close,   Type::Ping, Type::Pong,
                          Type::Message, Type::Upgrade, Type::Noop};
    char digit = '0';
    for (const Type type : types) {
        const std::string_view text(&digit, 1);
        CAPTURE(text);
        const auto packet = parse_engineio_packet(text);
        REQUIRE(packet);
        CHECK(packet->type == type);
        CHECK(packet->data.empty());
        ++digit;
    }
}

TEST_CASE("what begins with no digit of a packet is no Engine.IO packet") {
    for (const char* text : {"", "7", "9x", "a", "b4AQID", " 4", "/", "\x04", "-1", "\xd9\xa4"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_engineio_packet(text));
    }
}

TEST_CASE("the open packet tells what the session is, in five keys") {
    EngineIoHandshake handshake;
    handshake.sid = "lv_VI97HAXpY6yYWAAAC";
    handshake.can_upgrade = true;
    handshake.ping_interval = 25s;
    handshake.ping_timeout = 20s;
    handshake.max_payload = 1000000;
    CHECK(open_packet(handshake) ==
          R"(0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":25000,)"
          R"("pingTimeout":20000,"maxPayload":1000000})");
}

TEST_CASE("the open packet over WebSocket offers no upgrade") {
    EngineIoHandshake handshake;
    handshake.sid = "a";
    handshake.ping_interval = 300ms;
    handshake.ping_timeout = 200ms;
    handshake.max_payload = 1;
    CHECK(open_packet(handshake) ==
          R"(0{"sid":"a","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1})");
}
