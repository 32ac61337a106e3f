// SocketIoPeer: a participant that speaks Socket.IO, with its place in the room. Owned by its
// session; with connection state recovery it outlives the session for a while, absent but not
// forgotten (AbsentPeer). On the room's loop.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "transport/engineio_session.hpp"
#include "transport/event_history.hpp"
#include "videochat/core/hub.hpp"
#include "videochat/core/outbox.hpp"
#include "videochat/core/peer.hpp"

namespace videochat::transport {

class SocketIoPeer final : public core::Outbox {
  public:
    SocketIoPeer(EngineIoSession& session, std::string id);

    core::Peer& peer() { return peer_; }
    const std::string& id() const { return peer_.id(); }
    /// Joins the room. False: it was refused.
    bool join(core::Hub& hub, std::string_view room);
    bool is_member() const { return static_cast<bool>(membership_); }
    core::Room& room() const { return membership_.room(); }

    /// Keeps what is sent, for recovery by whoever knows `pid`.
    void remember(std::string pid, const EventHistory::Limits& limits);
    const std::string& pid() const { return pid_; }
    /// Only of one that remembers.
    const EventHistory& history() const { return *history_; }

    /// Its connection was lost: it no longer counts in the room, but what the room is told is kept.
    void suspend();
    /// It is back. False: the room is full by now.
    bool resume(EngineIoSession& session);

    void send(const core::EncodedEvent& event) override;
    void dismiss(core::Dismissal why, std::string_view reason) override;

  private:
    EngineIoSession* session_;  ///< null while it is absent
    net::Loop& loop_;
    std::string pid_;
    EventHistory::Limits limits_;
    std::unique_ptr<EventHistory> history_;  ///< null: nothing is kept
    core::Peer peer_;
    core::Membership membership_;  // after the peer: it leaves first
};

}  // namespace videochat::transport
