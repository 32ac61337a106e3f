#include "app/loop_parts.hpp"

#include "http/response_head.hpp"

namespace videochat::app {
namespace {

http::ResponseHead::Fields head_fields(const Config& config) {
    const bool own_pages = !config.pages.root.empty();
    // Only with certificates that browsers trust: nobody could go back to plain HTTP.
    const bool hsts = config.tls.hsts && !config.tls.certificates.empty();
    return {.own = http::security_fields(own_pages),
            .embeddable = http::security_fields(own_pages, config.listen.embed_origins),
            .none = std::string(http::part_fields()),
            .secure = std::string(hsts ? http::hsts_field() : "")};
}

}  // namespace

LoopParts::LoopParts(const Shared& shared, std::size_t home, core::HubPorts ports,
                     core::CallPorts call_ports)
    : hub(shared.config.rooms, std::move(ports), shared.rooms),
      socketio{.websocket = shared.config.websocket,
               .engineio = shared.config.engineio,
               .recovery = shared.config.recovery,
               .hub = hub,
               .absent = absent,
               .metrics = metrics},
      engineio({.config = shared.config,
                .allowed_origins = shared.origins,
                .loops = shared.loops,
                .home = home,
                .sessions = shared.sessions,
                .metrics = metrics,
                .make_application =
                    [this](transport::EngineIoSession& session, const EngineIoQuery& query) {
                        return std::make_unique<transport::SocketIoSession>(session, socketio,
                                                                            query.room);
                    }}),
      calls(shared.config.calls, std::move(call_ports), shared.calls),
      call_clock(calls),
      socket({.config = shared.config,
              .allowed_origins = shared.origins,
              .loops = shared.loops,
              .home = home,
              .hub = hub,
              .calls = call_clock,
              .metrics = metrics}),
      visitors(shared.config, shared.trust, shared.page_facts, metrics),
      client(shared.config.socketio),
      bandwidth(shared.config.bandwidth, shared.bandwidth),
      http{.limits = shared.config.http,
           .tls_handshake_timeout = shared.config.tls.handshake_timeout,
           .router = router,
           .base_path = shared.config.listen.base_path,
           .proxies = shared.proxies,
           .metrics = metrics,
           .head = http::ResponseHead(head_fields(shared.config)),
           .request = {},
           .path = {},
           .relocate = {}},
      tls(shared.tls),
      sniffing(tls, metrics, false),
      secure(tls, metrics, true) {}

}  // namespace videochat::app
