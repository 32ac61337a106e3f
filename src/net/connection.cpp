#include "net/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cstring>
#include <utility>

namespace videochat::net {
namespace {

// What is kept between two reads is small nearly always; a buffer that grew is given back.
constexpr std::size_t kKeptCapacity = 4096;

// Up to this size, on average, frames are copied for a common write.
constexpr std::size_t kCopiedFrame = 2048;

// After a failed handshake or a broken record: time and bytes for the peer to read the alert.
constexpr auto kLostLinger = std::chrono::seconds(1);
constexpr std::size_t kLostBytes = 64 * std::size_t{1024};

}  // namespace

bool Connection::start() {
    if (!loop().poller().add(socket_.fd.get(), *this, interest_)) {
        cut();
        return false;
    }
    if (loop().is_stopping()) on_stop();  // it was on its way here when the others were told
    if (socket_.channel && state_ == State::Open) {  // it comes from another loop
        unread_due_ = true;
        loop().mark_dirty(*this);
    }
    return true;
}

core::Push Connection::send(core::Frame frame, const core::QueueLimits& limits) {
    if (state_ != State::Open) return core::Push::Accepted;
    const core::Push push = queue_.push(std::move(frame), limits);
    if (push == core::Push::Accepted) loop().mark_dirty(*this);
    return push;
}

void Connection::on_ready(bool readable, bool writable) {
    if (state_ == State::Over) return;
    if (writable) {
        write_blocked_ = false;
        write();
    }
    if (!readable || state_ == State::Over) return;
    if (paused_ && state_ == State::Open) {
        cut();  // reading is off, so this is the news that the connection was lost
    } else {
        read();
    }
}

void Connection::read() {
    const std::span<char> buffer = loop().read_buffer();
    if (state_ == State::Finishing) {
        discard(buffer);
        return;
    }
    const std::size_t before = kept_.size();
    if (before >= buffer.size()) {  // a handler that uses nothing of so much never will
        cut();
        return;
    }
    const IoResult result = channel_->read(socket_.fd.get(), buffer.subspan(before));
    if (handshaking_) end_handshake();
    switch (result.status) {
        case IoStatus::Ok:
            if (socket_.opener != nullptr && open_channel(buffer.first(result.bytes))) return;
            std::memcpy(buffer.data(), kept_.data(), before);
            feed(buffer.first(before + result.bytes));
            break;
        case IoStatus::End:
            on_peer_end();
            return;
        case IoStatus::Error:
            lose();
            return;
        case IoStatus::WouldBlock:
            break;
    }
    if (socket_.channel) read_on();
}

// The first bytes tell what is spoken on the connection; a channel of its own gets them back.
bool Connection::open_channel(std::span<char> first) {
    socket_.channel = std::exchange(socket_.opener, nullptr)->open(first);
    if (!socket_.channel) return false;
    channel_ = socket_.channel.get();
    handshaking_ = true;
    handler_->on_handshake();
    read();
    return true;
}

void Connection::end_handshake() {
    if (!channel_->is_established()) return;
    handshaking_ = false;
    handler_->on_secured();
}

// What a channel holds back is no news of the socket: nobody else would come for it. Reading on at
// the end of the turn lets others have theirs.
void Connection::read_on() {
    if (state_ == State::Over) return;
    if (channel_->has_unsent() && !write_blocked_) write();
    if (state_ == State::Open && !paused_ && channel_->has_unread()) {
        unread_due_ = true;
        loop().mark_dirty(*this);
    }
}

// A channel that has failed has told the peer why, as far as it can: those words shall arrive.
void Connection::lose() {
    if (!socket_.channel || state_ != State::Open) {
        cut();
        return;
    }
    queue_ = {};
    socket_.channel.reset();
    channel_ = &plain_channel();
    handshaking_ = false;
    finish(kLostLinger, kLostBytes);
}

void Connection::feed(std::span<char> bytes) {
    while (true) {
        const std::size_t used = handler_->on_bytes(bytes);
        assert(used <= bytes.size());
        bytes = bytes.subspan(used);
        if (next_handler_ == nullptr || state_ == State::Over) break;
        handler_ = std::move(next_handler_);
    }
    if (state_ == State::Open) keep(bytes);
}

void Connection::inject(std::string bytes) {
    try {
        feed(bytes);
    } catch (...) {  // the loop knows only that a task has thrown
        abandon();
        throw;
    }
}

void Connection::keep(std::span<char> rest) {
    kept_.assign(rest.data(), rest.size());
    if (kept_.size() < kKeptCapacity && kept_.capacity() > kKeptCapacity) kept_.shrink_to_fit();
}

void Connection::on_peer_end() {
    peer_ended_ = true;
    if (state_ == State::Open) handler_->on_end();
    if (our_side_ended_) cut();
    update_interest();  // an ended side stays readable for ever
}

void Connection::discard(std::span<char> buffer) {
    // What it means does not matter any more.
    const IoResult result = plain_channel().read(socket_.fd.get(), buffer);
    switch (result.status) {
        case IoStatus::WouldBlock:
            return;
        case IoStatus::End:
            on_peer_end();
            return;
        case IoStatus::Error:
            cut();
            return;
        case IoStatus::Ok:
            break;
    }
    if (result.bytes > drain_left_) {
        cut();
        return;
    }
    drain_left_ -= result.bytes;
}

// The kernel takes one piece faster than many: describing a piece costs it about 50 ns, as much as
// copying 1.5 KB does. So everyday frames are copied together, and only large ones are gathered.
IoResult Connection::write_queue() {
    const std::size_t frames = queue_.frames();
    if (frames > 1 && queue_.bytes() / frames <= kCopiedFrame) {
        const std::string_view copied = queue_.copy_to(loop().write_buffer());
        if (!copied.empty()) return channel_->write(socket_.fd.get(), {&copied, 1});
    }
    if (frames == 1) {
        std::string_view only;
        queue_.gather({&only, 1});
        return channel_->write(socket_.fd.get(), {&only, 1});
    }
    std::array<std::string_view, kMaxPieces> pieces;
    return channel_->write(socket_.fd.get(), std::span(pieces).first(queue_.gather(pieces)));
}

void Connection::flush() {
    if (state_ == State::Over) return;
    if (state_ == State::Finishing) handler_.reset();
    write();
    if (std::exchange(unread_due_, false) && state_ == State::Open && !paused_ && !peer_ended_) {
        read();
    }
}

bool Connection::write_unsent() {
    if (!channel_->has_unsent()) return true;
    const IoStatus status = channel_->write_unsent(socket_.fd.get());
    if (status == IoStatus::Ok) {
        last_write_ = loop().now();
    } else if (status == IoStatus::WouldBlock) {
        write_blocked_ = true;
        update_interest();
    } else {
        cut();
    }
    return status == IoStatus::Ok;
}

void Connection::write() {
    if (state_ == State::Over || write_blocked_) return;
    if (socket_.channel && !write_unsent()) return;
    while (!queue_.empty()) {
        const IoResult result = write_queue();
        if (result.status == IoStatus::WouldBlock) {
            write_blocked_ = true;
            update_interest();
            return;
        }
        if (result.status != IoStatus::Ok) {
            cut();
            return;
        }
        last_write_ = loop().now();
        queue_.consume(result.bytes);
    }
    if (socket_.channel && !write_unsent()) return;
    update_interest();
    if (state_ == State::Finishing) {
        end_our_side();
    } else {
        handler_->on_drained();
    }
}

void Connection::buffer_little() {
#ifdef TCP_NOTSENT_LOWAT
    const int bytes = 128 * 1024;
    ::setsockopt(socket_.fd.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
#endif
}

void Connection::pause_reading() {
    paused_ = true;
    update_interest();
}

void Connection::resume_reading() {
    if (!paused_ || state_ != State::Open) return;
    paused_ = false;
    update_interest();
    if (!kept_.empty()) {
        std::string bytes = std::move(kept_);
        kept_.clear();
        feed(bytes);
    }
    if (socket_.channel) read_on();
}

Poller::Interest Connection::wanted() const {
    const bool read = (!paused_ || state_ == State::Finishing) && !peer_ended_;
    if (read) return write_blocked_ ? Poller::Interest::ReadWrite : Poller::Interest::Read;
    return write_blocked_ ? Poller::Interest::Write : Poller::Interest::None;
}

void Connection::update_interest() {
    const Poller::Interest interest = wanted();
    if (interest == interest_ || state_ == State::Over) return;
    interest_ = interest;
    loop().poller().change(socket_.fd.get(), *this, interest);
}

void Connection::set_deadline(TimePoint when) {
    if (state_ == State::Open) loop().set_deadline(*this, when);
}

void Connection::on_due(TimePoint now) {
    if (state_ == State::Finishing) cut();
    if (state_ == State::Open) handler_->on_due(now);
}

void Connection::on_stop() {
    if (state_ == State::Open) handler_->on_stop();
}

Socket Connection::release() {
    loop().poller().remove(socket_.fd.get());
    state_ = State::Over;
    Socket socket = std::move(socket_);
    loop().retire(*this);
    return socket;
}

void Connection::finish(Clock::duration linger, std::size_t drained) {
    if (state_ != State::Open) return;
    state_ = State::Finishing;
    drain_left_ = drained;
    kept_ = {};
    loop().set_deadline(*this, loop().now() + linger);
    update_interest();
    loop().mark_dirty(*this);  // the flush that finds the queue empty ends our side
}

void Connection::end_our_side() {
    if (our_side_ended_) return;
    our_side_ended_ = true;
    channel_->say_goodbye(socket_.fd.get());
    ::shutdown(socket_.fd.get(), SHUT_WR);
    if (peer_ended_) cut();
}

void Connection::abandon() noexcept {
    try {
        if (state_ == State::Open) handler_->on_internal_error();
    } catch (...) {  // NOLINT(bugprone-empty-catch): the first exception has been told already
    }
    if (state_ == State::Open) cut();
}

void Connection::cut() {
    if (state_ == State::Over) return;
    state_ = State::Over;
    loop().poller().remove(socket_.fd.get());
    socket_.fd.reset();
    loop().retire(*this);
}

}  // namespace videochat::net
