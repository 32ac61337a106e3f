// protocol/websocket_frame: whatever the bytes and however they are cut into reads, the decoder
// tells the same as a slow reference; and close payloads that are accepted can be sent again.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/property.hpp"
#include "fuzz/slow_frame_decoder.hpp"
#include "protocol/websocket_frame.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

// Low limits: the fuzzer reaches them with short inputs.
constexpr std::size_t kMaxBytes = 300;
constexpr std::size_t kMaxFrames = 4;

SlowEvent told(const Decoded& step) {
    const std::string payload(step.payload.data(), step.payload.size());
    switch (step.kind) {
        case Decoded::Kind::Message:
            return {'m', static_cast<unsigned>(step.opcode), payload, 0};
        case Decoded::Kind::Control:
            return {'c', static_cast<unsigned>(step.opcode), payload, 0};
        default:
            return {'e', 0, {}, static_cast<unsigned>(step.error)};
    }
}

std::vector<SlowEvent> decode_in_pieces(const std::string& bytes, std::size_t piece) {
    FrameDecoder decoder;
    std::vector<SlowEvent> events;
    std::string held;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        held += bytes.substr(at, piece);
        while (true) {
            const Decoded step = decoder.next(held, {.bytes = kMaxBytes, .frames = kMaxFrames});
            require(step.consumed <= held.size(), "no more is used than there is");
            if (step.kind != Decoded::Kind::NeedMore) events.push_back(told(step));
            if (step.kind == Decoded::Kind::Error) return events;
            held.erase(0, step.consumed);
            if (step.kind == Decoded::Kind::NeedMore) break;
        }
        require(held.size() < 14 + 125, "only a begun header or control frame is kept");
    }
    return events;
}

void check_close(const std::string& payload) {
    ClosePayload close;
    CloseCode error = CloseCode::Normal;
    if (!parse_close(payload, close, error)) {
        require(error == CloseCode::ProtocolError || error == CloseCode::InvalidData,
                "a bad close names its fault");
        return;
    }
    const std::string again(close_frame(close.code, close.reason).view().substr(2));
    require(again == payload.substr(0, kMaxControlPayload), "a good close can be sent again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = 1 + data[0] % 16;
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto expected = decode_slowly(bytes, kMaxBytes, kMaxFrames);
    require(decode_in_pieces(bytes, std::max<std::size_t>(1, bytes.size())) == expected,
            "in one piece");
    require(decode_in_pieces(bytes, piece) == expected, "in small pieces");
    if (bytes.size() <= kMaxControlPayload) check_close(bytes);
    return 0;
}
