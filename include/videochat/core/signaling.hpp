// The front door of the domain: what a client's event does. The table is in signaling.cpp.
#pragma once

#include "videochat/core/event.hpp"
#include "videochat/core/room.hpp"

namespace videochat::core::signaling {

/// Handles one event of `from`, a member of `room`, on the room's loop. An event that no rule names
/// has no effect but to be counted.
void handle(Room& room, Peer& from, const Event& event);

}  // namespace videochat::core::signaling
