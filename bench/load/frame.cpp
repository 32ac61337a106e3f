#include "frame.hpp"

#include <cstring>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t kLargestFrame = 1 << 20;

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(value >> shift & 0xff));
    }
}

std::uint64_t read_big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) {
        value = value << 8 | static_cast<unsigned char>(byte);
    }
    return value;
}

// Eight bytes at a time: masking must not make the generator slower than the server.
void append_xored(std::string& out, std::string_view payload, std::uint32_t mask) {
    const std::size_t start = out.size();
    out.append(payload);
    char* data = out.data() + start;
    const std::uint64_t wide_mask = static_cast<std::uint64_t>(mask) << 32 | mask;
    std::size_t done = 0;
    for (; done + sizeof wide_mask <= payload.size(); done += sizeof wide_mask) {
        std::uint64_t word = 0;
        std::memcpy(&word, data + done, sizeof word);
        word ^= wide_mask;
        std::memcpy(data + done, &word, sizeof word);
    }
    char mask_bytes[sizeof mask];
    std::memcpy(mask_bytes, &mask, sizeof mask);
    for (; done < payload.size(); ++done) {
        data[done] = static_cast<char>(data[done] ^ mask_bytes[done % sizeof mask]);
    }
}

}  // namespace

void append_masked(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask) {
    constexpr std::uint64_t kFinal = 0x80;
    constexpr std::uint64_t kMasked = 0x80;
    append_big_endian(out, kFinal | static_cast<std::uint64_t>(opcode), 1);
    if (payload.size() < 126) {
        append_big_endian(out, kMasked | payload.size(), 1);
    } else if (payload.size() <= 0xffff) {
        append_big_endian(out, kMasked | 126, 1);
        append_big_endian(out, payload.size(), 2);
    } else {
        append_big_endian(out, kMasked | 127, 1);
        append_big_endian(out, payload.size(), 8);
    }
    out.append(reinterpret_cast<const char*>(&mask), sizeof mask);
    append_xored(out, payload, mask);
}

std::optional<Frame> parse_frame(std::string_view bytes) {
    if (bytes.size() < 2) {
        return std::nullopt;
    }
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    if ((first & 0xf0) != 0x80 || (second & 0x80) != 0 || (first & 0x0f) == 0) {
        throw std::runtime_error("the server sent a fragment, a masked frame or reserved bits");
    }
    const std::size_t short_length = second & 0x7f;
    const std::size_t length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    const std::size_t header = 2 + length_bytes;
    if (bytes.size() < header) {
        return std::nullopt;
    }
    const std::size_t length =
        length_bytes == 0 ? short_length : read_big_endian(bytes.substr(2, length_bytes));
    if (length > kLargestFrame) {
        throw std::runtime_error("the server sent a frame larger than anything it was given");
    }
    if (bytes.size() - header < length) {
        return std::nullopt;
    }
    return Frame{static_cast<Opcode>(first & 0x0f), bytes.substr(header, length), header + length};
}

}  // namespace bench
