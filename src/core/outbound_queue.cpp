#include "videochat/core/outbound_queue.hpp"

#include <cstring>
#include <utility>

namespace videochat::core {
namespace {

// A queue that once was long gives its memory back when it has been written; one that sees bursts
// of this many frames does not allocate for each of them.
constexpr std::size_t kKeptCapacity = 64;
// Sent frames in front of a queue that never runs empty are moved out from this many on.
constexpr std::size_t kCompactAt = 64;

bool exceeds(std::size_t value, std::size_t limit) { return limit != 0 && value > limit; }

}  // namespace

Push OutboundQueue::push(Frame frame, const QueueLimits& limits) {
    if (frame.empty()) return Push::Accepted;
    if (exceeds(bytes_ + frame.size(), limits.bytes) || exceeds(frames() + 1, limits.frames)) {
        return Push::Overflow;
    }
    bytes_ += frame.size();
    frames_.push_back(std::move(frame));
    return Push::Accepted;
}

std::size_t OutboundQueue::gather(std::span<std::string_view> out) const {
    std::size_t n = 0;
    for (std::size_t i = head_; i < frames_.size() && n < out.size(); ++i, ++n) {
        out[n] = frames_[i].view().substr(i == head_ ? head_offset_ : 0);
    }
    return n;
}

std::string_view OutboundQueue::copy_to(std::span<char> to) const {
    std::size_t used = 0;
    for (std::size_t i = head_; i < frames_.size(); ++i) {
        const std::string_view piece = frames_[i].view().substr(i == head_ ? head_offset_ : 0);
        if (piece.size() > to.size() - used) break;
        std::memcpy(to.data() + used, piece.data(), piece.size());
        used += piece.size();
    }
    return {to.data(), used};
}

void OutboundQueue::consume(std::size_t written) {
    bytes_ -= written;
    while (written > 0) {
        const std::size_t left = frames_[head_].size() - head_offset_;
        if (written < left) {
            head_offset_ += written;
            return;
        }
        written -= left;
        frames_[head_] = {};  // released now: other queues may be the only holders left
        ++head_;
        head_offset_ = 0;
    }
    compact();
}

void OutboundQueue::compact() {
    if (empty()) {
        frames_.clear();
        head_ = 0;
        if (frames_.capacity() > kKeptCapacity) frames_.shrink_to_fit();
    } else if (head_ >= kCompactAt) {
        frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
    }
}

void OutboundQueue::drop_unsent() {
    const std::size_t keep = head_ + (head_offset_ > 0 ? 1 : 0);
    frames_.resize(keep);
    bytes_ = head_offset_ > 0 ? frames_[head_].size() - head_offset_ : 0;
    compact();
}

}  // namespace videochat::core
