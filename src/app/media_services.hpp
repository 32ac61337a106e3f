// MediaServices: what helps calls to find a way (ICE, RFC 8445): STUN inside, coturn beside, and
// what members are told of both. Helps and not the service itself: most calls find a way without,
// so what cannot be had is a line in the log. Owned by the server; started and stopped on its
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/ice_servers.hpp"
#include "net/loop.hpp"
#include "net/unique_fd.hpp"
#include "observe/metrics.hpp"
#include "turn/turn_supervisor.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

class MediaServices {
  public:
    explicit MediaServices(const Config& config) : config_(config), ice_(config.ice) {}

    /// Opens the sockets of STUN (`port`: of HTTP, its number unless another is set), starts
    /// coturn.
    void start(std::uint16_t port);
    /// Serves STUN on `loop`, which has been started.
    void serve(net::Loop& loop, observe::Metrics& metrics);
    void request_stop();
    void stop();

    /// What a seat is told (core::CallPorts::ice_servers). Any loop, from start() on.
    std::string ice_servers_json(std::string_view seat, bool admitted, std::int64_t now) const;
    /// What a member is told of: any STUN, any TURN. Any loop, from start() on.
    IceFeatures features() const { return ice_features(ice_, stun_port_); }
    /// Lines for /healthz, each ended; none without TURN of ours. Any thread.
    std::string health() const;

  private:
    void open_stun(std::uint16_t port);
    void start_turn();

    const Config& config_;
    IceConfig ice_;                               ///< from start() on with our own TURN
    std::uint16_t stun_port_ = 0;                 ///< 0: pages are told of no STUN of ours
    std::vector<net::UniqueFd> stun_;             ///< until they are served
    std::unique_ptr<turn::TurnSupervisor> turn_;  ///< null: no TURN of ours
};

}  // namespace videochat::app
