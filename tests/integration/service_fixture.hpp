// A small http::Service on loops of its own. The path of a request says what it does, its query the
// rest:
//   /s/echo            answers at once with the method, the path and the query
//   /s/wait?key=K      waits for a tell
//   /s/tell?key=K      answers what waits under K, on the teller's call stack: 200, or 404
//   /s/body?limit=N    receives the body and answers with it
//   /s/keep?key=K&limit=N   receives the body; a tell is answered with the body behind its text
// "&loop=N" names the loop on which it is done. A WebSocket upgrade gets an echo of bytes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/http_conversation.hpp"
#include "net/connection_gate.hpp"
#include "net/loop_pool.hpp"

namespace videochat::test {

class AskedService final : public http::Service {
  public:
    AskedService(std::size_t index, std::atomic<int>& pending)
        : index_(index), pending_(pending) {}

    std::optional<std::size_t> home_of(std::string_view query) const override;
    void serve(http::Exchange& exchange, const http::ServiceRequest& request) override;
    std::optional<http::Response> upgrade(net::Connection& connection,
                                          const http::UpgradeRequest& request) override;
    /// False: nothing waits under `key`.
    bool tell(const std::string& key, std::string_view text);

  private:
    class Waiter;
    void receive(http::Exchange& exchange, const http::ServiceRequest& request, std::string key);

    std::size_t index_;  ///< of its loop
    std::map<std::string, Waiter*> waiters_;
    std::atomic<int>& pending_;
};

class ServiceServer {
  public:
    explicit ServiceServer(const HttpLimits& limits = {}, std::size_t loops = 1);
    ~ServiceServer();
    ServiceServer(const ServiceServer&) = delete;
    ServiceServer& operator=(const ServiceServer&) = delete;

    std::uint16_t port() const { return port_; }
    /// Answers what waits under `key`, in a turn of its own.
    bool tell(const std::string& key, std::string_view text, std::size_t loop = 0);
    /// How many requests are neither answered nor given up.
    int pending() const { return pending_; }
    std::size_t connections() const { return gate_.live(); }
    std::uint64_t count(observe::Counter counter) const;
    /// Returns when every loop has been told.
    void begin_stop();

    /// While it lives the loop does nothing, so that what is sent meanwhile arrives at once.
    class Hold {
      public:
        explicit Hold(net::Loop& loop);
        ~Hold() { released_.set_value(); }
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

      private:
        std::promise<void> released_;
    };
    Hold hold(std::size_t loop = 0) { return Hold(loops_.at(loop)); }

  private:
    /// What one loop has for itself.
    struct Part {
        Part(std::size_t index, ServiceServer& server);
        AskedService service;
        http::Router router;
        observe::Metrics metrics;
        http::HttpContext http;
    };
    template <typename Call>
    void run_on(std::size_t loop, Call&& call);
    void serve(std::size_t home, net::Socket socket, std::string bytes = {},
               std::optional<std::uint32_t> requests = {});

    const HttpLimits limits_;
    const std::vector<protocol::Cidr> proxies_;
    net::ConnectionGate gate_;
    std::atomic<int> pending_{0};
    std::vector<std::unique_ptr<Part>> parts_;
    net::LoopPool loops_;
    std::uint16_t port_ = 0;
};

}  // namespace videochat::test
