// One WebSocket connection of the generator: connect, upgrade, frames, close. Lives in one thread
// with its Reactor. Anything a correct server would not do throws, for a failed run is no figure.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "dialect.hpp"

namespace bench {

class Client;
class Reactor;

/// What a scenario is told.
class ClientEvents {
  public:
    virtual ~ClientEvents() = default;
    virtual void on_open(Client& client) = 0;
    virtual void on_message(Client& client, std::string_view text) = 0;
};

class Client {
  public:
    Client(std::size_t index, Reactor& reactor, const Dialect& dialect, ClientEvents& events);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Starts connecting; on_open follows. `source` is a loopback address to come from: one
    /// address has too few ports for tens of thousands of connections.
    void open(const sockaddr_in& server, in_addr source, const std::string& room);

    /// For a client that only listens: what it reads is acknowledged at once. Left to the kernel,
    /// that depends on whether its dialect has ever let it write, and costs the server a lot.
    void acknowledge_at_once() { acknowledges_at_once_ = true; }

    /// Queued until the end of the reactor's turn, when flush() sends all of it at once.
    void send_text(std::string_view text);
    void flush();
    void close();

    void on_ready(std::uint32_t epoll_events, std::string& buffer);

    std::size_t index() const { return index_; }

  private:
    enum class State { Closed, Connecting, Upgrading, Joining, Open };

    void connected();
    void queue(std::string_view bytes);
    void queue_frame(std::uint8_t opcode, std::string_view payload);
    void read(std::string& buffer);
    std::size_t consume(std::string_view bytes);
    std::size_t consume_upgrade(std::string_view bytes);
    std::size_t consume_frame(std::string_view bytes);
    void on_text(std::string_view text);
    void watch_writable(bool wanted);

    std::size_t index_;
    Reactor& reactor_;
    const Dialect& dialect_;
    ClientEvents& events_;
    State state_ = State::Closed;
    int fd_ = -1;
    bool watching_writable_ = false;
    bool acknowledges_at_once_ = false;
    std::uint32_t mask_;
    std::string request_;
    std::string unread_;  // an unfinished answer or frame
    std::string unsent_;
};

}  // namespace bench
