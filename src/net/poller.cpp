#include "net/poller.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace videochat::net {

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Poller::~Poller() { ::close(epoll_); }

bool Poller::control(int operation, int fd, Watcher* watcher, Interest interest) const {
    const auto wanted = static_cast<unsigned>(interest);
    epoll_event event{};
    event.events = ((wanted & 1U) != 0 ? EPOLLIN : 0U) | ((wanted & 2U) != 0 ? EPOLLOUT : 0U);
    event.data.ptr = watcher;
    return ::epoll_ctl(epoll_, operation, fd, &event) == 0;
}

bool Poller::add(int fd, Watcher& watcher, Interest interest) {
    return control(EPOLL_CTL_ADD, fd, &watcher, interest);
}

void Poller::change(int fd, Watcher& watcher, Interest interest) {
    control(EPOLL_CTL_MOD, fd, &watcher, interest);
}

void Poller::remove(int fd) { control(EPOLL_CTL_DEL, fd, nullptr, Interest::None); }

std::size_t Poller::wait() {
    const int count = ::epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()), 0);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

}  // namespace videochat::net
