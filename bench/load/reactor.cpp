#include "reactor.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "client.hpp"

namespace bench {
namespace {

constexpr std::size_t kReadBuffer = 256 * 1024;
constexpr int kWaitMilliseconds = 10;

}  // namespace

Reactor::Reactor() : epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(kReadBuffer, '\0') {
    if (epoll_ < 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    }
}

Reactor::~Reactor() { close(epoll_); }

void Reactor::add(int fd, Client& client, std::uint32_t events) {
    control(EPOLL_CTL_ADD, fd, client, events);
}

void Reactor::change(int fd, Client& client, std::uint32_t events) {
    control(EPOLL_CTL_MOD, fd, client, events);
}

void Reactor::control(int operation, int fd, Client& client, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &client;
    if (epoll_ctl(epoll_, operation, fd, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void Reactor::turn() {
    std::array<epoll_event, 256> events;
    flush_dirty();
    const int ready =
        epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kWaitMilliseconds);
    if (ready < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "epoll_wait");
    }
    for (int i = 0; i < ready; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        static_cast<Client*>(event.data.ptr)->on_ready(event.events, buffer_);
    }
    flush_dirty();
}

void Reactor::flush_dirty() {
    for (Client* client : dirty_) {
        client->flush();
    }
    dirty_.clear();
}

}  // namespace bench
