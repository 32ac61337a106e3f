#include "net/loop.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <exception>

namespace videochat::net {
namespace {

thread_local const Loop* current_loop = nullptr;

// Only post() and stop() come from other threads, so Asio may leave out its locks around sockets.
constexpr int kConcurrencyHint = BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO;

// Under load the sockets are looked at again before Asio is asked for other work: a look costs one
// system call, going through Asio three.
constexpr int kRoundsPerTurn = 8;

// A reader that takes everything at once could keep one turn going for ever.
constexpr int kFlushRounds = 16;

}  // namespace

Loop::Loop(ExceptionHook on_exception)
    : io_(kConcurrencyHint),
      work_(boost::asio::make_work_guard(io_)),
      on_exception_(std::move(on_exception)),
      sockets_(io_, poller_.descriptor()),
      timer_(io_),
      read_buffer_(kReadBuffer),
      write_buffer_(kWriteBuffer) {
    wait_for_sockets();
}

Loop::~Loop() {
    sockets_.release();  // the poller closes it
}

bool Loop::is_current() const { return current_loop == this; }

void Loop::run() {
    current_loop = this;
    io_.run();
    while (!residents_.empty() || !retired_.empty()) {
        retired_.clear();
        auto last = std::move(residents_);
        residents_.clear();
        for (const auto& resident : last)
            resident->retired_ =
                true;  // one that ends with another has nothing left to retire from
    }
    current_loop = nullptr;
}

void Loop::stop() { io_.stop(); }

void Loop::post(std::function<void()> task) {
    boost::asio::post(
        io_, [this, task = std::move(task)] { turn([&task, this] { guarded(nullptr, task); }); });
}

// The net under everything: what throws here is a bug, and costs its connection, not the process.
template <typename Call>
void Loop::guarded(Resident* resident, Call&& call) {
    const char* what = "unknown exception";
    try {
        call();
        return;
    } catch (const std::exception& error) {
        on_exception_(error.what());
    } catch (...) {
        on_exception_(what);
    }
    if (resident != nullptr) resident->abandon();
}

template <typename Work>
void Loop::turn(Work&& work) {
    now_ = Clock::now();
    work();
    end_turn();
}

void Loop::wait_for_sockets() {
    sockets_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                            if (!error) on_sockets();
                        });
}

void Loop::on_sockets() {
    for (int round = 0; round < kRoundsPerTurn; ++round) {
        std::size_t ready = 0;
        turn([this, &ready] {
            ready = poller_.poll([this](Poller::Watcher& watcher, bool readable, bool writable) {
                auto& resident = static_cast<Resident&>(watcher);
                if (resident.retired_) return;
                guarded(&resident, [&] { resident.on_ready(readable, writable); });
            });
        });
        if (ready == 0) break;
    }
    wait_for_sockets();
}

void Loop::set_deadline(Resident& resident, TimePoint when) {
    assert(is_current());
    deadlines_.set(resident, when);
    if (when < armed_) arm_timer();
}

void Loop::arm_timer() {
    const auto next = deadlines_.next();
    armed_ = next.value_or(TimePoint::max());
    if (!next) return;
    timer_.expires_at(*next);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) on_timer();
    });
}

void Loop::on_timer() {
    turn([this] { deadlines_.advance(now_); });
    arm_timer();
}

void Resident::on_deadline(TimePoint now) {
    if (!retired_) loop_->guarded(this, [this, now] { on_due(now); });
}

void Loop::take_in(std::unique_ptr<Resident> resident) {
    assert(is_current());
    resident->loop_ = this;
    resident->slot_ = static_cast<std::uint32_t>(residents_.size());
    residents_.push_back(std::move(resident));
}

void Loop::retire(Resident& resident) {
    assert(is_current());
    if (resident.retired_) return;
    resident.retired_ = true;
    DeadlineWheel::cancel(resident);
    std::unique_ptr<Resident>& place = residents_[resident.slot_];
    retired_.push_back(std::move(place));
    place = std::move(residents_.back());
    if (place != nullptr) place->slot_ = resident.slot_;
    residents_.pop_back();
}

void Loop::stop_residents() {
    stopping_ = true;
    // By index and from a copy: stopping retires, which reorders the list.
    std::vector<Resident*> all;
    all.reserve(residents_.size());
    for (const auto& resident : residents_)
        all.push_back(resident.get());
    for (Resident* resident : all) {
        if (!resident->retired_) guarded(resident, [resident] { resident->on_stop(); });
    }
}

void Loop::mark_dirty(Resident& resident) {
    assert(is_current());
    if (resident.dirty_ || resident.retired_) return;
    resident.dirty_ = true;
    dirty_.push_back(&resident);
}

void Loop::end_turn() {
    while (true) {
        flush_dirty();
        if (retired_.empty()) break;
        // Destroying one may queue something for others, or end them.
        auto ended = std::move(retired_);
        retired_.clear();
        for (const auto& resident : ended) {
            if (resident->dirty_) std::erase(dirty_, resident.get());
        }
        ended.clear();
    }
}

void Loop::flush_dirty() {
    for (int round = 0; !dirty_.empty() && round < kFlushRounds; ++round) {
        flushing_.swap(dirty_);
        for (Resident* resident : flushing_) {
            resident->dirty_ = false;
            if (!resident->retired_) guarded(resident, [resident] { resident->flush(); });
        }
        flushing_.clear();
    }
    if (!dirty_.empty()) post([] {});
}

}  // namespace videochat::net
