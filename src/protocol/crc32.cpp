#include "protocol/crc32.hpp"

#include <array>

namespace videochat::protocol {
namespace {

// What each value of a byte does to the remainder.
constexpr std::array<std::uint32_t, 256> kTable = [] {
    constexpr std::uint32_t kReversedPolynomial = 0xEDB88320U;
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) {
            remainder = remainder >> 1 ^ ((remainder & 1U) != 0 ? kReversedPolynomial : 0U);
        }
        table.at(byte) = remainder;
    }
    return table;
}();

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
    std::uint32_t remainder = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) {
        remainder = remainder >> 8 ^ kTable[(remainder ^ byte) & 0xFFU];
    }
    return ~remainder;
}

}  // namespace videochat::protocol
