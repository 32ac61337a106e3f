#include "integration/service_world.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

#include "http/response_head.hpp"
#include "integration/server_fixture.hpp"
#include "net/listener.hpp"

namespace videochat::test {
namespace {

AdmissionLimits admission() {
    AdmissionLimits limits;
    limits.connections = 1000;
    limits.connections_per_address = 0;
    limits.connect_rate = 0;
    return limits;
}

std::vector<protocol::Cidr> loopback() { return {*protocol::Cidr::parse("127.0.0.1/32")}; }

}  // namespace

std::string request(std::string_view method, std::string_view target, std::string_view fields,
                    std::string_view body) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: x\r\n").append(fields);
    return text.append("\r\n").append(body);
}

std::string get_request(std::string_view target) { return request("GET", target); }

std::string post_request(std::string_view target, std::string_view body) {
    const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return request("POST", target, length, body);
}

std::string body_of(const std::string& response) {
    const std::size_t end = response.find("\r\n\r\n");
    return end == std::string::npos ? "no head" : response.substr(end + 4);
}

class TestService::Waiter final : public http::Pending {
  public:
    Waiter(TestService& service, http::Exchange& exchange, bool is_echo)
        : service_(service), exchange_(exchange), is_echo_(is_echo) {
        ++service_.pending;
        service_.waiters_.push_back(this);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() override {
        std::erase(service_.waiters_, this);
        --service_.pending;
    }

    void on_body(std::string_view body) override {
        ++service_.bodies;
        if (is_echo_) answer(std::to_string(service_.loop_) + ":" + std::string(body));
    }
    void answer(std::string_view text) {
        TestService& service = service_;
        std::erase(service.waiters_, this);
        const int before = service.pending;
        exchange_.answer(http::text_response(200, text));
        if (service.pending != before) service.freed = true;
    }

  private:
    TestService& service_;
    http::Exchange& exchange_;
    const bool is_echo_;
};

void TestService::release(std::string_view text) {
    for (Waiter* waiter : std::vector(waiters_))
        waiter->answer(text);
}

std::optional<std::size_t> TestService::home_of(std::string_view query) const {
    const std::size_t at = query.find("home=");
    if (at == std::string_view::npos) return std::nullopt;
    const auto home = static_cast<std::size_t>(query.at(at + 5) - '0');
    return home == loop_ ? std::nullopt : std::optional(home);
}

std::string TestService::describe(const http::ServiceRequest& request) const {
    std::string text(request.head.method_name);
    text.append(" ").append(request.path).append("?").append(request.query);
    return text.append(" for ")
        .append(request.client.to_string())
        .append(" on ")
        .append(std::to_string(loop_));
}

void TestService::serve(http::Exchange& exchange, const http::ServiceRequest& request) {
    if (std::exchange(is_serving_, true)) nested = true;
    const std::string_view what = request.path.substr(std::string_view("/service/").size());
    if (what == "wait") {
        exchange.wait(std::make_unique<Waiter>(*this, exchange, false));
    } else if (what == "both") {
        auto waiter = std::make_unique<Waiter>(*this, exchange, false);
        Waiter& waiting = *waiter;
        exchange.wait(std::move(waiter));
        waiting.answer("both");
    } else if (what == "body" || what == "late-body") {
        exchange.receive_body(kBodyLimit, http::BodyBytes::Kept,
                              std::make_unique<Waiter>(*this, exchange, what == "body"));
    } else if (what == "throw") {
        is_serving_ = false;
        throw std::runtime_error("a bug");
    } else {
        if (what == "release") release(request.query);
        exchange.answer(http::text_response(200, describe(request)));
    }
    is_serving_ = false;
}

std::optional<http::Response> TestService::upgrade(net::Connection& /*connection*/,
                                                   const http::UpgradeRequest& request) {
    return http::text_response(
        403, "no upgrade for " + std::string(request.query) + " on " + std::to_string(loop_));
}

ServiceWorld::Parts::Parts(const HttpLimits& limits, const std::vector<protocol::Cidr>& proxies,
                           std::size_t loop)
    : service(loop),
      http{.limits = limits,
           .tls_handshake_timeout = std::chrono::seconds(10),
           .router = router,
           .base_path = {},
           .proxies = proxies,
           .metrics = metrics,
           .head = http::ResponseHead({}),
           .request = {},
           .path = {},
           .relocate = {}} {
    router.add_service("/service/", service);
    router.add("/service/route",
               [](const http::Request&) { return http::text_response(200, "a route"); });
    router.set_pages([](const http::Request&) { return http::plain_response(404); });
}

ServiceWorld::ServiceWorld(const HttpLimits& limits)
    : limits_(limits),
      proxies_(loopback()),
      gate_(admission()),
      loops_(2, [this](std::size_t) { return [this](const char*) { ++exceptions; }; }) {
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        parts_.push_back(std::make_unique<Parts>(limits_, proxies_, i));
        parts_[i]->http.relocate = [this](std::size_t loop, net::Socket socket, std::string bytes,
                                          std::uint32_t requests) {
            relocate(loop, std::move(socket), std::move(bytes), requests);
        };
    }
    loops_.start();
    listen();
}

void ServiceWorld::listen() {
    net::UniqueFd fd = net::Listener::open("127.0.0.1", 0);
    port_ = net::Listener::port_of(fd);
    run(0, [&] {
        net::ListenerHooks hooks{
            .accepted = [this](net::Socket socket) { serve(0, std::move(socket)); },
            .refused = [](net::Admission) {},
            .paused = [](const char*) {},
            .full = [] { return std::string(); }};
        loops_.at(0)
            .adopt(
                std::make_unique<net::Listener>(std::move(fd), gate_, proxies_, std::move(hooks)))
            .start();
    });
}

void ServiceWorld::serve(std::size_t loop, net::Socket socket, std::string bytes,
                         std::optional<std::uint32_t> requests) {
    auto* const opened =
        net::Connection::open(loops_.at(loop), std::move(socket), [&](net::Connection& connection) {
            return std::make_unique<http::HttpConversation>(connection, parts_[loop]->http, false,
                                                            requests);
        });
    if (opened != nullptr && requests) opened->inject(std::move(bytes));
}

void ServiceWorld::relocate(std::size_t loop, net::Socket socket, std::string bytes,
                            std::uint32_t requests) {
    ++moves;
    auto box = std::make_shared<net::Socket>(std::move(socket));
    loops_.at(loop).post([this, loop, box, bytes = std::move(bytes), requests] {
        serve(loop, std::move(*box), bytes, requests);
    });
}

// Returns when the task has run.
void ServiceWorld::run(std::size_t loop, const std::function<void()>& task) {
    const auto done = std::make_shared<std::promise<void>>();
    loops_.at(loop).post([&task, done] {
        task();
        done->set_value();
    });
    done->get_future().get();
}

void ServiceWorld::release(std::string_view text, std::size_t loop) {
    run(loop, [&] { service(loop).release(text); });
}

void ServiceWorld::while_held(const std::function<void()>& meanwhile, std::size_t loop) {
    const auto held = std::make_shared<std::promise<void>>();
    std::promise<void> over;
    loops_.at(loop).post([held, is_over = over.get_future().share()] {
        held->set_value();
        is_over.wait();
    });
    held->get_future().get();
    meanwhile();
    over.set_value();
}

void ServiceWorld::stop(std::size_t loop) {
    run(loop, [&] { loops_.at(loop).stop_residents(); });
}

bool ServiceWorld::nothing_waits() {
    return eventually([this] { return service(0).pending == 0 && service(1).pending == 0; });
}

std::uint64_t ServiceWorld::count(observe::Counter counter) const {
    return parts_[0]->metrics.get(counter) + parts_[1]->metrics.get(counter);
}

}  // namespace videochat::test
