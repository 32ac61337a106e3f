// Numbers as operators write them: times and sizes with units, counts, switches. Pure.
// Every parser wants the whole text to be one value; nullopt: it is not, or it does not fit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "videochat/config.hpp"

namespace videochat::app {

/// Digits only.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// "300ms", "30s", "1.5m", "1h"; without a unit: seconds. Never finer than a millisecond.
std::optional<Milliseconds> parse_duration(std::string_view text);

/// "64KB" (1000), "256KiB" (1024), "1MiB", "1GiB"; without a unit or with "B": bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// true/false, yes/no, on/off, 1/0.
std::optional<bool> parse_switch(std::string_view text);

/// In the largest unit that needs no fraction: "30s", "1h", "300ms", "0s".
std::string format_duration(Milliseconds duration);
/// Likewise: "256KiB", "1MiB", "1000B".
std::string format_size(std::uint64_t bytes);

}  // namespace videochat::app
