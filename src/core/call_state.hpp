// What a call keeps of addresses: wrong proofs, made seats, looks. Private to core.
#pragma once

#include <algorithm>
#include <chrono>

#include "videochat/core/call.hpp"

namespace videochat::core {

/// Wrong proofs of one address at one call.
struct Call::Tries {
    unsigned wrong = 0;
    TimePoint until{};  ///< nobody from there is examined before

    void add_wrong(TimePoint now) {
        ++wrong;
        constexpr unsigned kFree = 3;
        constexpr unsigned kLongest = 60;
        if (wrong <= kFree) return;
        const unsigned doublings = std::min(wrong - kFree - 1, 6U);
        until = now + std::chrono::seconds(std::min(1U << doublings, kLongest));
    }
};

/// Waiting seats that one address made at one call, or its looks from outside: a bucket of ten, one
/// back every six seconds.
struct Call::Arrivals {
    static constexpr std::chrono::milliseconds kEach{6000};
    static constexpr int kBurst = 10;
    TimePoint until{};  ///< when nothing is used any more

    /// How long until the next one may come; 0: now.
    std::chrono::milliseconds wait(TimePoint now) const {
        const auto used = std::max(until, now) - now;
        const auto over = used + kEach - kBurst * kEach;
        if (over <= std::chrono::nanoseconds{}) return {};
        return std::chrono::ceil<std::chrono::milliseconds>(over);
    }
    void add(TimePoint now) { until = std::max(until, now) + kEach; }
};

}  // namespace videochat::core
