// TokenBucket: a rate limit with a burst. A value; the clock is the caller's.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace videochat::core {

class TokenBucket {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// Tokens that come back in a second, and how many there can be. A rate of 0 is no limit.
    struct Rate {
        std::size_t per_second = 0;
        std::size_t burst = 0;
    };

    /// Takes `n` tokens, even those that are not there yet. True: they were there.
    bool take(std::size_t n, const Rate& rate, TimePoint now) {
        if (rate.per_second == 0) return true;
        used_ = used_at(rate, now) + static_cast<double>(n);
        last_ = std::max(last_, now);
        return used_ <= static_cast<double>(rate.burst);
    }

    /// Takes `n` tokens if they are there. What is refused leaves no debt: for callers that turn
    /// the asker away, but will be asked again.
    bool take_if_there(std::size_t n, const Rate& rate, TimePoint now) {
        if (rate.per_second == 0) return true;
        const double used = used_at(rate, now) + static_cast<double>(n);
        if (used > static_cast<double>(rate.burst)) return false;
        used_ = used;
        last_ = std::max(last_, now);
        return true;
    }

    /// How long until no more than the burst is used.
    std::chrono::nanoseconds debt(const Rate& rate) const {
        const double over = used_ - static_cast<double>(rate.burst);
        if (rate.per_second == 0 || over <= 0) return {};
        const double seconds = over / static_cast<double>(rate.per_second);
        return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9) + 1);
    }

    /// True if none was ever taken.
    bool is_unused() const { return last_ == TimePoint{} && used_ <= 0; }

    /// True if all tokens are back.
    bool is_full(const Rate& rate, TimePoint now) const { return used_at(rate, now) <= 0; }

  private:
    double used_at(const Rate& rate, TimePoint now) const {
        if (now <= last_) return used_;
        const std::chrono::duration<double> passed = now - last_;
        return std::max(0.0, used_ - passed.count() * static_cast<double>(rate.per_second));
    }

    TimePoint last_{};
    double used_ = 0;
};

}  // namespace videochat::core
