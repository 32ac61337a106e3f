// Peer: a participant as the domain sees it. Owned by its session, on its room's loop.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "videochat/core/outbox.hpp"

namespace videochat::core {

class Room;
class Group;

class Peer {
  public:
    explicit Peer(Outbox& outbox) : outbox_(outbox) {}
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    Outbox& outbox() const { return outbox_; }
    /// The public id that `create or join` tells; empty until `give_id`.
    const std::string& id() const { return id_; }
    void give_id(std::string id) { id_ = std::move(id); }

  private:
    friend class Room;
    Outbox& outbox_;
    std::size_t index_ = 0;  ///< where it stands among its room's members, or the absent
    bool absent_ = false;
    std::vector<Group*> groups_;  ///< joined by `create or join`
    std::string id_;
};

}  // namespace videochat::core
