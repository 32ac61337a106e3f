#include "app/units.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace videochat::app {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array kTimeUnits{Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                                Unit{"ms", 1}};
constexpr std::array kSizeUnits{
    Unit{"GiB", 1024 * kMiB}, Unit{"MiB", kMiB}, Unit{"KiB", kKiB}, Unit{"GB", 1'000'000'000},
    Unit{"MB", 1'000'000},    Unit{"KB", 1'000}, Unit{"B", 1}};

template <std::size_t N>
std::optional<std::uint64_t> factor_of(std::string_view name, const std::array<Unit, N>& units) {
    for (const Unit& unit : units) {
        if (unit.name == name) return unit.factor;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b) {
    if (b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b) return std::nullopt;
    return a * b;
}

// The digits behind a decimal point, in the unit's smallest parts; nullopt: finer than those.
std::optional<std::uint64_t> fraction(std::string_view digits, std::uint64_t factor) {
    constexpr std::size_t kMostDigits = 7;  // so that the product below cannot overflow
    const auto value = parse_count(digits);
    if (!value || digits.size() > kMostDigits) return std::nullopt;
    std::uint64_t scale = 1;
    for (std::size_t i = 0; i < digits.size(); ++i)
        scale *= 10;
    if (*value * factor % scale != 0) return std::nullopt;
    return *value * factor / scale;
}

std::string_view leading(std::string_view text, std::string_view characters) {
    return text.substr(0, text.find_first_not_of(characters));
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
    const auto number = leading(text, "0123456789.");
    const auto name = text.substr(number.size());
    const auto factor = name.empty() ? 1'000 : factor_of(name, kTimeUnits);
    if (!factor) return std::nullopt;
    const auto point = number.find('.');
    const auto whole = parse_count(number.substr(0, point));
    auto total = whole ? product(*whole, *factor) : std::nullopt;
    if (total && point != std::string_view::npos) {
        const auto rest = fraction(number.substr(point + 1), *factor);
        if (!rest) return std::nullopt;
        *total += *rest;
    }
    if (!total || *total > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        return std::nullopt;
    }
    return Milliseconds(static_cast<std::int64_t>(*total));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto number = leading(text, "0123456789");
    const auto name = text.substr(number.size());
    const auto factor = name.empty() ? 1 : factor_of(name, kSizeUnits);
    const auto whole = parse_count(number);
    if (!whole || !factor) return std::nullopt;
    return product(*whole, *factor);
}

std::optional<bool> parse_switch(std::string_view text) {
    for (const std::string_view yes : {"true", "yes", "on", "1"}) {
        if (text == yes) return true;
    }
    for (const std::string_view no : {"false", "no", "off", "0"}) {
        if (text == no) return false;
    }
    return std::nullopt;
}

std::string format_duration(Milliseconds duration) {
    if (duration == 0ms) return "0s";
    const auto value = static_cast<std::uint64_t>(duration.count());
    for (const Unit& unit : kTimeUnits) {
        if (value % unit.factor == 0) return std::to_string(value / unit.factor).append(unit.name);
    }
    return {};
}

std::string format_size(std::uint64_t bytes) {
    for (const std::string_view name : {"GiB", "MiB", "KiB"}) {
        const std::uint64_t factor = *factor_of(name, kSizeUnits);
        if (bytes != 0 && bytes % factor == 0) return std::to_string(bytes / factor).append(name);
    }
    return std::to_string(bytes) + "B";
}

}  // namespace videochat::app
