// videochat-conformance-server --port N: the protocol code of the product under the applications
// that the official Engine.IO (versions 3 and 4) and Socket.IO (version 5) test suites expect, with
// their timings. For tests only; see README.md beside it.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string_view>

#include "app/engineio_service.hpp"
#include "app/process.hpp"
#include "conformance/echo_session.hpp"
#include "conformance/suite_session.hpp"
#include "http/http_conversation.hpp"
#include "http/response_head.hpp"
#include "net/listener.hpp"
#include "net/loop_pool.hpp"

using namespace videochat;

namespace {

Config suite_config() {
    Config config;
    config.engineio.ping_interval = 300ms;
    config.engineio.ping_timeout = 200ms;
    config.engineio.connect_timeout = 1000ms;
    config.websocket.message = 1'000'000;
    return config;
}

/// One loop with everything on it.
class ConformanceServer {
  public:
    explicit ConformanceServer(std::uint16_t port)
        : gate_(limits()),
          sessions_(limits()),
          loops_(1,
                 [](std::size_t) {
                     return [](const char* what) { std::fprintf(stderr, "exception: %s\n", what); };
                 }),
          echo_(parts([](transport::EngineIoSession& session, const app::EngineIoQuery&) {
              return std::make_unique<conformance::EchoSession>(session);
          })),
          suite_(parts([](transport::EngineIoSession& session, const app::EngineIoQuery&) {
              return std::make_unique<conformance::SuiteSession>(session);
          })),
          http_{.limits = config_.http,
                .tls_handshake_timeout = config_.tls.handshake_timeout,
                .router = router_,
                .base_path = {},
                .proxies = proxies_,
                .metrics = metrics_,
                .head = http::ResponseHead({}),
                .request = {},
                .path = {},
                .relocate = {}} {
        router_.add_service("/engine.io/", echo_);
        router_.add_service("/socket.io/", suite_);
        router_.set_pages([](const http::Request&) { return http::plain_response(404); });
        net::UniqueFd fd = net::Listener::open({}, port);
        std::printf("listening on port %u\n", net::Listener::port_of(fd));
        std::fflush(stdout);
        loops_.start();
        auto box = std::make_shared<net::UniqueFd>(std::move(fd));
        loops_.at(0).post([this, box] {
            loops_.at(0)
                .adopt(std::make_unique<net::Listener>(std::move(*box), gate_, proxies_, hooks()))
                .start();
        });
    }
    ~ConformanceServer() { loops_.stop(); }
    ConformanceServer(const ConformanceServer&) = delete;
    ConformanceServer& operator=(const ConformanceServer&) = delete;

  private:
    using MakeApplication = decltype(app::EngineIoService::Parts::make_application);

    static AdmissionLimits limits() {
        return {.connections = 1000,
                .connections_per_address = 0,
                .connect_rate = 0,
                .connect_burst = 1};
    }
    app::EngineIoService::Parts parts(MakeApplication make_application) {
        return {.config = config_,
                .allowed_origins = origins_,
                .loops = loops_,
                .home = 0,
                .sessions = sessions_,
                .metrics = metrics_,
                .make_application = std::move(make_application)};
    }
    net::ListenerHooks hooks() {
        return {.accepted =
                    [this](net::Socket socket) {
                        net::Connection::open(loops_.at(0), std::move(socket),
                                              [this](net::Connection& connection) {
                                                  return std::make_unique<http::HttpConversation>(
                                                      connection, http_, false);
                                              });
                    },
                .refused = [](net::Admission) {},
                .paused = [](const char*) {},
                .full = [] { return std::string(); }};
    }

    const Config config_ = suite_config();
    const std::vector<std::string> origins_;
    const std::vector<protocol::Cidr> proxies_;
    net::ConnectionGate gate_;
    net::ConnectionGate sessions_;
    observe::Metrics metrics_;
    net::LoopPool loops_;
    app::EngineIoService echo_;
    app::EngineIoService suite_;
    http::Router router_;
    http::HttpContext http_;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        unsigned port = 3000;
        if (argc == 3 && std::string_view(argv[1]) == "--port") {
            port = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
        } else if (argc != 1) {
            std::fprintf(stderr, "usage: %s [--port N]\n", argv[0]);
            return 2;
        }
        app::hold_signals();
        const ConformanceServer server(static_cast<std::uint16_t>(port));
        while (app::next_signal() == app::Signal::Reload) {
        }
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
}
