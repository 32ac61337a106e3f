// EngineIoService: what is asked for under `/socket.io/`: judges requests as Engine.IO does, makes
// sessions, and hands polls, POSTs and WebSockets to them. What runs above a session is given to
// it. Wires http to transport; one for each loop, used on that loop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/engineio_query.hpp"
#include "http/exchange.hpp"
#include "http/router.hpp"
#include "net/connection_gate.hpp"
#include "net/loop_pool.hpp"
#include "observe/metrics.hpp"
#include "transport/engineio_session.hpp"
#include "transport/engineio_sessions.hpp"
#include "transport/session.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

class EngineIoService final : public http::Service {
  public:
    struct Parts {
        const Config& config;
        const std::vector<std::string>& allowed_origins;  ///< normalized
        net::LoopPool& loops;
        std::size_t home;               ///< the index of its loop
        net::ConnectionGate& sessions;  ///< counts sessions as connections are counted
        observe::Metrics& metrics;
        /// Makes what runs above a session whose open packet is on its way.
        std::function<std::unique_ptr<transport::Session>(transport::EngineIoSession&,
                                                          const EngineIoQuery&)>
            make_application;
    };
    explicit EngineIoService(Parts parts);

    std::optional<std::size_t> home_of(std::string_view query) const override;
    void serve(http::Exchange& exchange, const http::ServiceRequest& request) override;
    std::optional<http::Response> upgrade(net::Connection& connection,
                                          const http::UpgradeRequest& request) override;

  private:
    using Session = transport::EngineIoSession;
    using Error = transport::EngineIoError;

    std::optional<Error> judge(const http::RequestHead& head, const EngineIoQuery& query,
                               bool is_upgrade, Session*& session) const;
    std::optional<Error> judge_handshake(const http::RequestHead& head, const EngineIoQuery& query,
                                         bool is_upgrade) const;
    bool is_origin_allowed(const http::RequestHead& head) const;
    /// Null: too many from there.
    Session* open_session(const EngineIoQuery& query, const protocol::IpAddress& client);
    void begin(Session& session, const EngineIoQuery& query);
    void serve_session(http::Exchange& exchange, const http::ServiceRequest& request,
                       const EngineIoQuery& query, Session& session);
    void take_over(net::Connection& connection, std::string_view key, Session& session,
                   bool is_new);
    std::string sid() const;

    Parts parts_;
    transport::EngineIoSessions sessions_;
    transport::EngineIoContext context_;
};

}  // namespace videochat::app
