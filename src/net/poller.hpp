// Poller: the sockets of one loop in one epoll set, which Asio watches as a single descriptor. A
// ready socket costs no Asio operation, no allocation and no re-arming; that is what makes a relay
// cheap (docs/architecture.md, "Readiness"). Used on its loop only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <sys/epoll.h>

namespace videochat::net {

class Poller {
  public:
    /// What a descriptor waits for.
    enum class Interest : std::uint8_t { None = 0, Read = 1, Write = 2, ReadWrite = 3 };

    class Watcher {
      public:
        virtual ~Watcher() = default;
        /// Must not destroy any watcher before it returns; see Loop::retire.
        virtual void on_ready(bool readable, bool writable) = 0;
    };

    /// Throws std::system_error when the system gives no epoll set.
    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// The epoll set itself: readable when a watched descriptor is ready.
    int descriptor() const { return epoll_; }

    /// False: the system refused.
    bool add(int fd, Watcher& watcher, Interest interest);
    void change(int fd, Watcher& watcher, Interest interest);
    /// Before every close: what is watched is the open file, and a child that was forked meanwhile
    /// (and has not called exec yet) keeps that open, so closing alone would leave it in the set.
    void remove(int fd);

    /// Level-triggered readiness, as many as one call brings; returns how many. `deliver` is called
    /// for each as deliver(Watcher&, readable, writable).
    template <typename Deliver>
    std::size_t poll(Deliver&& deliver) {
        const std::size_t count = wait();
        for (std::size_t i = 0; i < count; ++i) {
            const auto bits = ready_[i].events;
            deliver(*static_cast<Watcher*>(ready_[i].data.ptr),
                    (bits & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0,
                    (bits & EPOLLOUT) != 0);
        }
        return count;
    }

    static constexpr std::size_t kBatch = 256;

  private:
    std::size_t wait();
    bool control(int operation, int fd, Watcher* watcher, Interest interest) const;

    int epoll_;
    std::array<epoll_event, kBatch> ready_;
};

}  // namespace videochat::net
