// The reference for fuzz_websocket_frame: RFC 6455 section 5 written the slow and obvious way, over
// the whole input at once. Shares no code with the decoder under test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace videochat::fuzz {

struct SlowEvent {
    char kind;  ///< 'm' message, 'c' control, 'e' error
    unsigned opcode = 0;
    std::string payload;
    unsigned error = 0;  ///< close code
    bool operator==(const SlowEvent&) const = default;
};

inline std::vector<SlowEvent> decode_slowly(const std::string& in, std::size_t max_bytes,
                                            std::size_t max_frames) {
    std::vector<SlowEvent> out;
    std::string message;
    unsigned message_opcode = 0;
    std::size_t frames = 0;
    std::size_t at = 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(in[i]); };
    const auto fail = [&](unsigned code) { out.push_back({'e', 0, {}, code}); };
    while (in.size() - at >= 2) {
        const bool fin = byte(at) >= 0x80;
        const unsigned rsv = (byte(at) / 16) % 8;
        const unsigned opcode = byte(at) % 16;
        const bool masked = byte(at + 1) >= 0x80;
        std::uint64_t length = byte(at + 1) % 128;
        const bool control = opcode >= 8;
        const bool known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
        if (rsv != 0 || !masked || !known || (control && length > 125)) {
            fail(1002);
            return out;
        }
        std::size_t header = 2;
        if (length >= 126) {
            const std::size_t extra = length == 126 ? 2 : 8;
            if (in.size() - at < 2 + extra) return out;
            length = 0;
            for (std::size_t i = 0; i < extra; ++i)
                length = length * 256 + byte(at + 2 + i);
            header += extra;
            if (in.size() - at < header + 4) return out;
            if (length < 126 || (extra == 8 && length < 65536) || length > INT64_MAX) {
                fail(1002);
                return out;
            }
        }
        if (in.size() - at < header + 4) return out;
        if (control && !fin) {
            fail(1002);
            return out;
        }
        if (!control && ((opcode == 0) != (frames > 0))) {
            fail(1002);
            return out;
        }
        if (!control && length + message.size() > max_bytes) {
            fail(1009);
            return out;
        }
        if (!control && frames >= max_frames) {
            fail(1008);
            return out;
        }
        const std::size_t mask = at + header;
        const std::size_t data = mask + 4;
        const bool whole = in.size() - data >= length;
        if (control && !whole) return out;
        if (!whole) return out;
        std::string payload;
        for (std::size_t i = 0; i < length; ++i) {
            payload.push_back(static_cast<char>(byte(data + i) ^ byte(mask + i % 4)));
        }
        at = data + static_cast<std::size_t>(length);
        if (control) {
            out.push_back({'c', opcode, payload, 0});
            continue;
        }
        if (frames == 0) message_opcode = opcode;
        ++frames;
        message += payload;
        if (!fin) continue;
        out.push_back({'m', message_opcode, message, 0});
        message.clear();
        frames = 0;
    }
    return out;
}

}  // namespace videochat::fuzz
