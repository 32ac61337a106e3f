// The generator's only thread: waits for sockets, lets their clients read, then sends what they
// queued in this turn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

class Client;

class Reactor {
  public:
    Reactor();
    ~Reactor();
    Reactor(const Reactor&) = delete;
    Reactor& operator=(const Reactor&) = delete;

    void add(int fd, Client& client, std::uint32_t events);
    void change(int fd, Client& client, std::uint32_t events);
    void mark_dirty(Client& client) { dirty_.push_back(&client); }

    /// One wait of at most 10 ms, and what follows from it.
    void turn();

  private:
    void control(int operation, int fd, Client& client, std::uint32_t events);
    void flush_dirty();

    int epoll_;
    std::string buffer_;
    std::vector<Client*> dirty_;
};

}  // namespace bench
