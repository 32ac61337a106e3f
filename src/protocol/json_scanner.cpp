#include "protocol/json_scanner.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "protocol/event_text.hpp"
#include "protocol/utf8.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace videochat::protocol {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// What may stand behind a backslash, but for "u".
constexpr std::array<bool, 256> kShortEscapes = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("\"\\/bfnrt"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// Bytes of a string that need a look: the quote, the backslash, control bytes and all of UTF-8
// beyond ASCII. Session descriptions are long strings with few of these.
inline const char* skip_plain(const char* p, const char* end) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);
    while (end - p >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        // Signed: below the space are the control bytes and everything from 0x80 on.
        const __m128i found = _mm_or_si128(
            _mm_cmplt_epi8(bytes, space),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
        if (mask != 0) return p + std::countr_zero(mask);
        p += 16;
    }
#endif
    while (p != end && *p != '"' && *p != '\\' && static_cast<signed char>(*p) >= 0x20)
        ++p;
    return p;
}

}  // namespace

JsonScanner::JsonScanner(std::string_view text, std::size_t max_depth)
    : p_(text.data()), end_(p_ + text.size()), max_depth_(std::min(max_depth, kMaxDepth)) {}

bool JsonScanner::take(char c) {
    if (peek() != c) return false;
    ++p_;
    return true;
}

void JsonScanner::skip_space() {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\t' || *p_ == '\n' || *p_ == '\r'))
        ++p_;
}

bool JsonScanner::enter() {
    if (depth_ >= max_depth_) {
        too_deep_ = true;
        return false;
    }
    ++depth_;
    return true;
}

bool JsonScanner::open(bool object) {
    if (!enter()) return false;
    const std::size_t level = depth_ - 1;
    const std::uint64_t bit = std::uint64_t{1} << (level % 64);
    auto& word = objects_[level / 64];
    word = object ? (word | bit) : (word & ~bit);
    return true;
}

bool JsonScanner::is_object() const {
    const std::size_t level = depth_ - 1;
    return ((objects_[level / 64] >> (level % 64)) & 1U) != 0;
}

inline bool JsonScanner::skip_escape() {
    saw_escape_ = true;
    if (end_ - p_ < 2) return false;
    const char c = p_[1];
    p_ += 2;
    if (c != 'u') return kShortEscapes[static_cast<unsigned char>(c)];
    if (end_ - p_ < 4 || !std::all_of(p_, p_ + 4, is_hex)) return false;
    p_ += 4;
    return true;
}

bool JsonScanner::skip_string() {
    saw_escape_ = false;
    if (!take('"')) return false;
    while (true) {
        p_ = skip_plain(p_, end_);
        if (p_ == end_) return false;
        if (*p_ == '"') {
            ++p_;
            return true;
        }
        if (*p_ == '\\') {
            // Line ends of a session description come as pairs of these.
            do {
                if (!skip_escape()) return false;
            } while (p_ != end_ && *p_ == '\\');
        } else {
            const std::size_t length =
                static_cast<unsigned char>(*p_) < 0x20 ? 0 : utf8_sequence_length(p_, end_);
            if (length == 0) return false;
            p_ += length;
        }
    }
}

bool JsonScanner::skip_digits() {
    const char* const start = p_;
    while (p_ != end_ && is_digit(*p_))
        ++p_;
    return p_ != start;
}

bool JsonScanner::skip_number() {
    take('-');
    if (!take('0') && !skip_digits()) return false;
    if (take('.') && !skip_digits()) return false;
    if (take('e') || take('E')) {
        if (!take('+')) take('-');
        if (!skip_digits()) return false;
    }
    return true;
}

bool JsonScanner::skip_literal(std::string_view literal) {
    if (static_cast<std::size_t>(end_ - p_) < literal.size()) return false;
    if (std::string_view(p_, literal.size()) != literal) return false;
    p_ += literal.size();
    return true;
}

bool JsonScanner::skip_key() {
    skip_space();
    if (!skip_string()) return false;
    skip_space();
    return take(':');
}

JsonScanner::Step JsonScanner::begin_value(std::size_t base) {
    skip_space();
    const auto checked = [](bool ok) { return ok ? Step::Done : Step::Fail; };
    switch (peek()) {
        case '"':
            return checked(skip_string());
        case 't':
            return checked(skip_literal("true"));
        case 'f':
            return checked(skip_literal("false"));
        case 'n':
            return checked(skip_literal("null"));
        case '{':
            ++p_;
            if (!open(true)) return Step::Fail;
            skip_space();
            if (peek() == '}') return after_value(base);
            return skip_key() ? Step::Value : Step::Fail;
        case '[':
            ++p_;
            if (!open(false)) return Step::Fail;
            skip_space();
            return peek() == ']' ? after_value(base) : Step::Value;
        default:
            return checked(skip_number());
    }
}

// Behind a value: closes every container that ends here. Value: another one follows.
JsonScanner::Step JsonScanner::after_value(std::size_t base) {
    while (depth_ > base) {
        skip_space();
        if (take(is_object() ? '}' : ']')) {
            --depth_;
            continue;
        }
        if (!take(',')) return Step::Fail;
        if (is_object() && !skip_key()) return Step::Fail;
        return Step::Value;
    }
    return Step::Done;
}

bool JsonScanner::skip_value() {
    const std::size_t base = depth_;
    while (true) {
        const std::size_t before = depth_;
        Step step = begin_value(base);
        // Only a scalar leaves the depth as it was and is not yet looked behind.
        if (step == Step::Done && depth_ == before && depth_ > base) step = after_value(base);
        if (step != Step::Value) return step == Step::Done;
    }
}

}  // namespace videochat::protocol
