// Room: the members of one broadcast domain, the lobby or one `?room=NAME`, with the semantics of
// index.js. Lives on one loop, owned by that loop's Hub. Group: what `create or join` makes inside
// of a room (a socket.io room of the old server); no group reaches beyond its room.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "videochat/core/event.hpp"
#include "videochat/core/peer.hpp"

namespace videochat::core {

class Hub;

/// Members in the order of joining; a peer that joined twice is in it once. Those who are absent
/// for a while (see Membership::suspend) are sent what members are, and count for nothing else.
class Group {
  public:
    explicit Group(std::string key) : key_(std::move(key)) {}
    const std::string& key() const { return key_; }
    const std::vector<Peer*>& members() const { return members_; }
    void broadcast(const EncodedEvent& event) const;

  private:
    friend class Room;
    std::string key_;
    std::vector<Peer*> members_;
    std::vector<Peer*> absent_;
};

class Room {
  public:
    Room(Hub& hub, std::string name) : hub_(hub), name_(std::move(name)) {}
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;

    Hub& hub() const { return hub_; }
    const std::string& name() const { return name_; }
    const std::vector<Peer*>& members() const { return members_; }

    /// To everyone but the sender.
    void relay(const Peer& from, const EncodedEvent& event) const;
    /// To everyone, the sender first.
    void broadcast(const Peer& from, const EncodedEvent& event) const;

    /// The group with this key (as js_value.hpp makes it), or null.
    Group* find_group(std::string_view key);
    /// Puts `peer` into the group, which is made if need be. Null: the peer is in as many groups as
    /// it may be.
    Group* join_group(Peer& peer, std::string_view key);

  private:
    friend class Hub;
    friend class Membership;
    bool is_full() const;
    bool is_abandoned() const { return members_.empty() && absent_.empty(); }
    void add(Peer& peer);
    void remove(Peer& peer);
    void suspend(Peer& peer);
    void resume(Peer& peer);
    void take_out(Peer& peer);

    Hub& hub_;
    std::string name_;
    std::vector<Peer*> members_;
    std::vector<Peer*> absent_;
    std::map<std::string, std::unique_ptr<Group>, std::less<>> groups_;
};

}  // namespace videochat::core
