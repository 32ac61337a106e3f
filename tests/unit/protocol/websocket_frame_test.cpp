// RFC 6455: the examples of section 5.7 and every violation of sections 5 and 7.
#include "protocol/websocket_frame.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/client_frame.hpp"

using namespace videochat::protocol;
using videochat::core::EncodedEvent;
using videochat::test::client_frame;

namespace {

struct Step {
    Decoded::Kind kind;
    Opcode opcode;
    std::string payload;
    CloseCode error;
};

// Decodes `bytes`, given in pieces of `piece` bytes, as a connection would: what is not consumed is
// shown again.
std::vector<Step> decode(const std::string& bytes, std::size_t piece, MessageLimits limits = {}) {
    FrameDecoder decoder;
    std::vector<Step> steps;
    std::string held;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        held += bytes.substr(at, piece);
        while (true) {
            const Decoded step = decoder.next(held, limits);
            if (step.kind != Decoded::Kind::NeedMore) {
                steps.push_back({step.kind, step.opcode,
                                 std::string(step.payload.data(), step.payload.size()),
                                 step.error});
            }
            held.erase(0, step.consumed);
            if (step.kind == Decoded::Kind::Error) return steps;
            if (step.kind == Decoded::Kind::NeedMore) break;
        }
    }
    return steps;
}

CloseCode refusal_of(const std::string& bytes, MessageLimits limits = {}) {
    const auto steps = decode(bytes, bytes.size(), limits);
    return steps.empty() || steps.back().kind != Decoded::Kind::Error ? CloseCode::Normal
                                                                      : steps.back().error;
}

std::string frame(unsigned first_byte, std::string_view payload) {
    return client_frame(payload, {.first_byte = first_byte});
}

std::string close_payload(unsigned code, const std::string& reason = {}) {
    return std::string{static_cast<char>(code >> 8U), static_cast<char>(code)} + reason;
}

CloseCode judge_close(const std::string& payload) {
    ClosePayload close;
    CloseCode error = CloseCode::Normal;
    return parse_close(payload, close, error) ? CloseCode::Normal : error;
}

}  // namespace

TEST_CASE("WebSocket frame: the masked Hello of RFC 6455 section 5.7") {
    const std::string hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    for (const std::size_t piece : {1U, 2U, 3U, 11U}) {
        const auto steps = decode(hello, piece);
        REQUIRE(steps.size() == 1);
        CHECK(steps[0].kind == Decoded::Kind::Message);
        CHECK(steps[0].opcode == Opcode::Text);
        CHECK(steps[0].payload == "Hello");
    }
}

TEST_CASE("WebSocket frame: fragments are joined, control frames may stand between them") {
    const std::string bytes = frame(0x01, "Hel") + frame(0x89, "ping") + frame(0x00, "") +
                              frame(0x80, "lo") + frame(0x82, "next");
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        const auto steps = decode(bytes, piece);
        REQUIRE(steps.size() == 3);
        CHECK(steps[0].opcode == Opcode::Ping);
        CHECK(steps[0].payload == "ping");
        CHECK(steps[1].opcode == Opcode::Text);
        CHECK(steps[1].payload == "Hello");
        CHECK(steps[2].opcode == Opcode::Binary);
        CHECK(steps[2].payload == "next");
    }
}

TEST_CASE("WebSocket frame: payloads of every length form survive any split") {
    for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 70001U}) {
        std::string payload(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            payload[i] = static_cast<char>('a' + i % 26);
        const std::string bytes = client_frame(payload) + client_frame("tail");
        for (const std::size_t piece : {std::size_t{7}, std::size_t{4096}, bytes.size()}) {
            const auto steps = decode(bytes, piece);
            REQUIRE(steps.size() == 2);
            CHECK(steps[0].payload == payload);
            CHECK(steps[1].payload == "tail");
        }
    }
}

TEST_CASE("WebSocket frame: every violation of the framing is 1002") {
    const auto shaped = [](std::string_view payload, videochat::test::FrameShape shape) {
        return refusal_of(client_frame(payload, shape));
    };
    CHECK(shaped("x", {.masked = false}) == CloseCode::ProtocolError);
    for (const unsigned bit : {0x40U, 0x20U, 0x10U}) {
        CHECK(shaped("x", {.first_byte = 0x81U | bit}) == CloseCode::ProtocolError);
    }
    for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
        CHECK(shaped("x", {.first_byte = 0x80U | opcode}) == CloseCode::ProtocolError);
    }
    for (const unsigned control : {0x08U, 0x09U, 0x0AU}) {
        CHECK(refusal_of(frame(control, "fragmented")) == CloseCode::ProtocolError);
        CHECK(refusal_of(frame(0x80U | control, std::string(126, 'x'))) ==
              CloseCode::ProtocolError);
        CHECK(refusal_of(frame(0x80U | control, std::string(125, 'x'))) == CloseCode::Normal);
    }
    CHECK(refusal_of(frame(0x80, "stray continuation")) == CloseCode::ProtocolError);
    CHECK(refusal_of(frame(0x00, "stray continuation")) == CloseCode::ProtocolError);
    CHECK(refusal_of(frame(0x01, "a") + frame(0x81, "b")) == CloseCode::ProtocolError);
    CHECK(shaped("short", {.length_bytes = 2}) == CloseCode::ProtocolError);
    CHECK(shaped("short", {.length_bytes = 8}) == CloseCode::ProtocolError);
    CHECK(shaped(std::string(200, 'x'), {.length_bytes = 8}) == CloseCode::ProtocolError);
    const std::string top_bit("\x81\xFF\x80\0\0\0\0\0\0\1abcd", 14);
    CHECK(refusal_of(top_bit) == CloseCode::ProtocolError);
}

TEST_CASE("WebSocket frame: two bytes are enough to refuse, nothing more is waited for") {
    CHECK(refusal_of("\x81\x05") == CloseCode::ProtocolError);  // not masked
    CHECK(refusal_of("\x83\x85") == CloseCode::ProtocolError);  // opcode 3
    CHECK(refusal_of("\x89\xFE") == CloseCode::ProtocolError);  // a ping of 126 bytes or more
}

TEST_CASE("WebSocket frame: a declared length over the limit is refused on the header") {
    const MessageLimits limits{.bytes = 1000, .frames = 0};
    const std::string header = client_frame(std::string(1001, 'x')).substr(0, 8);
    CHECK(refusal_of(header, limits) == CloseCode::MessageTooBig);
    CHECK(refusal_of(client_frame(std::string(1000, 'x')), limits) == CloseCode::Normal);
    CHECK(refusal_of(
              frame(0x01, std::string(600, 'x')) + frame(0x80, std::string(401, 'x')).substr(0, 8),
              limits) == CloseCode::MessageTooBig);
    CHECK(refusal_of(frame(0x01, std::string(600, 'x')) + frame(0x80, std::string(400, 'x')),
                     limits) == CloseCode::Normal);
    const std::string huge(
        "\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
        "mask",
        14);
    CHECK(refusal_of(huge, limits) == CloseCode::MessageTooBig);
}

TEST_CASE("WebSocket frame: too many fragments are against the policy") {
    std::string bytes = frame(0x01, "");
    for (int i = 0; i < 3; ++i)
        bytes += frame(0x00, "");
    CHECK(refusal_of(bytes, {.bytes = 0, .frames = 4}) == CloseCode::Normal);
    CHECK(refusal_of(bytes + frame(0x00, ""), {.bytes = 0, .frames = 4}) ==
          CloseCode::PolicyViolation);
}

TEST_CASE("WebSocket frame: the decoder tells when a message is unfinished") {
    FrameDecoder decoder;
    std::string first = frame(0x01, "a");
    CHECK_FALSE(decoder.in_message());
    decoder.next(first, {});
    CHECK(decoder.in_message());
    std::string last = frame(0x80, "b");
    CHECK(decoder.next(last, {}).kind == Decoded::Kind::Message);
    CHECK_FALSE(decoder.in_message());
}

TEST_CASE("WebSocket close: codes that may be sent, and those that may not") {
    for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U,
                                1012U, 1013U, 1014U, 3000U, 3999U, 4000U, 4999U}) {
        CHECK(judge_close(close_payload(code, "bye")) == CloseCode::Normal);
    }
    for (const unsigned code :
         {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U}) {
        CAPTURE(code);
        CHECK(judge_close(close_payload(code)) == CloseCode::ProtocolError);
    }
    CHECK(judge_close("") == CloseCode::Normal);
    CHECK(judge_close("\x03") == CloseCode::ProtocolError);
    CHECK(judge_close(close_payload(1000, "\xED\xA0\x80")) == CloseCode::InvalidData);
}

TEST_CASE("WebSocket encoder: headers are in their shortest form and never masked") {
    const auto header = [](std::size_t size) {
        std::string room(16, '\0');
        const std::size_t length =
            write_header_before(room.data() + room.size(), Opcode::Text, size);
        return room.substr(room.size() - length);
    };
    CHECK(header(0) == std::string("\x81\0", 2));
    CHECK(header(125) == "\x81\x7D");
    CHECK(header(126) == std::string("\x81\x7E\0\x7E", 4));
    CHECK(header(65535) == "\x81\x7E\xFF\xFF");
    CHECK(header(65536) == std::string("\x81\x7F\0\0\0\0\0\1\0\0", 10));
}

TEST_CASE("WebSocket encoder: an event's frame shares the event's memory") {
    const EncodedEvent event({"[\"a\"", ",1]"});
    const auto& first = event.frame(videochat::core::Dialect::Native, text_frame);
    CHECK(first.view() == "\x81\x07[\"a\",1]");
    CHECK(first.data() + 2 == event.text().data());
    CHECK(event.frame(videochat::core::Dialect::Native, text_frame).data() == first.data());
}

TEST_CASE("WebSocket encoder: control frames are cut at 125 bytes") {
    CHECK(control_frame(Opcode::Pong, "Hello").view() == "\x8a\x05Hello");
    CHECK(control_frame(Opcode::Ping, std::string(200, 'x')).size() == 127);
    CHECK(close_frame(CloseCode::GoingAway, "x").view() == "\x88\x03\x03\xE9x");
    CHECK(close_frame(CloseCode::NoStatus, "").view() == std::string_view("\x88\0", 2));
}

TEST_CASE("WebSocket mask: any split gives the same as the whole") {
    const std::uint32_t mask = 0x3d21fa37;
    std::string whole(37, 'q');
    apply_mask(whole, mask);
    for (std::size_t at = 0; at <= 37; ++at) {
        std::string parts(37, 'q');
        const auto rotated = apply_mask(std::span(parts).first(at), mask);
        apply_mask(std::span(parts).subspan(at), rotated);
        CHECK(parts == whole);
    }
}
