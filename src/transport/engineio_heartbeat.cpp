#include "transport/engineio_heartbeat.hpp"

#include "net/deadline_wheel.hpp"

namespace videochat::transport {

using protocol::EngineIoPacketType;

namespace {

constexpr auto kCoarseness = 2 * net::DeadlineWheel::kTick;

}  // namespace

EngineIoHeartbeat::EngineIoHeartbeat(protocol::EngineIoVersion version,
                                     const EngineIoLimits& limits, net::TimePoint now)
    : version_(version),
      interval_(limits.ping_interval),
      timeout_(limits.ping_timeout),
      next_(now + interval_ + (client_pings() ? timeout_ : Milliseconds{})) {}

bool EngineIoHeartbeat::on_packet(EngineIoPacketType type, net::TimePoint now) {
    if (client_pings()) {
        if (type == EngineIoPacketType::Ping) next_ = now + interval_ + timeout_;
        return type != EngineIoPacketType::Pong;
    }
    if (type == EngineIoPacketType::Ping) return false;
    if (type == EngineIoPacketType::Pong) {
        pong_is_due_ = false;
        next_ = now + interval_;
    } else if (pong_is_due_ && !extended_) {
        extended_ = true;
        next_ = now + timeout_;
    }
    return true;
}

EngineIoHeartbeat::Due EngineIoHeartbeat::check(net::TimePoint now) {
    if (now < next_) return Due::Nothing;
    if (client_pings() || pong_is_due_) return Due::Dead;
    pong_is_due_ = true;
    extended_ = false;
    // Not later for the clock's coarseness; but a server that was held up leaves its clients time.
    next_ = (now - next_ <= kCoarseness ? next_ : now) + timeout_;
    return Due::Ping;
}

}  // namespace videochat::transport
