// What one loop has for itself, and what all loops share: the objects that server.cpp connects.
// LoopParts are made before the loops run; from then on each is used on its loop alone.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/bandwidth_service.hpp"
#include "app/engineio_service.hpp"
#include "app/page_config.hpp"
#include "app/socket_upgrade.hpp"
#include "app/socketio_client.hpp"
#include "app/trust_answers.hpp"
#include "app/visitor_routes.hpp"
#include "http/http_conversation.hpp"
#include "http/router.hpp"
#include "net/connection_gate.hpp"
#include "net/loop_pool.hpp"
#include "observe/metrics.hpp"
#include "protocol/ip_address.hpp"
#include "tls/tls_channel.hpp"
#include "transport/call_clock.hpp"
#include "transport/socketio_session.hpp"
#include "videochat/core/hub.hpp"

namespace videochat::app {

using TlsSource = std::function<std::shared_ptr<const tls::TlsContext>()>;

/// What all loops share.
struct Shared {
    const Config& config;
    const std::vector<protocol::Cidr>& proxies;
    const std::vector<std::string>& origins;
    net::LoopPool& loops;
    net::ConnectionGate& sessions;
    std::atomic<std::size_t>& rooms;
    std::atomic<std::size_t>& calls;
    TlsSource tls;      ///< empty: no TLS
    TrustSource trust;  ///< empty: no TLS
    PageFacts page_facts;
    BandwidthRate& bandwidth;
};

/// What one loop has for itself.
struct LoopParts {
    LoopParts(const Shared& shared, std::size_t home, core::HubPorts ports,
              core::CallPorts call_ports);
    LoopParts(const LoopParts&) = delete;
    LoopParts& operator=(const LoopParts&) = delete;

    observe::Metrics metrics;
    core::Hub hub;
    transport::AbsentPeers absent;
    transport::SocketIoContext socketio;
    EngineIoService engineio;
    core::Calls calls;
    transport::CallClock call_clock;
    SocketUpgrade socket;
    VisitorRoutes visitors;
    SocketIoClient client;
    BandwidthService bandwidth;
    http::Router router;
    http::HttpContext http;
    TlsSource tls;
    tls::TlsOpener sniffing;  ///< TLS for who begins with it
    tls::TlsOpener secure;    ///< TLS for everybody
};

}  // namespace videochat::app
