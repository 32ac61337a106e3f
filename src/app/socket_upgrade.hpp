// The way onto `/socket`: judges the upgrade request (RFC 6455 section 4.2, Origin, room name) and
// moves the connection to the loop where its room lives. Wires http to transport; runs on the
// connection's loop.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/router.hpp"
#include "net/loop_pool.hpp"
#include "observe/metrics.hpp"
#include "videochat/config.hpp"
#include "videochat/core/hub.hpp"

namespace videochat::app {

/// One for the whole server, only read once the loops run.
class SocketUpgrade {
  public:
    struct Parts {
        const Config& config;
        const std::vector<std::string>& allowed_origins;  ///< normalized
        net::LoopPool& loops;
        std::function<core::Hub&(std::size_t loop)> hub_of;
        std::function<observe::Metrics&(std::size_t loop)> metrics_of;
    };
    explicit SocketUpgrade(Parts parts) : parts_(std::move(parts)) {}

    /// Fits http::Upgrade.
    std::optional<http::Response> operator()(net::Connection& connection,
                                             const http::UpgradeRequest& request) const;

  private:
    unsigned judge(const http::UpgradeRequest& request) const;
    bool find_room(std::string_view query, std::string& room) const;
    void move_in(net::Connection& connection, const http::UpgradeRequest& request,
                 const std::string& room) const;
    std::unique_ptr<net::ByteHandler> make_transport(net::Connection& connection, std::size_t home,
                                                     std::string_view room) const;

    Parts parts_;
};

}  // namespace videochat::app
