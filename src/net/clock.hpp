// The clock of deadlines. Loops read it once a turn; pure classes are handed time points, so that a
// test lets 25 seconds pass in no time.
#pragma once

#include <chrono>

namespace videochat::net {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

}  // namespace videochat::net
