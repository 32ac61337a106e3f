// WebSocket frames as a client writes and reads them (RFC 6455 section 5.2). Written apart from the
// server's codec on purpose: the generator is also an independent witness of what the server sends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

enum class Opcode : std::uint8_t {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10
};

struct Frame {
    Opcode opcode;
    std::string_view payload;
    std::size_t size;  // header and payload
};

/// Appends one final frame, masked as clients must.
void append_masked(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask);

/// The first frame of `bytes`, or nothing while it is incomplete.
/// Throws on what no server may send, and on fragments, which none of the contenders makes.
std::optional<Frame> parse_frame(std::string_view bytes);

}  // namespace bench
