// Outbox (port): where a peer's outgoing events go. Implemented by transports and by test fakes.
#pragma once

#include <cstdint>
#include <string_view>

namespace videochat::core {

class EncodedEvent;

/// Why the domain ends a peer's connection.
enum class Dismissal : std::uint8_t {
    Policy,     ///< broke a rule: WebSocket close 1008
    GoingAway,  ///< the server ends: close 1001
};

/// Lives on the peer's loop. Neither function may remove the peer from its room before it returns:
/// rooms call them while they walk their members.
class Outbox {
  public:
    virtual ~Outbox() = default;
    /// Queues one event. Never blocks; what happens to a peer that does not read is the outbox's
    /// own matter.
    virtual void send(const EncodedEvent& event) = 0;
    /// Ends the connection after what is queued. `reason` is plain ASCII, at most 100 bytes.
    virtual void dismiss(Dismissal why, std::string_view reason) = 0;
};

}  // namespace videochat::core
