// EngineIoQuery: the query of a request under `/socket.io/`. Parameters that stand there twice, or
// with a bad escape, count as wrong, never as missing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/engineio_packet.hpp"

namespace videochat::app {

struct EngineIoQuery {
    enum class Transport { Unknown, Polling, WebSocket };

    Transport transport = Transport::Unknown;
    std::optional<protocol::EngineIoVersion> version;
    std::optional<std::string> sid;  ///< empty text if it is malformed
    bool base64 = false;
    std::optional<std::string> jsonp;  ///< `j`, not checked
    std::string room;                  ///< decoded, a plus is a space; empty if there is none
    bool has_call = false;             ///< calls are for `/socket` alone
    bool is_room_valid = true;         ///< as a parameter; the name is not checked

    static EngineIoQuery parse(std::string_view query);
};

}  // namespace videochat::app
