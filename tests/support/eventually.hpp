// Waiting for a condition, and not for a duration.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace videochat::test {

/// So long a test waits for what must come; only a failing test waits to the end.
inline constexpr std::chrono::seconds kPatience{10};

/// Asks `condition` until it holds; false: patience ended.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds patience = kPatience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace videochat::test
