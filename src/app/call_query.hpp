// The query of `/socket?call=...` (docs/protocol.md, "Calls"): checked and decoded. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "transport/call_session.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

/// Code points of a display name.
inline constexpr std::size_t kLongestDisplayName = 64;

/// Whether the query asks for a call at all.
bool asks_for_call(std::string_view query);

/// nullopt: against the rules, answered with 400. The entry's address is the caller's to fill.
std::optional<transport::CallRequest> parse_call_query(std::string_view query,
                                                       const RoomLimits& names);

}  // namespace videochat::app
