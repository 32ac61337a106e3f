// protocol/byte_range: a range lies within the file, and numbers that are written out mean what
// arithmetic says.
#include <algorithm>
#include <cstring>
#include <string>

#include "fuzz/property.hpp"
#include "protocol/byte_range.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

void check_within(const ByteRange& range, std::uint64_t size) {
    if (range.outcome != RangeOutcome::Satisfiable) return;
    require(range.length > 0, "a range has bytes");
    require(range.length <= size, "a range is not longer than the file");
    require(range.first <= size - range.length, "a range ends within the file");
}

void check_from_to(std::uint64_t first, std::uint64_t last, std::uint64_t size) {
    const std::string field = "bytes=" + std::to_string(first) + '-' + std::to_string(last);
    const ByteRange range = parse_byte_range(field, size);
    if (last < first) {
        require(range.outcome == RangeOutcome::Ignored, "an end before the start is ignored");
    } else if (first >= size) {
        require(range.outcome == RangeOutcome::Unsatisfiable, "a start behind the end is told");
    } else {
        require(range.outcome == RangeOutcome::Satisfiable, "a start within the file is served");
        require(range.first == first, "it starts where it was asked to");
        require(range.first + range.length - 1 == std::min(last, size - 1), "its end is clipped");
    }
}

void check_suffix(std::uint64_t wanted, std::uint64_t size) {
    const ByteRange range = parse_byte_range("bytes=-" + std::to_string(wanted), size);
    if (wanted == 0 || size == 0) {
        require(range.outcome != RangeOutcome::Satisfiable, "nothing cannot be a range");
    } else {
        require(range.length == std::min(wanted, size), "a suffix has its length");
        require(range.first + range.length == size, "a suffix ends with the file");
    }
}

}  // namespace

// Input: the file's size in 8 bytes, then the field.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t length) {
    std::uint64_t size = 0;
    if (length < sizeof(size)) return 0;
    std::memcpy(&size, data, sizeof(size));
    const std::string_view field = as_text(data + sizeof(size), length - sizeof(size));
    check_within(parse_byte_range(field, size), size);
    check_within(parse_byte_range("bytes=" + std::string(field), size), size);
    require(field.find(',') == field.npos ||
                parse_byte_range(field, size).outcome == RangeOutcome::Ignored,
            "several ranges are ignored");
    if (field.size() < 2 * sizeof(std::uint64_t)) return 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::memcpy(&first, field.data(), sizeof(first));
    std::memcpy(&last, field.data() + sizeof(first), sizeof(last));
    check_from_to(first, last, size);
    if (size != 0) check_from_to(first % size, last % size, size);
    check_suffix(first, size);
    return 0;
}
