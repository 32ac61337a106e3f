// How long a child that ends again and again is left alone.
#include "turn/restart_delay.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace videochat;
using turn::RestartDelay;

TEST_CASE("RestartDelay: doubles from a second to a minute") {
    RestartDelay delay{RestartDelay::Times{}};
    std::vector<Milliseconds> waits;
    for (int i = 0; i < 9; ++i)
        waits.push_back(delay.after(100ms));
    CHECK(waits == std::vector<Milliseconds>{1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s});
}

TEST_CASE("RestartDelay: begins anew after a minute of health, and not before") {
    RestartDelay delay{RestartDelay::Times{}};
    CHECK(delay.after(0ms) == 1s);
    CHECK(delay.after(0ms) == 2s);
    CHECK(delay.after(59'999ms) == 4s);
    CHECK(delay.after(60s) == 1s);
    CHECK(delay.after(0ms) == 2s);
    CHECK(delay.after(24h) == 1s);
}
