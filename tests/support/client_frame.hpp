// What a WebSocket client sends (RFC 6455 section 5): masked frames, well-formed or not.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace videochat::test {

struct FrameShape {
    unsigned first_byte = 0x81;  ///< FIN, RSV, opcode
    bool masked = true;
    std::array<unsigned char, 4> mask{0x37, 0xFA, 0x21, 0x3D};
    int length_bytes = -1;  ///< -1: the shortest form; else 0, 2 or 8
};

inline std::string client_frame(std::string_view payload, const FrameShape& shape = {}) {
    const std::uint64_t size = payload.size();
    const int extra =
        shape.length_bytes >= 0 ? shape.length_bytes : (size < 126 ? 0 : (size <= 0xFFFF ? 2 : 8));
    std::string frame(1, static_cast<char>(shape.first_byte));
    const unsigned code = extra == 0 ? static_cast<unsigned>(size) : (extra == 2 ? 126U : 127U);
    frame.push_back(static_cast<char>(code | (shape.masked ? 0x80U : 0U)));
    for (int i = extra - 1; i >= 0; --i)
        frame.push_back(static_cast<char>(size >> (8 * i)));
    if (shape.masked) {
        for (const unsigned char byte : shape.mask)
            frame.push_back(static_cast<char>(byte));
    }
    for (std::size_t i = 0; i < payload.size(); ++i) {
        const unsigned char key = shape.masked ? shape.mask[i % 4] : 0;
        frame.push_back(static_cast<char>(static_cast<unsigned char>(payload[i]) ^ key));
    }
    return frame;
}

}  // namespace videochat::test
