// Rows of the option table by kind: how a field of Config is read, checked, shown. Used by
// option_table.cpp only.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/option_table.hpp"
#include "app/units.hpp"

namespace videochat::app {

inline constexpr std::uint64_t kMostCount = 1'000'000'000;
inline constexpr std::uint64_t kMostSize = 1024 * kMiB;
inline constexpr Milliseconds kMostTime = 24h;

/// One value: what `read` returns goes into the place that `field` finds.
template <class Read, class Field>
auto apply_one(Read read, Field field) {
    return [read, field](Config& config,
                         const std::vector<std::string>& values) -> std::optional<std::string> {
        const auto value = read(values.front());
        if (!value) return values.front();
        using T = std::remove_reference_t<decltype(field(config))>;
        field(config) = static_cast<T>(*value);
        return std::nullopt;
    };
}

/// A whole number within [least, most].
template <class Slice, std::unsigned_integral T>
Option count(const std::string& name, const std::string& help, Slice Config::*slice,
             T Slice::*field, std::uint64_t least = 0, std::uint64_t most = kMostCount) {
    const auto at = [ slice, field ](auto& config) -> auto& { return config.*slice.*field; };
    const auto read = [least, most](std::string_view text) {
        const auto value = parse_count(text);
        return value && *value >= least && *value <= most ? value : std::nullopt;
    };
    const Config defaults;
    return {.name = name,
            .value = "N",
            .help = help,
            .default_text = std::to_string(at(defaults)),
            .expected = "a number from " + std::to_string(least) + " to " + std::to_string(most),
            .apply = apply_one(read, at)};
}

/// Bytes, up to 1 GiB.
template <class Slice>
Option size(const std::string& name, const std::string& help, Slice Config::*slice,
            std::size_t Slice::*field, std::uint64_t least = 0) {
    const auto at = [ slice, field ](auto& config) -> auto& { return config.*slice.*field; };
    const auto read = [least](std::string_view text) {
        const auto value = parse_size(text);
        return value && *value >= least && *value <= kMostSize ? value : std::nullopt;
    };
    const Config defaults;
    return {.name = name,
            .value = "SIZE",
            .help = help,
            .default_text = format_size(at(defaults)),
            .expected = "a size such as 64KB, 256KiB or 1MiB (from " + format_size(least) + " to " +
                        format_size(kMostSize) + ")",
            .apply = apply_one(read, at)};
}

/// A time up to a day; `at` finds the field in a Config, const or not.
template <class At>
Option time(const std::string& name, const std::string& help, At at, Milliseconds least) {
    const auto read = [least](std::string_view text) {
        const auto value = parse_duration(text);
        return value && *value >= least && *value <= kMostTime ? value : std::nullopt;
    };
    const Config defaults;
    return {.name = name,
            .value = "TIME",
            .help = help,
            .default_text = format_duration(at(defaults)),
            .expected = "a time such as 300ms, 30s or 5m (from " + format_duration(least) + " to " +
                        format_duration(kMostTime) + ")",
            .apply = apply_one(read, at)};
}

template <class Slice>
Option time(const std::string& name, const std::string& help, Slice Config::*slice,
            Milliseconds Slice::*field, Milliseconds least = 1ms) {
    const auto at = [ slice, field ](auto& config) -> auto& { return config.*slice.*field; };
    return time(name, help, at, least);
}

/// What a text stands for in the form in which Config keeps it; nullopt: not acceptable.
using Normalize = std::optional<std::string> (*)(std::string_view text);

template <class Slice>
Option text(const std::string& name, const std::string& value, const std::string& help,
            Slice Config::*slice, std::string Slice::*field, Normalize normalize,
            const std::string& expected) {
    const auto at = [ slice, field ](auto& config) -> auto& { return config.*slice.*field; };
    const Config defaults;
    return {.name = name,
            .value = value,
            .help = help,
            .default_text = at(defaults),
            .expected = expected,
            .apply = apply_one(normalize, at)};
}

template <class Slice>
Option list(const std::string& name, const std::string& value, const std::string& help,
            Slice Config::*slice, std::vector<std::string> Slice::*field, Normalize normalize,
            const std::string& expected) {
    const auto apply = [slice, field, normalize](
                           Config& config,
                           const std::vector<std::string>& values) -> std::optional<std::string> {
        std::vector<std::string> normal;
        for (const auto& given : values) {
            auto element = normalize(given);
            if (!element) return given;
            normal.push_back(*std::move(element));
        }
        config.*slice.*field = std::move(normal);
        return std::nullopt;
    };
    return {.name = name,
            .value = value,
            .help = help,
            .expected = expected,
            .is_list = true,
            .apply = apply};
}

/// A switch `x`: given, it turns the field on.
template <class Slice>
Option on_switch(const std::string& name, const std::string& help, Slice Config::*slice,
                 bool Slice::*field) {
    const auto at = [ slice, field ](auto& config) -> auto& { return config.*slice.*field; };
    return {.name = name,
            .help = help,
            .expected = "true or false",
            .apply = apply_one(parse_switch, at)};
}

/// `on` or `off`, for what is on by default.
template <class Slice>
Option on_off(const std::string& name, const std::string& help, Slice Config::*slice,
              bool Slice::*field) {
    Option option = on_switch(name, help, slice, field);
    option.value = "on|off";
    option.default_text = "on";
    option.expected = "on or off";
    return option;
}

/// A switch `no-x`: given, it turns the field off.
template <class Slice>
Option off_switch(const std::string& name, const std::string& help, Slice Config::*slice,
                  bool Slice::*field) {
    const auto at = [ slice, field ](auto& config) -> auto& { return config.*slice.*field; };
    const auto read = [](std::string_view text) -> std::optional<bool> {
        const auto value = parse_switch(text);
        return value ? std::optional(!*value) : std::nullopt;
    };
    return {.name = name, .help = help, .expected = "true or false", .apply = apply_one(read, at)};
}

}  // namespace videochat::app
