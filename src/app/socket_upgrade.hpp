// The way onto `/socket`: judges the upgrade request (RFC 6455 section 4.2, Origin, room name) and
// makes the connection a member of its room. Wires http to transport; one for each loop, used on
// that loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "net/loop_pool.hpp"
#include "observe/metrics.hpp"
#include "transport/call_clock.hpp"
#include "transport/call_session.hpp"
#include "videochat/config.hpp"
#include "videochat/core/hub.hpp"

namespace videochat::app {

class SocketUpgrade {
  public:
    struct Parts {
        const Config& config;
        const std::vector<std::string>& allowed_origins;  ///< normalized
        const net::LoopPool& loops;
        std::size_t home;  ///< the index of its loop
        core::Hub& hub;
        transport::CallClock& calls;
        observe::Metrics& metrics;
    };
    explicit SocketUpgrade(const Parts& parts) : parts_(parts) {}

    /// Fits http::Home.
    std::optional<std::size_t> home_of(std::string_view query) const;
    /// Fits http::Upgrade.
    std::optional<http::Response> operator()(net::Connection& connection,
                                             const http::UpgradeRequest& request) const;

  private:
    /// A room, or a call.
    struct Destination {
        std::string room;
        std::optional<transport::CallRequest> call;
    };
    unsigned judge(const http::UpgradeRequest& request) const;
    std::unique_ptr<transport::Session> make_session(transport::WebSocketTransport& transport,
                                                     const Destination& destination) const;
    std::optional<Destination> find_destination(std::string_view query,
                                                const protocol::IpAddress& client) const;
    bool find_room(std::string_view query, std::string& room) const;

    Parts parts_;
};

}  // namespace videochat::app
