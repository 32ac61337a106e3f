// What a call needs of the world around it. Implemented by transport and app, and by test fakes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace videochat::core {

class EncodedEvent;

using TimePoint = std::chrono::steady_clock::time_point;

/// Close codes of a call's sockets: the client reads them where a frame did not make it.
enum class CallClose : std::uint16_t {
    Normal = 1000,
    TryAgainLater = 1013,  ///< no more calls; nothing was said
    Password = 4001,
    Full = 4002,
    Locked = 4003,
    NotAdmitted = 4004,  ///< declined, busy, no answer, ended
    Removed = 4005,
    Replaced = 4006,
    Expired = 4007,
    Rate = 4008
};

/// Where a seat's frames go (port). On the call's loop; never calls back.
class CallSocket {
  public:
    virtual ~CallSocket() = default;
    virtual void send(const EncodedEvent& event) = 0;
    /// After what was sent. The call has no more to do with it.
    virtual void end(CallClose code) = 0;
};

struct CallPorts {
    std::function<std::string()> new_seat_id;  ///< at least 64 random bits, [A-Za-z0-9_-]{11,32}
    std::function<std::string()> new_token;    ///< at least 128 random bits, [A-Za-z0-9._-]{22,128}
    /// One way and keyed; what is kept of a password.
    std::function<std::string(std::string_view)> digest;
    /// The JSON array of ICE servers for a seat; those who wait get no credentials.
    std::function<std::string(std::string_view seat, bool admitted)> ice_servers;
    std::function<std::int64_t()> unix_ms;
    std::function<void()> unknown_event;  ///< counted, otherwise ignored
    std::function<void()> not_admitted;   ///< an event that must not pass was dropped
};

/// Whether two secrets are equal, in a time that tells nothing but their lengths.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace videochat::core
