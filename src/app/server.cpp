// The one place that connects everything. What is shared by all loops stands in Impl, what each
// loop has for itself in LoopParts.
#include "videochat/server.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/admission_counter.hpp"
#include "app/hmac.hpp"
#include "app/loop_parts.hpp"
#include "app/media_services.hpp"
#include "app/random_id.hpp"
#include "app/startup_checks.hpp"
#include "app/trust_answers.hpp"
#include "http/response_head.hpp"
#include "net/connection_gate.hpp"
#include "net/interfaces.hpp"
#include "net/listener.hpp"
#include "net/loop_pool.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "observe/metrics_page.hpp"
#include "protocol/ip_address.hpp"
#include "tls/certificate_keeper.hpp"
#include "tls/own_addresses.hpp"

namespace videochat {
namespace {

namespace log = observe::log;
using app::LoopParts;
using observe::Counter;

/// What a listener's connections speak.
enum class Speaks : std::uint8_t { Both, Http, Https };

}  // namespace

class Server::Impl {
  public:
    explicit Impl(const Config& config);
    ~Impl() { loops_.stop(); }  // first of all: what runs there uses every member
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    void start();
    std::uint16_t port() const { return port_; }
    TrustSummary trust() const;
    void reload();
    void begin_stop();
    void wait();

  private:
    core::HubPorts hub_ports(std::size_t loop);
    core::CallPorts call_ports(std::size_t loop);
    void fill_routes(LoopParts& parts);
    http::Response health() const;
    app::TlsSource tls_source() const;
    app::TrustSource trust_source() const;
    app::PageFacts page_facts() const;
    void listen(net::UniqueFd fd, Speaks speaks);
    net::ListenerHooks listener_hooks(Speaks speaks);
    std::string full_answer();
    void accept(net::Socket socket, Speaks speaks);
    void take_in(std::size_t home, net::Socket socket, Speaks speaks);
    void serve(std::size_t home, net::Socket socket, std::string bytes = {},
               std::optional<std::uint32_t> requests = {});
    void relocate(std::size_t home, net::Socket socket, std::string bytes, std::uint32_t requests);

    const Config config_;
    const std::vector<protocol::Cidr> proxies_;
    net::ConnectionGate gate_;
    net::ConnectionGate sessions_;  ///< Engine.IO's, under the same limits
    app::BandwidthRate bandwidth_;
    std::atomic<std::size_t> rooms_{0};
    std::atomic<std::size_t> calls_{0};
    std::unique_ptr<tls::CertificateKeeper> certificates_;  ///< null: no TLS, or not started
    app::MediaServices media_;
    std::vector<std::unique_ptr<LoopParts>> parts_;
    net::LoopPool loops_;        // after what its residents use: it ends them
    std::size_t next_loop_ = 0;  ///< for the next connection; on the listener's loop
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::condition_variable stop_begun_;
    bool started_ = false;
    net::TimePoint stop_deadline_{};
};

Server::Impl::Impl(const Config& config)
    : config_(app::with_checked_origins(config)),
      proxies_(app::parse_proxies(config.listen.trusted_proxies)),
      gate_(app::resolve(config.admission)),
      sessions_(app::resolve(config.admission)),
      bandwidth_(config.bandwidth.per_minute),
      media_(config_),
      loops_(std::max(1U, config.listen.threads), [this](std::size_t i) {
          return [this, i](const char* what) {
              parts_[i]->metrics.add(Counter::Exceptions);
              static log::OncePerMinute limit;
              if (limit.admit()) log::error("internal error", {{"what", what}});
          };
      }) {
    const app::Shared shared{.config = config_,
                             .proxies = proxies_,
                             .origins = config_.listen.allow_origins,
                             .loops = loops_,
                             .sessions = sessions_,
                             .rooms = rooms_,
                             .calls = calls_,
                             .tls = tls_source(),
                             .trust = trust_source(),
                             .page_facts = page_facts(),
                             .bandwidth = bandwidth_};
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        parts_.push_back(std::make_unique<LoopParts>(shared, i, hub_ports(i), call_ports(i)));
        fill_routes(*parts_.back());
    }
}

core::HubPorts Server::Impl::hub_ports(std::size_t loop) {
    return {.new_id = app::random_id,
            .ipv4_addresses = [] { return net::ipaddr_answers(net::interface_addresses()); },
            .unknown_event = [this, loop] { parts_[loop]->metrics.add(Counter::UnknownEvents); }};
}

core::CallPorts Server::Impl::call_ports(std::size_t loop) {
    return {.new_seat_id = app::random_id,
            .new_token = [] { return app::random_id() + app::random_id(); },
            // What a password leaves behind means nothing to another process, or to a reader of
            // memory without this key.
            .digest = [key = app::random_id()](
                          std::string_view proof) { return app::hmac_sha256(key, proof); },
            .ice_servers =
                [this](std::string_view seat, bool admitted) {
                    return media_.ice_servers_json(seat, admitted, std::time(nullptr));
                },
            .unix_ms =
                [] {
                    const auto now = std::chrono::system_clock::now().time_since_epoch();
                    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
                },
            .unknown_event = [this, loop] { parts_[loop]->metrics.add(Counter::UnknownEvents); },
            .not_admitted = [this, loop] { parts_[loop]->metrics.add(Counter::NotAdmitted); }};
}

void Server::Impl::fill_routes(LoopParts& parts) {
    parts.router.add_upgrade(
        "/socket",
        [&parts](auto& connection, const auto& request) {
            return parts.socket(connection, request);
        },
        [&parts](std::string_view query) { return parts.socket.home_of(query); });
    parts.router.add_service("/socket.io/", parts.engineio);
    if (config_.bandwidth.enabled && config_.pages.root.empty()) {
        parts.router.add_service("/bandwidth", parts.bandwidth);
    }
    parts.http.relocate = [this](std::size_t home, net::Socket socket, std::string bytes,
                                 std::uint32_t requests) {
        relocate(home, std::move(socket), std::move(bytes), requests);
    };
    for (const auto* path : {"/socket.io/socket.io.js", "/socket.io/socket.io.min.js"}) {
        parts.router.add(path,
                         [&parts](const auto& request) { return parts.client.answer(request); });
    }
    parts.visitors.add_to(parts.router);
    parts.router.add("/healthz", [this](const http::Request& request) {
        http::Response response = health();
        response.extra_fields += app::twin_fields(request);
        return response;
    });
    parts.router.add("/metrics", [this](const http::Request&) {
        std::vector<const observe::Metrics*> loops;
        for (const auto& each : parts_)
            loops.push_back(&each->metrics);
        auto page = http::text_response(200, observe::metrics_page(loops, gate_.live()),
                                        "Cache-Control: no-store\r\n");
        page.fields = core::Frame::of_static("Content-Type: text/plain; version=0.0.4\r\n");
        return page;
    });
}

http::Response Server::Impl::health() const {
    const bool stopping = stopping_.load(std::memory_order_relaxed);
    const std::string text = (stopping ? "stopping\n" : "ok\n") + media_.health();
    return http::text_response(stopping ? 503 : 200, text, "Cache-Control: no-store\r\n");
}

void Server::Impl::start() {
    const ListenConfig& at = config_.listen;
    std::vector<std::pair<net::UniqueFd, Speaks>> sockets;
    sockets.emplace_back(net::Listener::open(at.host, at.port), Speaks::Both);
    port_ = net::Listener::port_of(sockets.front().first);
    if (at.http_port != 0) {
        sockets.emplace_back(net::Listener::open(at.host, at.http_port), Speaks::Http);
    }
    if (at.https_port != 0) {
        sockets.emplace_back(net::Listener::open(at.host, at.https_port), Speaks::Https);
    }
    // After everything that may have to be said first: nothing is made for a server that cannot be.
    if (config_.tls.enabled) {
        certificates_ = std::make_unique<tls::CertificateKeeper>(config_.tls);
    }
    const std::lock_guard lock(mutex_);
    media_.start(port_);
    loops_.start();
    started_ = true;
    media_.serve(loops_.at(0), parts_[0]->metrics);
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        loops_.at(i).post([this, i] { loops_.at(i).attach(parts_[i]->call_clock); });
    }
    for (auto& [fd, speaks] : sockets)
        listen(std::move(fd), speaks);
}

void Server::Impl::listen(net::UniqueFd fd, Speaks speaks) {
    auto box = std::make_shared<net::UniqueFd>(std::move(fd));
    loops_.at(0).post([this, box, speaks] {
        loops_.at(0)
            .adopt(std::make_unique<net::Listener>(std::move(*box), gate_, proxies_,
                                                   listener_hooks(speaks)))
            .start();
    });
}

app::TlsSource Server::Impl::tls_source() const {
    if (!config_.tls.enabled) return {};
    return [this] { return certificates_->current().context; };
}

app::TrustSource Server::Impl::trust_source() const {
    if (!config_.tls.enabled) return {};
    return [this] { return certificates_->current().facts; };
}

app::PageFacts Server::Impl::page_facts() const {
    return {.presence =
                [this] {
                    return app::Presence{.listen = config_.listen,
                                         .port = port_,
                                         .lan = tls::lasting_lan_addresses(),
                                         .trust = trust()};
                },
            .ice = [this] { return media_.features(); }};
}

TrustSummary Server::Impl::trust() const {
    if (!certificates_) return {};
    const auto facts = certificates_->current().facts;
    return {
        .leaf_sha256 = facts->leaf_sha256, .ca_sha256 = facts->ca_sha256, .names = facts->names};
}

net::ListenerHooks Server::Impl::listener_hooks(Speaks speaks) {
    return {
        .accepted = [this, speaks](net::Socket socket) { accept(std::move(socket), speaks); },
        .refused =
            [this](net::Admission admission) {
                parts_[0]->metrics.add(app::counter_of(admission));
                static log::OncePerMinute limit;
                if (!limit.admit()) return;
                log::warn("connections are being refused",
                          {{"counter", observe::name_of(app::counter_of(admission))}});
            },
        .paused =
            [this](const char* reason) {
                parts_[0]->metrics.add(Counter::AcceptPaused);
                static log::OncePerMinute limit;
                if (limit.admit()) log::warn("accept pauses", {{"reason", reason}});
            },
        .full = [this, speaks] { return speaks == Speaks::Https ? std::string{} : full_answer(); }};
}

// A whole answer, as there will be no conversation.
std::string Server::Impl::full_answer() {
    http::Response response = http::plain_response(503);
    response.extra_fields += "Retry-After: 5\r\n";
    std::string bytes = parts_[0]->http.head.begin(response, false, false);
    return bytes.append(response.fields.view()).append("\r\n").append(response.body.view());
}

void Server::Impl::accept(net::Socket socket, Speaks speaks) {
    parts_[0]->metrics.add(Counter::ConnectionsAccepted);
    const std::size_t home = next_loop_++ % loops_.size();
    if (home == 0) {
        take_in(0, std::move(socket), speaks);
        return;
    }
    auto box = std::make_shared<net::Socket>(std::move(socket));
    loops_.at(home).post([this, home, box, speaks] { take_in(home, std::move(*box), speaks); });
}

// A connection asks its own loop's opener: what is counted there is written there alone.
void Server::Impl::take_in(std::size_t home, net::Socket socket, Speaks speaks) {
    LoopParts& parts = *parts_[home];
    if (parts.tls && speaks == Speaks::Both) socket.opener = &parts.sniffing;
    if (parts.tls && speaks == Speaks::Https) socket.opener = &parts.secure;
    if (speaks == Speaks::Http) {
        socket.https_port = config_.listen.https_port != 0 ? config_.listen.https_port : port_;
    }
    serve(home, std::move(socket));
}

// `bytes` have been read from the socket already, on another loop, and `requests` answered there.
void Server::Impl::serve(std::size_t home, net::Socket socket, std::string bytes,
                         std::optional<std::uint32_t> requests) {
    if (stopping_.load(std::memory_order_relaxed) && !requests) return;
    const bool over_limit = socket.over_limit;
    auto* const opened =
        net::Connection::open(loops_.at(home), std::move(socket), [&](net::Connection& connection) {
            return std::make_unique<http::HttpConversation>(connection, parts_[home]->http,
                                                            over_limit, requests);
        });
    if (opened != nullptr && requests) opened->inject(std::move(bytes));
}

void Server::Impl::relocate(std::size_t home, net::Socket socket, std::string bytes,
                            std::uint32_t requests) {
    // std::function wants copies, a socket is one of a kind: it travels in a shared box.
    auto box = std::make_shared<net::Socket>(std::move(socket));
    loops_.at(home).post([this, home, box, bytes = std::move(bytes), requests] {
        serve(home, std::move(*box), bytes, requests);
    });
}

// Pages are compared with their files at every request.
void Server::Impl::reload() {
    log::reopen();
    if (certificates_) certificates_->reload();
}

void Server::Impl::begin_stop() {
    const std::lock_guard lock(mutex_);
    if (stopping_.exchange(true)) return;
    stop_deadline_ = net::Clock::now() + config_.shutdown_timeout;
    media_.request_stop();
    for (std::size_t i = 0; started_ && i < loops_.size(); ++i) {
        loops_.at(i).post([this, i] { loops_.at(i).stop_residents(); });
    }
    stop_begun_.notify_all();
}

void Server::Impl::wait() {
    std::unique_lock lock(mutex_);
    if (!started_) return;
    stop_begun_.wait(lock, [this] { return stopping_.load(); });
    gate_.wait_until_empty(stop_deadline_);
    loops_.stop();
    media_.stop();
    started_ = false;
}

Server::Server(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
Server::~Server() = default;
void Server::start() { impl_->start(); }
std::uint16_t Server::port() const { return impl_->port(); }
void Server::begin_stop() { impl_->begin_stop(); }
void Server::wait() { impl_->wait(); }

TrustSummary Server::trust() const { return impl_->trust(); }
void Server::reload() { impl_->reload(); }

void Server::stop() {
    begin_stop();
    wait();
}

}  // namespace videochat
