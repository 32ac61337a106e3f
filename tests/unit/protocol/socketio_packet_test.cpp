#include "protocol/socketio_packet.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;
using videochat::core::EncodedEvent;
using videochat::core::Frame;
using Type = SocketIoPacketType;

namespace {

// The views point into `text`.
SocketIoPacket parsed(std::string_view text) {
    INFO(text);
    const auto packet = parse_socketio_packet(text, 10);
    REQUIRE(packet);
    return *packet;
}

void check_refused(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) {
        INFO(text);
        CHECK_FALSE(parse_socketio_packet(text, 10));
    }
}

std::string websocket_text(std::string_view payload) {
    std::string frame = "\x81";
    const std::size_t size = payload.size();
    const auto put = [&frame](std::size_t byte) { frame += static_cast<char>(byte & 0xFFU); };
    if (size < 126) {
        put(size);
    } else if (size <= 0xFFFF) {
        frame += '\x7E';
        put(size >> 8U);
        put(size);
    } else {
        frame += '\x7F';
        for (unsigned shift = 64; shift > 0; shift -= 8)
            put(size >> (shift - 8));
    }
    return frame.append(payload);
}

std::vector<Frame> attachments(std::initializer_list<std::string_view> all) {
    std::vector<Frame> frames;
    for (const std::string_view bytes : all)
        frames.push_back(Frame::copy_of(bytes));
    return frames;
}

}  // namespace

TEST_CASE("Socket.IO packet: an event is its JSON, with or without namespace and ack id") {
    const SocketIoPacket plain = parsed(R"(2["a",1])");
    CHECK(plain.type == Type::Event);
    CHECK(plain.nsp == "/");
    CHECK(plain.ack_id.empty());
    CHECK(plain.data == R"(["a",1])");
    CHECK(plain.attachments == 0);
    const SocketIoPacket root = parsed(R"(2/,["a"])");
    CHECK(root.nsp == "/");
    CHECK(root.data == R"(["a"])");
    const SocketIoPacket full = parsed(R"(2/admin,13["a"])");
    CHECK(full.nsp == "/admin");
    CHECK_FALSE(full.ack_id.empty());
    CHECK(full.data == R"(["a"])");
    const SocketIoPacket acked = parsed(R"(213["x"])");
    CHECK_FALSE(acked.ack_id.empty());
    CHECK(acked.data == R"(["x"])");
    CHECK(parsed("2/__proto__,[\"a\"]").nsp == "/__proto__");
    CHECK(parsed("2//,[\"a\"]").nsp == "//");
    CHECK(parsed(R"(2 [ "a" ] )").data == R"( [ "a" ] )");
}

TEST_CASE("Socket.IO packet: a namespace ends with the packet if no comma comes") {
    CHECK(parsed("2/admin").nsp == "/admin");
    CHECK(parsed("2/admin").data.empty());
    const SocketIoPacket swallowed = parsed(R"(2/admin["a"])");
    CHECK(swallowed.nsp == R"(/admin["a"])");
    CHECK(swallowed.data.empty());
    CHECK(parsed("2/admin,").nsp == "/admin");
    CHECK(parsed("1/foo").nsp == "/foo");
    CHECK(parsed("0/").nsp == "/");
    CHECK(parsed("0/,").nsp == "/");
}

TEST_CASE("Socket.IO packet: attachments are announced, at least one and no more than allowed") {
    const SocketIoPacket one = parsed(R"(51-["a",{"_placeholder":true,"num":0}])");
    CHECK(one.type == Type::BinaryEvent);
    CHECK(one.attachments == 1);
    CHECK(one.data == R"(["a",{"_placeholder":true,"num":0}])");
    const SocketIoPacket full = parsed(R"(52-/admin,13["a"])");
    CHECK(full.attachments == 2);
    CHECK(full.nsp == "/admin");
    CHECK_FALSE(full.ack_id.empty());
    CHECK(full.data == R"(["a"])");
    CHECK_FALSE(parsed(R"(51-13["a"])").ack_id.empty());
    CHECK(parsed(R"(510-["a"])").attachments == 10);
    CHECK(parsed(R"(501-["a"])").attachments == 1);
    const SocketIoPacket ack = parsed(R"(61-13[{"_placeholder":true,"num":0}])");
    CHECK(ack.type == Type::BinaryAck);
    CHECK(ack.attachments == 1);
    CHECK_FALSE(ack.ack_id.empty());
    check_refused({R"(51["a"])", R"(51["a-b"])", R"(5-["a"])", R"(50-["a"])", R"(511-["a"])",
                   R"(5-1-["a"])", R"(51.0-["a"])", R"(5 1-["a"])", R"(51e0-["a"])",
                   R"(50x1-["a"])", R"(5+1-["a"])", R"(599999999999999999999999-["a"])", "5", "5-",
                   "6", "61", R"(61["a"])", "5/,1-[\"a\"]"});
    CHECK_FALSE(parse_socketio_packet(R"(52-["a"])", 1));
    CHECK(parse_socketio_packet(R"(511-["a"])", 11));
}

TEST_CASE("Socket.IO packet: joining may carry an object, and a query behind the namespace") {
    CHECK(parsed("0").type == Type::Connect);
    CHECK(parsed("0").data.empty());
    CHECK(parsed(R"(0{"a":1})").data == R"({"a":1})");
    const SocketIoPacket query = parsed("0/foo?a=b&c=/,{}");
    CHECK(query.nsp == "/foo");
    CHECK(query.nsp_query == "?a=b&c=/");
    CHECK(query.data == "{}");
    CHECK(parsed("0/?a=b").nsp == "/");
    const SocketIoPacket event = parsed(R"(2/foo?a=b,["x"])");
    CHECK(event.nsp == "/foo?a=b");
    CHECK(event.nsp_query.empty());
    check_refused({"0null", "0[]", R"(0"x")", "0true", "0x", "0/foo?a,b"});
}

TEST_CASE(
    "Socket.IO packet: acks are lists, errors objects or texts, and leaving carries nothing") {
    CHECK_FALSE(parsed("313").ack_id.empty());
    CHECK(parsed(R"(313[1,{"a":2}])").data == R"([1,{"a":2}])");
    CHECK(parsed("3[]").data == "[]");
    CHECK(parsed(R"(4"x")").type == Type::ConnectError);
    CHECK(parsed(R"(4/foo,{"message":"x"})").data == R"({"message":"x"})");
    CHECK(parsed("1").type == Type::Disconnect);
    CHECK(parsed("1/foo,").data.empty());
    CHECK_FALSE(parsed("15").ack_id.empty());
    check_refused({"3{}", "3null", R"(313"x")", "3x", "61-{}", "4null", "4[]", "4x", "1x", "1{}",
                   "1[]", "1null"});
}

TEST_CASE("Socket.IO packet: what is no packet is refused") {
    check_refused({"",
                   "7",
                   "8",
                   "9[]",
                   "x",
                   "-1",
                   "/",
                   " 2[\"a\"]",
                   R"(["a"])",
                   "2{}",
                   "2null",
                   R"(2"a")",
                   R"(2x["a"])",
                   R"(2-1["a"])",
                   R"(21x["a"])",
                   R"(21.5["a"])",
                   R"(21e5["a"])",
                   R"(21 3["a"])",
                   R"(2+1["a"])",
                   "2\xC3\xA9[\"a\"]",
                   "2\xD9\xA3[\"a\"]"});
    check_refused({{"\0", 1}, {"2\0[\"a\"]", 7}});
    CHECK_FALSE(parsed(R"(21234567890123456789["a"])").ack_id.empty());
    check_refused({R"(212345678901234567890["a"])"});
}

TEST_CASE("Socket.IO packet: namespaces are UTF-8 and of limited length") {
    const std::string longest = "/" + std::string(255, 'n');
    CHECK(parsed("2" + longest + ",[\"a\"]").ack_id.empty());
    CHECK_FALSE(parse_socketio_packet("2" + longest + "n,[\"a\"]", 10));
    CHECK_FALSE(parse_socketio_packet("0" + longest + "n", 10));
    // A query is not part of the name.
    CHECK(parse_socketio_packet("0" + longest + "?" + std::string(1000, 'q'), 10));
    CHECK(parsed("2/\xC3\xA9,[\"a\"]").nsp == "/\xC3\xA9");
    check_refused({"0/\xFF", "0/\xC3,{}", "2/\xED\xA0\x80,[\"a\"]", "0/a?\xFF"});
}

TEST_CASE("Socket.IO packet: reserved are the names of the library's own events") {
    for (const char* name : {"connect", "connect_error", "disconnect", "disconnecting",
                             "newListener", "removeListener"}) {
        CHECK(is_reserved_event(name));
    }
    for (const char* name : {"", "Connect", "connect ", "connection", "error", "message", "1"})
        CHECK_FALSE(is_reserved_event(name));
}

TEST_CASE("Socket.IO connect data: pid and offset are found wherever they stand") {
    const auto both = parse_connect_data(R"({"token":{"pid":"no"},"offset":"17","pid":"p1"})", 8);
    REQUIRE(both);
    CHECK(both->pid == "p1");
    CHECK(both->offset == "17");
    const auto spelled = parse_connect_data(
        " { \"p\\u0069d\" : \"a\\n\\u00e9\" , \"x\" : [ { } , 1e400 , \"\\ud800\" ] } ", 8);
    REQUIRE(spelled);
    CHECK(spelled->pid == "a\n\xC3\xA9");
    CHECK(spelled->offset.empty());
    const auto last = parse_connect_data(R"({"pid":"a","offset":"1","pid":"b","offset":2})", 8);
    REQUIRE(last);
    CHECK(last->pid == "b");
    CHECK(last->offset.empty());
    for (const char* empty : {"", "{}", R"({"pid":1,"offset":null})", R"({"pid":{"pid":"x"}})"}) {
        INFO(empty);
        const auto data = parse_connect_data(empty, 8);
        REQUIRE(data);
        CHECK(data->pid.empty());
        CHECK(data->offset.empty());
    }
}

TEST_CASE("Socket.IO connect data: only an object that is not too deep is taken") {
    for (const char* text :
         {"null", "[]", R"(["pid"])", R"("pid")", "1", "{", R"({"pid"})", R"({"pid":"a"}x)",
          R"({"pid":"a",})", "{'pid':'a'}", " ", "{\"pid\":\"\xFF\"}"}) {
        INFO(text);
        CHECK_FALSE(parse_connect_data(text, 8));
    }
    CHECK(parse_connect_data(R"({"a":[[]]})", 3));
    CHECK_FALSE(parse_connect_data(R"({"a":[[]]})", 2));
    CHECK_FALSE(parse_connect_data(std::string(100'000, '{'), 64));
}

TEST_CASE("Socket.IO packets of the server are spelled as Node spells them") {
    CHECK(connect_packet("", "") == "40");
    CHECK(connect_packet("abc", "") == R"(40{"sid":"abc"})");
    CHECK(connect_packet("abc", "def") == R"(40{"sid":"abc","pid":"def"})");
    CHECK(connect_error_packet("/foo", "Invalid namespace", true) ==
          R"(44/foo,{"message":"Invalid namespace"})");
    CHECK(connect_error_packet("/foo", "Invalid namespace", false) ==
          R"(44/foo,"Invalid namespace")");
    CHECK(connect_error_packet("/", "say \"no\"", true) == R"(44{"message":"say \"no\""})");
    CHECK(kDisconnectPacket == "41");
}

TEST_CASE("Socket.IO events: one packet for every dialect") {
    const EncodedEvent event({R"(["message",)", "\"\xC3\xA9\xF0\x9F\x98\x80\"", "]"});
    const std::string packet = "42[\"message\",\"\xC3\xA9\xF0\x9F\x98\x80\"]";
    CHECK(polling_event(event).view() == packet);
    CHECK(websocket_event(event).view() == websocket_text(packet));
    CHECK(polling_event_ascii(event).view() == R"(42["message","\u00e9\ud83d\ude00"])");
    CHECK(native_event(event).view() ==
          websocket_text("[\"message\",\"\xC3\xA9\xF0\x9F\x98\x80\"]"));
}

TEST_CASE("Socket.IO events: the number of attachments stands in the packet") {
    const std::vector<Frame> two = attachments({"f", "foob"});
    const EncodedEvent event(
        {R"(["message",[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]])"}, two);
    const std::string packet =
        R"(452-["message",[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]])";
    CHECK(polling_event(event).view() == packet);
    CHECK(polling_event_ascii(event).view() == packet);
    CHECK(websocket_event(event).view() == websocket_text(packet));
    const std::string inlined = R"(["message",[{"_placeholder":true,"base64":"Zg=="},)"
                                R"({"_placeholder":true,"base64":"Zm9vYg=="}]])";
    CHECK(native_event(event).view() == websocket_text(inlined));
    const std::vector<Frame> many(12, Frame::copy_of("x"));
    CHECK(polling_event(EncodedEvent({"[\"x\"]"}, many)).view() == "4512-[\"x\"]");
}

TEST_CASE("Socket.IO events: the WebSocket header fits every length") {
    for (const std::size_t size : {4, 123, 124, 125, 126, 127, 65'533, 65'534, 65'535, 70'000}) {
        const std::string text = "[\"" + std::string(size - 4, 'x') + "\"]";
        const EncodedEvent event({text});
        const bool same = websocket_event(event).view() == websocket_text("42" + text);
        CHECK(same);
        const bool native_same = native_event(event).view() == websocket_text(text);
        CHECK(native_same);
    }
}

TEST_CASE("Socket.IO events: the offset is one more argument, the same in every frame") {
    const std::vector<Frame> one = attachments({"f"});
    const EncodedEvent first({"[\"host agreed\"]"});
    const EncodedEvent second({R"(["message",{"_placeholder":true,"num":0}])"}, one);
    const std::string packet = "42[\"host agreed\",\"" + std::to_string(first.serial()) + "\"]";
    CHECK(polling_event_with_offset(first).view() == packet);
    CHECK(websocket_event_with_offset(first).view() == websocket_text(packet));
    CHECK(polling_event(first).view() == "42[\"host agreed\"]");
    const std::string binary = R"(451-["message",{"_placeholder":true,"num":0},")" +
                               std::to_string(second.serial()) + "\"]";
    CHECK(polling_event_with_offset(second).view() == binary);
    CHECK(websocket_event_with_offset(second).view() == websocket_text(binary));
}
