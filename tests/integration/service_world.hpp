// Two loops that serve HTTP to a service of the test's own, without the server: what a service may
// do with a request, and what its conversation then does.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.hpp"
#include "http/http_conversation.hpp"
#include "http/router.hpp"
#include "net/connection_gate.hpp"
#include "net/loop_pool.hpp"
#include "observe/metrics.hpp"
#include "videochat/config.hpp"

namespace videochat::test {

/// "METHOD TARGET HTTP/1.1" with a Host, these fields ("Name: value\r\n") and this body.
std::string request(std::string_view method, std::string_view target, std::string_view fields = {},
                    std::string_view body = {});
/// The same for GET, and for POST with a Content-Length.
std::string get_request(std::string_view target);
std::string post_request(std::string_view target, std::string_view body);
/// What is behind the head of a response.
std::string body_of(const std::string& response);

/// What it does is said by the path behind "/service/":
///   now        answers at once, with what it was asked
///   both       waits, then answers at once
///   wait       is answered by release()
///   body       takes a body of at most kBodyLimit bytes and answers with it
///   late-body  takes it, and is answered by release()
///   release    calls release() with the query, in the turn of its own request
///   throw      throws
/// "?home=1" belongs to loop 1. One for each loop, on that loop.
class TestService final : public http::Service {
  public:
    static constexpr std::size_t kBodyLimit = 100'000;
    explicit TestService(std::size_t loop) : loop_(loop) {}

    /// Answers everything that waits.
    void release(std::string_view text);

    std::optional<std::size_t> home_of(std::string_view query) const override;
    void serve(http::Exchange& exchange, const http::ServiceRequest& request) override;
    std::optional<http::Response> upgrade(net::Connection& connection,
                                          const http::UpgradeRequest& request) override;

    // What tests see, from any thread.
    std::atomic<int> pending{0};      ///< Pendings that live
    std::atomic<int> bodies{0};       ///< on_body was called
    std::atomic<bool> nested{false};  ///< an answer has led to another call of the service
    std::atomic<bool> freed{false};   ///< a Pending was destroyed while it answered

  private:
    class Waiter;
    std::string describe(const http::ServiceRequest& request) const;

    const std::size_t loop_;
    std::vector<Waiter*> waiters_;
    bool is_serving_ = false;
};

class ServiceWorld {
  public:
    explicit ServiceWorld(const HttpLimits& limits = {});
    ServiceWorld(const ServiceWorld&) = delete;
    ServiceWorld& operator=(const ServiceWorld&) = delete;

    /// Loop 0 accepts.
    std::uint16_t port() const { return port_; }
    TestService& service(std::size_t loop = 0) { return parts_[loop]->service; }
    /// Answers what waits on that loop, in a turn of its own.
    void release(std::string_view text, std::size_t loop = 0);
    /// `meanwhile` runs while that loop does nothing: what is sent in it is found there at once, in
    /// the order in which it was sent.
    void while_held(const std::function<void()>& meanwhile, std::size_t loop = 0);
    /// That loop is told that the server stops.
    void stop(std::size_t loop = 0);
    /// Sees every Pending go: that may be a moment after the client has its answer.
    bool nothing_waits();
    std::uint64_t count(observe::Counter counter) const;  ///< of both loops
    std::atomic<int> moves{0};
    std::atomic<int> exceptions{0};

  private:
    struct Parts {
        Parts(const HttpLimits& limits, const std::vector<protocol::Cidr>& proxies,
              std::size_t loop);
        observe::Metrics metrics;
        TestService service;
        http::Router router;
        http::HttpContext http;
    };
    void listen();
    void serve(std::size_t loop, net::Socket socket, std::string bytes = {},
               std::optional<std::uint32_t> requests = {});
    void relocate(std::size_t loop, net::Socket socket, std::string bytes, std::uint32_t requests);
    void run(std::size_t loop, const std::function<void()>& task);

    const HttpLimits limits_;
    const std::vector<protocol::Cidr> proxies_;
    net::ConnectionGate gate_;
    std::vector<std::unique_ptr<Parts>> parts_;
    std::uint16_t port_ = 0;
    net::LoopPool loops_;  // last: what lives there uses the rest
};

}  // namespace videochat::test
