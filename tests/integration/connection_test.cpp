// Connections and their loop without a server above them: what a handler may do to them.
#include "net/connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "integration/server_fixture.hpp"
#include "net/loop.hpp"
#include "support/catch.hpp"
#include "transport/websocket_transport.hpp"

using namespace videochat;
using namespace videochat::test;

namespace {

/// A loop on a thread of its own, and one connection that is made there.
class LoopThread {
  public:
    LoopThread() : loop([this](const char*) { ++exceptions; }), thread_([this] { loop.run(); }) {}
    ~LoopThread() {
        loop.stop();
        thread_.join();
    }
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    std::atomic<int> exceptions{0};
    net::Loop loop;

  private:
    std::thread thread_;
};

/// Both ends of a connection: ours to write and read by hand, the other one on the loop.
class Wire {
  public:
    Wire() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw std::runtime_error("socketpair");
        }
        here = net::UniqueFd(ends[0]);
        ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
        there = std::make_shared<net::Socket>();
        there->fd = net::UniqueFd(ends[1]);
    }
    void send(std::string_view bytes) const { ::send(here.get(), bytes.data(), bytes.size(), 0); }
    std::string read_all() const {
        std::string all;
        char buffer[1024];
        ssize_t n = 0;
        while ((n = ::recv(here.get(), buffer, sizeof buffer, 0)) > 0) {
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }

    net::UniqueFd here;
    std::shared_ptr<net::Socket> there;
};

class ThrowingSession final : public transport::Session {
  public:
    void on_text(std::string_view) override { throw std::runtime_error("a bug"); }
    void on_binary(std::string_view) override {}
};

/// Cuts its connection at the first bytes.
class CuttingHandler final : public net::ByteHandler {
  public:
    CuttingHandler(net::Connection& connection, std::atomic<int>& calls)
        : connection_(connection), calls_(calls) {}
    std::size_t on_bytes(std::span<char> bytes) override {
        connection_.cut();
        ++calls_;
        return bytes.size();
    }
    void on_end() override {}
    void on_due(net::TimePoint) override {}
    void on_stop() override {}

  private:
    net::Connection& connection_;
    std::atomic<int>& calls_;
};

void open_socket(net::Loop& loop, net::Socket& socket, const WebSocketLimits& limits,
                 observe::Metrics& metrics) {
    net::Connection::open(loop, std::move(socket), [&](net::Connection& connection) {
        auto transport =
            std::make_unique<transport::WebSocketTransport>(connection, limits, metrics);
        transport->set_session(std::make_unique<ThrowingSession>());
        return transport;
    });
}

}  // namespace

TEST_CASE("Connection: an exception costs its connection a 1011, and nobody else anything") {
    observe::Metrics metrics;
    const WebSocketLimits limits;
    LoopThread running;
    const Wire broken;
    const Wire other;
    for (const Wire* wire : {&broken, &other}) {
        running.loop.post(
            [&, there = wire->there] { open_socket(running.loop, *there, limits, metrics); });
    }
    broken.send(std::string("\x81\x80\0\0\0\0", 6));  // an empty text message
    ::shutdown(broken.here.get(), SHUT_WR);
    CHECK(broken.read_all() == "\x88\x10\x03\xF3internal error");
    CHECK(running.exceptions == 1);
    other.send(std::string("\x89\x80\0\0\0\0\x88\x80\0\0\0\0", 12));  // a ping, then a close
    ::shutdown(other.here.get(), SHUT_WR);
    CHECK(other.read_all() == std::string("\x8a\0\x88\0", 4));
}

TEST_CASE("Connection: one without a handler, because that could not be made, is closed") {
    LoopThread running;
    const Wire wire;
    running.loop.post([&, there = wire.there] {
        net::Connection::open(running.loop, std::move(*there),
                              [](net::Connection&) -> std::unique_ptr<net::ByteHandler> {
                                  throw std::runtime_error("no memory");
                              });
    });
    running.loop.post([&] { running.loop.stop_residents(); });
    CHECK(wire.read_all().empty());
    CHECK(eventually([&] { return running.exceptions == 1; }));
}

TEST_CASE("Connection: a socket that lives on in another process is heard of no more") {
    LoopThread running;
    const Wire wire;
    const Wire later;
    const net::UniqueFd elsewhere(::dup(wire.there->fd.get()));  // as in a child before exec()
    std::atomic<int> calls{0};
    const auto open = [&](const Wire& on) {
        running.loop.post([&, there = on.there] {
            net::Connection::open(running.loop, std::move(*there), [&](net::Connection& made) {
                return std::make_unique<CuttingHandler>(made, calls);
            });
        });
    };
    open(wire);
    wire.send("cut");
    REQUIRE(eventually([&] { return calls == 1; }));
    wire.send("more, that somebody else may read");
    // A turn that begins afterwards has seen all that there is.
    open(later);
    later.send("cut");
    REQUIRE(eventually([&] { return calls == 2; }));
    CHECK(running.exceptions == 0);
}

TEST_CASE("Connection: one that comes to its loop after the stop is told of it") {
    observe::Metrics metrics;
    const WebSocketLimits limits;
    LoopThread running;
    const Wire late;
    running.loop.post([&] { running.loop.stop_residents(); });
    running.loop.post(
        [&, there = late.there] { open_socket(running.loop, *there, limits, metrics); });
    ::shutdown(late.here.get(), SHUT_WR);
    CHECK(late.read_all() == "\x88\x0E\x03\xE9server stops");
}
