// PacketBuffer: Engine.IO packets that wait for a poll, or for the end of an upgrade. Bounded, as
// every queue is. On the session's loop.
#pragma once

#include <cstddef>
#include <vector>

#include "protocol/engineio_payload.hpp"
#include "videochat/core/frame.hpp"
#include "videochat/core/outbound_queue.hpp"

namespace videochat::transport {

class PacketBuffer {
  public:
    /// A text packet with its digit, or the bytes of a binary message. Overflow: not taken.
    core::Push push(const core::Frame& data, bool is_binary, const core::QueueLimits& limits);

    bool empty() const { return packets_.empty(); }
    /// Views, until the buffer changes.
    std::vector<protocol::OutgoingPacket> packets() const;
    void clear();

  private:
    struct Waiting {
        core::Frame data;
        bool is_binary;
    };
    std::vector<Waiting> packets_;
    std::size_t bytes_ = 0;
};

}  // namespace videochat::transport
