// What the contenders speak over the same frames: where to connect, what a message looks like, and
// what its relayed form must be, byte for byte.
#pragma once

#include <string>

#include "options.hpp"

namespace bench {

struct Dialect {
    std::string target;    // up to the room's name, which the query ends with
    std::string outgoing;  // the one message that is sent over and over
    std::string expected;  // what the others must get for it
    bool socketio =
        false;  // Engine.IO 4: a session and a namespace are opened first, pings answered
};

Dialect make_dialect(const Options& options);

}  // namespace bench
