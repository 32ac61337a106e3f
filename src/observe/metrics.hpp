// Metrics: every refusal and every everyday event has a counter here, in one table. Each loop has
// counters of its own and is the only one to write them, so counting costs no atomic operation on
// the way of a message; any thread may read them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace videochat::observe {

enum class Counter : std::size_t {
    ConnectionsAccepted,
    RefusedConnections,  ///< all connections in use
    RefusedPerAddress,   ///< too many from one address
    RefusedConnectRate,  ///< too fast from one address
    AcceptPaused,        ///< descriptors used up
    TlsHandshakes,
    TlsFailures,  ///< handshakes that came to nothing
    RequestsServed,
    RefusedRequests,  ///< 4xx for a malformed or oversized head
    RefusedOrigins,
    RefusedRooms,  ///< bad name, too many, or full
    RequestTimeouts,
    WebsocketsOpened,
    WebsocketsClosed,
    MessagesReceived,
    FramesQueued,
    ClosedProtocolError,  ///< 1002
    ClosedUnsupported,    ///< 1003
    ClosedInvalidData,    ///< 1007
    ClosedPolicy,         ///< 1008
    ClosedTooBig,         ///< 1009
    ClosedRate,           ///< 1008 for a rate
    ClosedSlow,           ///< 1013
    DeadPeers,            ///< nothing heard for the ping timeout
    ReadsPaused,          ///< inbound byte rate
    SessionsOpened,       ///< Engine.IO
    SessionsClosed,
    SessionsFailed,  ///< closed because the client broke the protocol
    SessionsRecovered,
    RefusedSessions,   ///< requests with an Engine.IO error (codes 0 to 5)
    ConnectTimeouts,   ///< sessions that joined no namespace in time
    PostsReceived,     ///< from polling clients
    UpgradesFinished,  ///< from polling to a WebSocket
    UpgradesFailed,
    RefusedCalls,  ///< who was not let into a call, whatever for
    NotAdmitted,   ///< events of seats that wait, dropped
    UnknownEvents,
    BandwidthTransfers,
    RefusedBandwidth,  ///< with 429
    StunAnswers,
    StunRefusedAttributes,  ///< with 420, for attributes that are not known
    StunRefusedRate,        ///< answers to one address, or to too many
    StunIgnored,            ///< datagrams that are no binding request
    StunUnsent,             ///< answers that the system did not take
    Exceptions,             ///< caught by the event loop
    kCount
};

class Metrics {
  public:
    /// On the loop that these counters belong to.
    void add(Counter counter) {
        auto& cell = cells_[static_cast<std::size_t>(counter)];
        cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    /// From any thread.
    std::uint64_t get(Counter counter) const {
        return cells_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
    }

  private:
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Counter::kCount)> cells_{};
};

/// The counter's name as it appears in logs and on pages, in snake_case.
const char* name_of(Counter counter);

}  // namespace videochat::observe
