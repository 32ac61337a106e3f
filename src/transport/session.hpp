// Session: the protocol state above a transport: of a WebSocket, or of an Engine.IO session. Owned
// by what it stands on, on the room's loop.
#pragma once

#include <string_view>

namespace videochat::transport {

class Session {
  public:
    virtual ~Session() = default;
    /// A text message arrived whole. Its UTF-8 has not been checked.
    virtual void on_text(std::string_view text) = 0;
    virtual void on_binary(std::string_view bytes) = 0;
};

}  // namespace videochat::transport
