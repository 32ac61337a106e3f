// AbsentPeer: a Socket.IO peer whose connection was lost, until its client comes back or its time
// is over. Owned by its loop; found by its private id in the loop's AbsentPeers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "net/loop.hpp"
#include "transport/socketio_peer.hpp"
#include "videochat/config.hpp"

namespace videochat::transport {

class AbsentPeer;

/// Those of one loop.
class AbsentPeers {
  public:
    /// Keeps `peer` on `loop`; over `limits.sessions` it is forgotten at once.
    void add(net::Loop& loop, std::unique_ptr<SocketIoPeer> peer, const RecoveryConfig& config);
    /// Takes the one with that pid out if it is of that room and still has everything since
    /// `offset`; else null.
    std::unique_ptr<SocketIoPeer> take(const std::string& pid, std::string_view room,
                                       std::string_view offset);
    std::size_t size() const { return by_pid_.size(); }

  private:
    friend class AbsentPeer;
    std::unordered_map<std::string, AbsentPeer*> by_pid_;
};

class AbsentPeer final : public net::Resident {
  public:
    AbsentPeer(AbsentPeers& all, std::unique_ptr<SocketIoPeer> peer);
    ~AbsentPeer() override;

    void on_due(net::TimePoint now) override;
    void abandon() noexcept override;
    void on_ready(bool /*readable*/, bool /*writable*/) override {}  // it has no socket

  private:
    friend class AbsentPeers;
    AbsentPeers& all_;
    std::unique_ptr<SocketIoPeer> peer_;
};

}  // namespace videochat::transport
