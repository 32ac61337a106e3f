// EventHistory: the events that a peer was last sent, for a client that comes back and tells the
// offset of the last one it has (Socket.IO's connection state recovery). Bounded in packets, bytes
// and age; the frames are shared with the queues of the room's other peers. On the room's loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "net/clock.hpp"
#include "videochat/config.hpp"
#include "videochat/core/event.hpp"

namespace videochat::transport {

class EventHistory {
  public:
    struct Entry {
        std::uint64_t serial = 0;
        net::TimePoint since{};
        core::Frame packet;  ///< "42[...]", with its offset
        std::vector<core::Frame> attachments;
    };
    struct Limits {
        /// An event and each of its attachments. As many as the client's queue takes at once.
        std::size_t packets = 0;  ///< 0: no limit, as everywhere
        std::size_t bytes = 0;
        Milliseconds age{};
    };

    void add(const core::EncodedEvent& event, const Limits& limits, net::TimePoint now);

    /// What came after `offset`. nullopt: it is not, or no longer, known.
    std::optional<std::vector<const Entry*>> since(std::string_view offset) const;

  private:
    static std::size_t size_of(const Entry& entry);

    std::deque<Entry> entries_;
    std::size_t bytes_ = 0;
    std::size_t packets_ = 0;
};

}  // namespace videochat::transport
