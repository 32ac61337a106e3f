// EngineIoHeartbeat: who pings whom, and when a session counts as dead. Engine.IO 4: the server
// pings, each time an interval after the last pong, and waits for the pong. Engine.IO 3: the client
// pings. A value; the clock is the caller's.
#pragma once

#include "net/clock.hpp"
#include "protocol/engineio_packet.hpp"
#include "videochat/config.hpp"

namespace videochat::transport {

class EngineIoHeartbeat {
  public:
    enum class Due { Nothing, Ping, Dead };

    EngineIoHeartbeat(protocol::EngineIoVersion version, const EngineIoLimits& limits,
                      net::TimePoint now);

    /// A packet of the client. False: a ping or pong in the direction that its version forbids.
    bool on_packet(protocol::EngineIoPacketType type, net::TimePoint now);
    /// What is to be done at `now`; Ping is said once for each ping.
    Due check(net::TimePoint now);
    /// When check() has something to say at the latest.
    net::TimePoint next() const { return next_; }

  private:
    bool client_pings() const { return version_ == protocol::EngineIoVersion::V3; }

    protocol::EngineIoVersion version_;
    Milliseconds interval_;
    Milliseconds timeout_;
    net::TimePoint next_;
    bool pong_is_due_ = false;
    bool extended_ = false;  ///< another packet has shown life since the ping
};

}  // namespace videochat::transport
