#include "app/engineio_query.hpp"

#include <utility>

#include "protocol/request_target.hpp"

namespace videochat::app {
namespace {

using protocol::EngineIoVersion;
using protocol::ParameterOutcome;

/// nullopt: not there. Empty: there, but not as it should be.
std::optional<std::string> value_of(std::string_view query, std::string_view name) {
    auto parameter = protocol::find_parameter(query, name);
    if (parameter.outcome == ParameterOutcome::Absent) return std::nullopt;
    if (parameter.outcome != ParameterOutcome::One) return std::string();
    return std::move(parameter.value);
}

}  // namespace

EngineIoQuery EngineIoQuery::parse(std::string_view query) {
    EngineIoQuery parsed;
    const auto transport = value_of(query, "transport");
    if (transport == "polling") parsed.transport = Transport::Polling;
    if (transport == "websocket") parsed.transport = Transport::WebSocket;
    const auto version = value_of(query, "EIO");
    if (version == "3") parsed.version = EngineIoVersion::V3;
    if (version == "4") parsed.version = EngineIoVersion::V4;
    parsed.sid = value_of(query, "sid");
    const auto base64 = value_of(query, "b64");
    parsed.base64 = base64 && base64 != "" && base64 != "0" && base64 != "false";
    parsed.jsonp = value_of(query, "j");
    parsed.has_call = protocol::find_parameter(query, "call").outcome != ParameterOutcome::Absent;
    auto room = protocol::find_parameter(query, "room", protocol::Plus::Space);
    if (room.outcome == ParameterOutcome::One) parsed.room = std::move(room.value);
    parsed.is_room_valid =
        room.outcome == ParameterOutcome::One || room.outcome == ParameterOutcome::Absent;
    if (room.outcome == ParameterOutcome::One && parsed.room.empty()) parsed.is_room_valid = false;
    return parsed;
}

}  // namespace videochat::app
