// Loop: one io_context run by one thread, with the sockets, the deadlines and the read buffer of
// everything that lives on it. Its turns: some sockets are ready or a task was posted, handlers
// run, then everything queued is flushed with one write for each connection, then what has ended is
// destroyed. Everything but post() and stop() is for the loop's own thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "net/clock.hpp"
#include "net/deadline_wheel.hpp"
#include "net/poller.hpp"

namespace videochat::net {

class Loop;

/// Something that a loop owns: a connection or a listener.
class Resident : public Poller::Watcher, public DeadlineWheel::Entry {
  public:
    /// Its home, from Loop::adopt on.
    Loop& loop() const { return *loop_; }

    /// Writes what is queued. Called at the end of a turn in which it was marked dirty.
    virtual void flush() {}
    /// The deadline set by Loop::set_deadline has passed.
    virtual void on_due(TimePoint now) = 0;
    /// The server begins to stop.
    virtual void on_stop() {}
    /// A call into it threw: end it.
    virtual void abandon() noexcept = 0;

  private:
    friend class Loop;
    void on_deadline(TimePoint now) final;

    Loop* loop_ = nullptr;
    std::uint32_t slot_ = 0;  ///< in the loop's list
    bool dirty_ = false;
    bool retired_ = false;
};

class Loop {
  public:
    /// Enough for the largest request head and for many messages of one read.
    static constexpr std::size_t kReadBuffer = 64 * std::size_t{1024};
    /// Small frames are copied together up to this many bytes for one write.
    static constexpr std::size_t kWriteBuffer = 64 * std::size_t{1024};
    /// Told of an exception that reached the loop; the culprit has been ended.
    using ExceptionHook = std::function<void(const char* what)>;

    explicit Loop(ExceptionHook on_exception);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs turns on the calling thread until stop(); then destroys what lives here.
    void run();
    void stop();
    /// Runs `task` in a turn of this loop. From any thread.
    void post(std::function<void()> task);

    bool is_current() const;
    /// The time at which this turn began.
    TimePoint now() const { return now_; }
    Poller& poller() { return poller_; }
    std::span<char> read_buffer() { return read_buffer_; }
    /// Scratch space for one write.
    std::span<char> write_buffer() { return write_buffer_; }

    /// Takes `resident` in. It leaves by retire(), which destroys it at the end of the turn.
    template <typename T>
    T& adopt(std::unique_ptr<T> resident) {
        T& adopted = *resident;
        take_in(std::move(resident));
        return adopted;
    }
    void retire(Resident& resident);
    /// Gives a home to a resident that somebody else owns, and who has nothing but a deadline.
    void attach(Resident& resident) { resident.loop_ = this; }
    /// Calls on_stop() of all that lives here; connections that come later hear it when they come.
    void stop_residents();
    bool is_stopping() const { return stopping_; }

    void set_deadline(Resident& resident, TimePoint when);
    void mark_dirty(Resident& resident);

  private:
    friend class Resident;
    void take_in(std::unique_ptr<Resident> resident);
    void wait_for_sockets();
    void on_sockets();
    void arm_timer();
    void on_timer();
    template <typename Call>
    void guarded(Resident* resident, Call&& call);
    template <typename Work>
    void turn(Work&& work);
    void end_turn();
    void flush_dirty();

    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    ExceptionHook on_exception_;
    Poller poller_;
    boost::asio::posix::stream_descriptor sockets_;
    boost::asio::steady_timer timer_;
    TimePoint armed_ = TimePoint::max();  ///< when the timer fires
    TimePoint now_ = Clock::now();
    bool stopping_ = false;
    DeadlineWheel deadlines_{now_};
    std::vector<std::unique_ptr<Resident>> residents_;
    std::vector<std::unique_ptr<Resident>> retired_;
    std::vector<Resident*> dirty_;
    std::vector<Resident*> flushing_;
    std::vector<char> read_buffer_;
    std::vector<char> write_buffer_;
};

}  // namespace videochat::net
