// The Range field (RFC 9110 section 14) for one range of bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace videochat::protocol {

enum class RangeOutcome {
    Ignored,       ///< no range, another unit, a syntax error or several ranges: answer 200
    Satisfiable,   ///< `first` and `length` lie within the file: 206
    Unsatisfiable  ///< 416 with "Content-Range: bytes */SIZE"
};

struct ByteRange {
    RangeOutcome outcome = RangeOutcome::Ignored;
    std::uint64_t first = 0;
    std::uint64_t length = 0;  ///< at least 1 when satisfiable
};

/// `field` is the value of Range, empty when there was none; `size` is that of the whole file.
ByteRange parse_byte_range(std::string_view field, std::uint64_t size);

}  // namespace videochat::protocol
