// Router: which path belongs to whom. Paths are exact; what no row names belongs to the pages.
// Filled by app/server.cpp before the loops start, then only read.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "http/request_head.hpp"
#include "net/connection.hpp"
#include "observe/metrics.hpp"

namespace videochat::http {

/// A request on a path where a protocol other than HTTP is spoken.
struct UpgradeRequest {
    const RequestHead& head;
    std::string_view query;
    protocol::IpAddress client;  ///< the peer, or whom a trusted proxy names
    std::span<const char> rest;  ///< bytes that came behind the head
    observe::Metrics& metrics;   ///< of the connection's present loop
};

/// Takes the connection over (Connection::become or release, after queueing its own 101) and
/// returns nothing, or returns the refusal.
using Upgrade = std::function<std::optional<Response>(net::Connection&, const UpgradeRequest&)>;

class Router {
  public:
    void add(std::string path, Route route) {
        routes_.push_back({std::move(path), std::move(route)});
    }
    void add_upgrade(std::string path, Upgrade upgrade) {
        upgrades_.push_back({std::move(path), std::move(upgrade)});
    }
    /// For every other path.
    void set_pages(Route pages) { pages_ = std::move(pages); }

    const Upgrade* find_upgrade(std::string_view path) const;
    /// The route of `path`; the pages if no row has it.
    const Route& find(std::string_view path) const;

  private:
    template <typename Target>
    struct Row {
        std::string path;
        Target target;
    };
    std::vector<Row<Route>> routes_;
    std::vector<Row<Upgrade>> upgrades_;
    Route pages_;
};

}  // namespace videochat::http
