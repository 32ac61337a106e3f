#include "core/js_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/json_text.hpp"

namespace videochat::core {
namespace {

double parse_number(std::string_view json) {
    double value = 0;
    const auto result = std::from_chars(json.data(), json.data() + json.size(), value);
    if (result.ec == std::errc::result_out_of_range) {
        // Too large or too small for a double: the exponent's sign tells which.
        const auto exponent = json.find_first_of("eE");
        const bool tiny = exponent != std::string_view::npos
                              ? json[exponent + 1] == '-'
                              : json.find_first_of("123456789") > json.find('.');
        value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
        if (json.front() == '-') value = -value;
    }
    return value;
}

struct Decimal {
    std::string digits;  ///< without trailing zeros, at least one
    int point = 0;       ///< the decimal point stands behind this many digits
};

// The shortest digits that read back as `value`, which is positive and finite.
Decimal shortest(double value) {
    std::array<char, 40> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific)
            .ptr;
    const std::string_view all(text.data(), static_cast<std::size_t>(end - text.data()));
    const std::size_t e = all.find('e');
    Decimal decimal;
    std::ranges::copy_if(all.substr(0, e), std::back_inserter(decimal.digits),
                         [](char c) { return c != '.'; });
    const char* exponent = all.data() + e + 1;
    if (*exponent == '+') ++exponent;
    std::from_chars(exponent, end, decimal.point);
    ++decimal.point;
    return decimal;
}

// ECMAScript Number::toString (6.1.6.1.20), radix 10.
std::string number_text(double value) {
    if (value == 0) return "0";
    if (value < 0) return "-" + number_text(-value);
    if (std::isinf(value)) return "Infinity";
    auto [digits, point] = shortest(value);
    const auto count = static_cast<int>(digits.size());
    if (point >= count && point <= 21) {
        return digits.append(static_cast<std::size_t>(point - count), '0');
    }
    if (point > 0 && point <= 21) return digits.insert(static_cast<std::size_t>(point), ".");
    if (point > -6 && point <= 0) {
        return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    }
    if (count > 1) digits.insert(1, ".");
    const int exponent = point - 1;
    return digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

// Walks checked JSON; nesting is bounded by the check's depth limit.
class Printer {
  public:
    explicit Printer(std::string_view json) : rest_(json) {}

    std::string print() {
        skip_space();
        append_value(false);
        return std::move(out_);
    }

  private:
    void skip_space() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n\r"), rest_.size()));
    }

    std::string_view take(std::size_t count) {
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view take_string() {
        std::size_t end = 1;
        while (rest_[end] != '"')
            end += rest_[end] == '\\' ? 2 : 1;
        return take(end + 1);
    }

    // Inside of an array null is empty: [null,1].join() is ",1".
    void append_value(bool in_array) {
        switch (rest_.front()) {
            case '"':
                append_decoded(out_, take_string());
                return;
            case '{':
                skip_object();
                out_ += "[object Object]";
                return;
            case '[':
                append_array();
                return;
            case 't':
                out_ += take(4);
                return;
            case 'f':
                out_ += take(5);
                return;
            case 'n':
                if (!in_array) out_ += "null";
                take(4);
                return;
            default:
                out_ += number_text(parse_number(take(rest_.find_first_of(",]} \t\n\r"))));
        }
    }

    void append_array() {
        take(1);
        skip_space();
        while (rest_.front() != ']') {
            append_value(true);
            skip_space();
            if (rest_.front() == ',') out_ += take(1);
            skip_space();
        }
        take(1);
    }

    void skip_object() {
        std::size_t depth = 0;
        do {
            if (rest_.front() == '"') {
                take_string();
                continue;
            }
            if (rest_.front() == '{') ++depth;
            if (rest_.front() == '}') --depth;
            take(1);
        } while (depth > 0);
    }

    std::string_view rest_;
    std::string out_;
};

}  // namespace

std::string js_string(std::string_view json) {
    return json.empty() ? "undefined" : Printer(json).print();
}

std::optional<std::string> js_map_key(std::string_view json) {
    if (json.empty()) return "undefined";
    switch (json.front()) {
        case '{':
        case '[':
            return std::nullopt;
        case '"':
            return "\"" + js_string(json);
        default:
            return js_string(json);  // null, booleans and numbers are told apart by their text
    }
}

}  // namespace videochat::core
