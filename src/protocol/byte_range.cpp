// A Range that we do not understand is ignored, as section 14.2 wants it: the whole file is always
// a correct answer. So are several ranges, which only ever served to make servers work hard.
#include "protocol/byte_range.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

namespace videochat::protocol {
namespace {

constexpr std::string_view kUnit = "bytes=";

bool has_unit(std::string_view field) {
    if (field.size() < kUnit.size()) return false;
    return std::equal(kUnit.begin(), kUnit.end(), field.begin(), [](char wanted, char c) {
        return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
    });
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Digits only, at least one; a number too large for 64 bits is as good as the largest.
std::optional<std::uint64_t> parse_number(std::string_view text) {
    if (text.empty()) return std::nullopt;
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        value = value > (kMax - digit) / 10 ? kMax : value * 10 + digit;
    }
    return value;
}

/// "-N": the last N bytes.
ByteRange suffix_range(std::uint64_t wanted, std::uint64_t size) {
    if (wanted == 0) return {RangeOutcome::Unsatisfiable, 0, 0};
    // The last bytes of an empty file are the empty file, which no Content-Range can tell.
    if (size == 0) return {};
    const std::uint64_t length = std::min(wanted, size);
    return {RangeOutcome::Satisfiable, size - length, length};
}

}  // namespace

ByteRange parse_byte_range(std::string_view field, std::uint64_t size) {
    if (!has_unit(field)) return {};
    const std::string_view range = trim(field.substr(kUnit.size()));
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return {};
    const std::string_view last_text = range.substr(dash + 1);
    const auto last = parse_number(last_text);
    if (dash == 0) return last ? suffix_range(*last, size) : ByteRange{};

    const auto first = parse_number(range.substr(0, dash));
    if (!first || (!last && !last_text.empty())) return {};
    if (last && *last < *first) return {};
    if (*first >= size) return {RangeOutcome::Unsatisfiable, 0, 0};
    const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
    return {RangeOutcome::Satisfiable, *first, end - *first + 1};
}

}  // namespace videochat::protocol
