// CRC-32 (ISO 3309, ITU-T V.42; polynomial 0x04C11DB7, bits reversed): what FINGERPRINT of STUN
// holds. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace videochat::protocol {

std::uint32_t crc32(std::span<const std::uint8_t> bytes);

}  // namespace videochat::protocol
