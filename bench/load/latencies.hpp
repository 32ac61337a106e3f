// A histogram of durations in bounded memory: 64 steps per power of two, so within 1.6 %.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace bench {

class Latencies {
  public:
    void add(std::int64_t nanoseconds) {
        ++steps_[step_of(static_cast<std::uint64_t>(nanoseconds))];
        ++count_;
    }

    void clear() { *this = Latencies(); }

    /// The duration that `share` (0.5, 0.99) of all stay within, in microseconds; 0 without any.
    double quantile_us(double share) const;

  private:
    static constexpr std::size_t kBits = 6;
    static constexpr std::size_t kSteps = std::size_t{1} << kBits;

    static std::size_t step_of(std::uint64_t value) {
        if (value < kSteps) {
            return static_cast<std::size_t>(value);
        }
        const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 1 - kBits;
        return shift * kSteps + static_cast<std::size_t>(value >> shift);
    }

    std::array<std::uint64_t, kSteps * 60> steps_{};
    std::uint64_t count_ = 0;
};

}  // namespace bench
