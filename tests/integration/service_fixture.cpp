#include "integration/service_fixture.hpp"

#include <cstdio>
#include <utility>

#include "http/response_head.hpp"
#include "net/listener.hpp"
#include "protocol/request_target.hpp"

namespace videochat::test {
namespace {

std::string parameter(std::string_view query, std::string_view name) {
    return protocol::find_parameter(query, name).value;
}

/// Gives back what it gets.
class Echo final : public net::ByteHandler {
  public:
    explicit Echo(net::Connection& connection) : connection_(connection) {}
    std::size_t on_bytes(std::span<char> bytes) override {
        connection_.send(core::Frame::copy_of({bytes.data(), bytes.size()}));
        return bytes.size();
    }
    void on_end() override { connection_.cut(); }
    void on_due(net::TimePoint /*now*/) override {}
    void on_stop() override { connection_.cut(); }

  private:
    net::Connection& connection_;
};

constexpr AdmissionLimits kAdmission{.connections = 1000,
                                     .connections_per_address = 0,
                                     .connect_rate = 0,
                                     .connect_burst = 1};

}  // namespace

// ---- The service

/// A request that is answered later.
class AskedService::Waiter final : public http::Pending {
  public:
    Waiter(AskedService& service, http::Exchange& exchange, std::string key)
        : service_(service), exchange_(exchange), key_(std::move(key)) {
        ++service_.pending_;
        if (!key_.empty()) service_.waiters_[key_] = this;
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() override {
        --service_.pending_;
        service_.waiters_.erase(key_);
    }
    void on_body(std::string_view body) override {
        body_ = body;
        if (key_.empty()) answer({});
    }
    void answer(std::string_view text) {
        exchange_.answer(http::text_response(200, std::string(text) + body_));
    }

  private:
    AskedService& service_;
    http::Exchange& exchange_;
    std::string key_;
    std::string body_;
};

std::optional<std::size_t> AskedService::home_of(std::string_view query) const {
    const std::string loop = parameter(query, "loop");
    if (loop.empty() || std::stoul(loop) == index_) return std::nullopt;
    return std::stoul(loop);
}

void AskedService::serve(http::Exchange& exchange, const http::ServiceRequest& request) {
    std::string key = parameter(request.query, "key");
    if (request.path == "/s/wait") {
        exchange.wait(std::make_unique<Waiter>(*this, exchange, std::move(key)));
    } else if (request.path == "/s/body" || request.path == "/s/keep") {
        receive(exchange, request, std::move(key));
    } else if (request.path == "/s/tell") {
        const bool told = tell(key, "told ");
        exchange.answer(http::plain_response(told ? 200 : 404));
    } else {
        std::string said(request.head.method_name);
        said.append(" ").append(request.path).append("?").append(request.query);
        said.append(" on ").append(std::to_string(index_));
        exchange.answer(http::text_response(200, said));
    }
}

void AskedService::receive(http::Exchange& exchange, const http::ServiceRequest& request,
                           std::string key) {
    const std::string limit = parameter(request.query, "limit");
    exchange.receive_body(limit.empty() ? 1000 : std::stoul(limit),
                          std::make_unique<Waiter>(*this, exchange, std::move(key)));
}

std::optional<http::Response> AskedService::upgrade(net::Connection& connection,
                                                    const http::UpgradeRequest& request) {
    if (!parameter(request.query, "refused").empty()) return http::plain_response(403);
    connection.send(core::Frame::of_static("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    connection.send(core::Frame::copy_of(std::to_string(index_)));
    connection.become(std::make_unique<Echo>(connection));
    return std::nullopt;
}

bool AskedService::tell(const std::string& key, std::string_view text) {
    const auto found = waiters_.find(key);
    if (found == waiters_.end()) return false;
    Waiter& waiter = *found->second;
    waiters_.erase(found);
    waiter.answer(text);
    return true;
}

// ---- The server

ServiceServer::Part::Part(std::size_t index, ServiceServer& server)
    : service(index, server.pending_),
      http{.limits = server.limits_,
           .router = router,
           .base_path = {},
           .proxies = server.proxies_,
           .metrics = metrics,
           .head = http::ResponseHead({}),
           .request = {},
           .path = {},
           .relocate =
               [&server](std::size_t loop, net::Socket socket, std::string bytes,
                         std::uint32_t requests) {
                   auto box = std::make_shared<net::Socket>(std::move(socket));
                   server.loops_.at(loop).post(
                       [&server, loop, box, bytes = std::move(bytes), requests] {
                           server.serve(loop, std::move(*box), bytes, requests);
                       });
               }} {
    router.add("/s/route", [](const http::Request&) { return http::text_response(200, "route"); });
    router.add_upgrade(
        "/up",
        [this](net::Connection& connection, const http::UpgradeRequest& request) {
            return service.upgrade(connection, request);
        },
        [this](std::string_view query) { return service.home_of(query); });
    router.add_service("/s/", service);
    router.set_pages([](const http::Request&) { return http::plain_response(404); });
}

ServiceServer::ServiceServer(const HttpLimits& limits, std::size_t loops)
    : limits_(limits), gate_(kAdmission), loops_(loops, [](std::size_t) {
          return [](const char* what) { std::fprintf(stderr, "exception: %s\n", what); };
      }) {
    for (std::size_t i = 0; i < loops; ++i)
        parts_.push_back(std::make_unique<Part>(i, *this));
    net::UniqueFd fd = net::Listener::open("127.0.0.1", 0);
    port_ = net::Listener::port_of(fd);
    loops_.start();
    run_on(0, [this, &fd] {
        net::ListenerHooks hooks{
            .accepted = [this](net::Socket socket) { serve(0, std::move(socket)); },
            .refused = [](net::Admission) {},
            .paused = [](const char*) {},
            .full = [] { return std::string(); }};
        loops_.at(0)
            .adopt(std::make_unique<net::Listener>(std::move(fd), gate_, proxies_,
                                                   std::move(hooks)))
            .start();
    });
}

ServiceServer::~ServiceServer() { loops_.stop(); }

void ServiceServer::serve(std::size_t home, net::Socket socket, std::string bytes,
                          std::optional<std::uint32_t> requests) {
    auto* const opened = net::Connection::open(
        loops_.at(home), std::move(socket), [this, home, requests](net::Connection& connection) {
            return std::make_unique<http::HttpConversation>(connection, parts_[home]->http, false,
                                                            requests);
        });
    if (opened != nullptr && requests) opened->inject(std::move(bytes));
}

template <typename Call>
void ServiceServer::run_on(std::size_t loop, Call&& call) {
    std::promise<void> done;
    loops_.at(loop).post([&done, &call] {
        call();
        done.set_value();
    });
    done.get_future().wait();
}

bool ServiceServer::tell(const std::string& key, std::string_view text, std::size_t loop) {
    bool told = false;
    run_on(loop, [&] { told = parts_[loop]->service.tell(key, text); });
    return told;
}

std::uint64_t ServiceServer::count(observe::Counter counter) const {
    std::uint64_t sum = 0;
    for (const auto& part : parts_)
        sum += part->metrics.get(counter);
    return sum;
}

void ServiceServer::begin_stop() {
    for (std::size_t i = 0; i < loops_.size(); ++i)
        run_on(i, [this, i] { loops_.at(i).stop_residents(); });
}

ServiceServer::Hold::Hold(net::Loop& loop) {
    auto held = std::make_shared<std::promise<void>>();
    auto released = std::make_shared<std::future<void>>(released_.get_future());
    loop.post([held, released] {
        held->set_value();
        released->wait();
    });
    held->get_future().wait();
}

}  // namespace videochat::test
