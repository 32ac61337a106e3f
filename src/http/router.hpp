// Router: which path belongs to whom. Paths are exact; what no row names belongs to the pages.
// Filled by app/server.cpp before the loops start, then only read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.hpp"
#include "http/message.hpp"
#include "http/request_address.hpp"
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

/// The loop on which a request is to be served, by its query; nullopt: any.
using Home = std::function<std::optional<std::size_t>(std::string_view query)>;

/// Asked before anything else, whatever the path is and inside of the base path or not: who is
/// turned away, and what lives at the root of the host. nullopt: the request goes its way.
using EarlyRoute =
    std::function<std::optional<Response>(const RequestHead&, const RequestAddress&)>;

/// How a request came, as its connection knows it; see Request.
struct Arrival {
    bool secure = false;
    bool from_proxy = false;
    std::uint16_t https_port = 0;
};

class Router {
  public:
    void set_early(EarlyRoute early) { early_ = std::move(early); }
    void add(std::string path, Route route) {
        routes_.push_back({std::move(path), std::move(route)});
    }
    void add_upgrade(std::string path, Upgrade upgrade, Home home) {
        upgrades_.push_back({std::move(path), {std::move(upgrade), std::move(home)}});
    }
    /// For every path that begins with `prefix`, if that ends in a slash, else for that path alone;
    /// but for those that a route has.
    void add_service(std::string prefix, Service& service) {
        services_.push_back({std::move(prefix), &service});
    }
    /// For every other path.
    void set_pages(Route pages) { pages_ = std::move(pages); }

    struct UpgradeTarget {
        Upgrade take_over;
        Home home;
    };
    const UpgradeTarget* find_upgrade(std::string_view path) const;
    /// The service of `path`, unless a route has it; or null.
    Service* find_service(std::string_view path) const;
    /// The loop on which that is to be served; nullopt: any.
    std::optional<std::size_t> home_of(std::string_view path, std::string_view query) const;
    /// What the route of `path` answers, or the pages if no row has it.
    Response answer(const RequestHead& head, std::string_view path, std::string_view query,
                    const Arrival& arrival = {}) const;
    std::optional<Response> early_answer(const RequestHead& head,
                                         const RequestAddress& address) const {
        return early_ ? early_(head, address) : std::nullopt;
    }

  private:
    const Route& find(std::string_view path) const;

    template <typename Target>
    struct Row {
        std::string path;
        Target target;
    };
    std::vector<Row<Route>> routes_;
    std::vector<Row<UpgradeTarget>> upgrades_;
    std::vector<Row<Service*>> services_;
    Route pages_;
    EarlyRoute early_;
};

}  // namespace videochat::http
