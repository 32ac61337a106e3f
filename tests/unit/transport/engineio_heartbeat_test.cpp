#include "transport/engineio_heartbeat.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;
using videochat::EngineIoLimits;
using videochat::net::TimePoint;
using videochat::protocol::EngineIoPacketType;
using videochat::protocol::EngineIoVersion;
using videochat::transport::EngineIoHeartbeat;
using Due = EngineIoHeartbeat::Due;

namespace {

constexpr TimePoint kStart{1h};

EngineIoLimits limits() {
    EngineIoLimits limits;
    limits.ping_interval = 25s;
    limits.ping_timeout = 20s;
    return limits;
}

}  // namespace

TEST_CASE("EngineIoHeartbeat: version 4 pings an interval after the last pong") {
    EngineIoHeartbeat beat(EngineIoVersion::V4, limits(), kStart);
    CHECK(beat.check(kStart + 24999ms) == Due::Nothing);
    CHECK(beat.check(kStart + 25s) == Due::Ping);
    CHECK(beat.check(kStart + 26s) == Due::Nothing);  // said once
    CHECK(beat.on_packet(EngineIoPacketType::Pong, kStart + 30s));
    CHECK(beat.next() == kStart + 55s);
    CHECK(beat.check(kStart + 54s) == Due::Nothing);
    CHECK(beat.check(kStart + 55s) == Due::Ping);
}

TEST_CASE("EngineIoHeartbeat: version 4 without a pong is dead after the timeout") {
    EngineIoHeartbeat beat(EngineIoVersion::V4, limits(), kStart);
    REQUIRE(beat.check(kStart + 25s) == Due::Ping);
    CHECK(beat.check(kStart + 44999ms) == Due::Nothing);
    CHECK(beat.check(kStart + 45s) == Due::Dead);
}

TEST_CASE("EngineIoHeartbeat: a late look shortens no wait, unless the server was held up") {
    EngineIoHeartbeat beat(EngineIoVersion::V4, limits(), kStart);
    REQUIRE(beat.check(kStart + 25s + 20ms) == Due::Ping);
    CHECK(beat.next() == kStart + 45s);
    EngineIoHeartbeat held_up(EngineIoVersion::V4, limits(), kStart);
    REQUIRE(held_up.check(kStart + 60s) == Due::Ping);
    CHECK(held_up.next() == kStart + 80s);
}

TEST_CASE("EngineIoHeartbeat: another packet extends the wait for a pong, but once") {
    EngineIoHeartbeat beat(EngineIoVersion::V4, limits(), kStart);
    REQUIRE(beat.check(kStart + 25s) == Due::Ping);
    CHECK(beat.on_packet(EngineIoPacketType::Message, kStart + 40s));
    CHECK(beat.check(kStart + 45s) == Due::Nothing);
    CHECK(beat.on_packet(EngineIoPacketType::Message, kStart + 59s));
    CHECK(beat.check(kStart + 60s) == Due::Dead);
}

TEST_CASE("EngineIoHeartbeat: version 4 lets no client ping") {
    EngineIoHeartbeat beat(EngineIoVersion::V4, limits(), kStart);
    CHECK_FALSE(beat.on_packet(EngineIoPacketType::Ping, kStart));
}

TEST_CASE("EngineIoHeartbeat: version 3 lives by its client's pings alone") {
    EngineIoHeartbeat beat(EngineIoVersion::V3, limits(), kStart);
    CHECK(beat.check(kStart + 44999ms) == Due::Nothing);
    CHECK(beat.on_packet(EngineIoPacketType::Ping, kStart + 40s));
    CHECK(beat.on_packet(EngineIoPacketType::Message, kStart + 80s));
    CHECK(beat.check(kStart + 84999ms) == Due::Nothing);
    CHECK(beat.check(kStart + 85s) == Due::Dead);
}

TEST_CASE("EngineIoHeartbeat: version 3 lets no client pong") {
    EngineIoHeartbeat beat(EngineIoVersion::V3, limits(), kStart);
    CHECK_FALSE(beat.on_packet(EngineIoPacketType::Pong, kStart));
}
