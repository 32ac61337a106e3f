// What may name a room. Names are compared byte by byte: nothing is folded, trimmed or cut.
#pragma once

#include <string_view>

#include "videochat/config.hpp"

namespace videochat::protocol {

enum class RoomNameOutcome {
    Ok,
    Empty,
    TooLong,  ///< more code points or bytes than the limits allow
    InvalidUtf8,
    ControlCharacter  ///< C0 (NUL too), DEL or C1
};

/// `name` is already percent-decoded. Uses `name_code_points` and `name_bytes`; 0 lifts either.
RoomNameOutcome check_room_name(std::string_view name, const RoomLimits& limits);

}  // namespace videochat::protocol
