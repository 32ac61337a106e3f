// OutboundQueue: bytes waiting for one peer. Lives on the peer's loop.
// The limit protects the other members: one stalled phone must not hold a room's memory.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "videochat/core/frame.hpp"

namespace videochat::core {

/// 0: no limit.
struct QueueLimits {
    std::size_t bytes = 0;
    std::size_t frames = 0;
};

enum class Push { Accepted, Overflow };

class OutboundQueue {
  public:
    /// Overflow: the frame was not taken; the caller decides what that means.
    Push push(Frame frame, const QueueLimits& limits = {});

    bool empty() const { return head_ == frames_.size(); }
    std::size_t bytes() const { return bytes_; }
    std::size_t frames() const { return frames_.size() - head_; }

    /// Fills `out` with what is to be written next and returns how many pieces that is.
    std::size_t gather(std::span<std::string_view> out) const;
    /// Copies what is to be written next, as many whole frames as `to` holds; empty if the first
    /// one is too large.
    std::string_view copy_to(std::span<char> to) const;
    /// Takes away `written` bytes, which the socket accepted.
    void consume(std::size_t written);
    /// Drops what was not begun to be sent; a frame that is partly out must go out whole.
    void drop_unsent();

  private:
    void compact();

    std::vector<Frame> frames_;
    std::size_t head_ = 0;         ///< the first frame that is still to be sent
    std::size_t head_offset_ = 0;  ///< how much of it is out
    std::size_t bytes_ = 0;
};

}  // namespace videochat::core
