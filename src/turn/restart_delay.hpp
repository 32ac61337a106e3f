// How long to wait before a child that has ended is started again: twice as long each time, until
// it has run for a while. A value of the supervisor's thread.
#pragma once

#include <algorithm>

#include "videochat/config.hpp"

namespace videochat::turn {

class RestartDelay {
  public:
    struct Times {
        Milliseconds first = 1s;
        Milliseconds longest = 60s;
        Milliseconds healthy = 60s;  ///< who ran that long begins anew
    };

    explicit RestartDelay(const Times& times) : times_(times), next_(times.first) {}

    /// The wait after a run of that length.
    Milliseconds after(Milliseconds run) {
        if (run >= times_.healthy) next_ = times_.first;
        const Milliseconds wait = next_;
        next_ = std::min(2 * next_, times_.longest);
        return wait;
    }

  private:
    const Times times_;
    Milliseconds next_;
};

}  // namespace videochat::turn
