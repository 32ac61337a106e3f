// The log: one line per event, as text or as JSON, on standard error or in a file. Any thread.
// A line that cannot be written, or only by waiting, is dropped: logging never throws or blocks.
// Silent until start(), so that embedders and tests hear nothing they did not ask for.
// spdlog stays inside log.cpp.
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>

#include "protocol/quoted_text.hpp"
#include "videochat/config.hpp"

namespace videochat::observe::log {

/// `quoted(text)`: peers' data inside a message, escaped and cut at 200 bytes. Not needed for
/// fields: their values are escaped and cut by the log.
using protocol::quoted;

enum class Level : int { Trace, Debug, Info, Warn, Error, Off };

/// One `name=value` of a line. It only looks at its text: make it in the call that logs it.
struct Field {
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, bool>;

    constexpr Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    constexpr Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    constexpr Field(std::string_view n, bool v) : name(n), value(v) {}
    template <std::signed_integral T>
    constexpr Field(std::string_view n, T v) : name(n), value(std::int64_t{v}) {}
    template <std::unsigned_integral T>
    constexpr Field(std::string_view n, T v) : name(n), value(std::uint64_t{v}) {}

    std::string_view name;
    Value value;
};
using Fields = std::initializer_list<Field>;

/// Begins to log as configured. Throws std::runtime_error with one line that names the culprit: a
/// file that cannot be opened, a level or format that does not exist. Not while others log.
void start(const LogConfig& config);

/// Opens the log file anew (after a rotation). If that fails, the old one stays in use.
void reopen();

namespace detail {
inline std::atomic<int> least_level{static_cast<int>(Level::Off)};
void write(Level level, std::string_view message, Fields fields) noexcept;
}  // namespace detail

/// One relaxed load. Ask before preparing what only a debug line needs.
inline bool enabled(Level level) {
    return static_cast<int>(level) >= detail::least_level.load(std::memory_order_relaxed);
}

inline void trace(std::string_view message, Fields fields = {}) {
    if (enabled(Level::Trace)) detail::write(Level::Trace, message, fields);
}
inline void debug(std::string_view message, Fields fields = {}) {
    if (enabled(Level::Debug)) detail::write(Level::Debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
    if (enabled(Level::Info)) detail::write(Level::Info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
    if (enabled(Level::Warn)) detail::write(Level::Warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
    if (enabled(Level::Error)) detail::write(Level::Error, message, fields);
}

/// For a line that may repeat without end: one object per place (usually `static`) lets one line a
/// minute through.
///     static log::OncePerMinute limit;
///     if (auto held_back = limit.admit()) log::warn("...", {{"held_back", *held_back}});
class OncePerMinute {
  public:
    using Clock = std::chrono::steady_clock;

    /// How many were held back since the last one that was let through; nullopt: hold this one
    /// back too.
    std::optional<std::uint64_t> admit(Clock::time_point now = Clock::now());

  private:
    std::atomic<Clock::rep> next_{Clock::time_point::min().time_since_epoch().count()};
    std::atomic<std::uint64_t> held_back_{0};
};

}  // namespace videochat::observe::log
