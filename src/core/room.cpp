#include "videochat/core/room.hpp"

#include <algorithm>

#include "videochat/core/hub.hpp"

namespace videochat::core {

void Group::broadcast(const EncodedEvent& event) const {
    for (const Peer* peer : members_)
        peer->outbox().send(event);
    for (const Peer* peer : absent_)
        peer->outbox().send(event);
}

void Room::relay(const Peer& from, const EncodedEvent& event) const {
    for (const Peer* peer : members_) {
        if (peer != &from) peer->outbox().send(event);
    }
    for (const Peer* peer : absent_)
        peer->outbox().send(event);
}

void Room::broadcast(const Peer& from, const EncodedEvent& event) const {
    from.outbox().send(event);
    relay(from, event);
}

Group* Room::find_group(std::string_view key) {
    const auto found = groups_.find(key);
    return found == groups_.end() ? nullptr : found->second.get();
}

Group* Room::join_group(Peer& peer, std::string_view key) {
    Group* group = find_group(key);
    if (group != nullptr && std::ranges::count(peer.groups_, group) != 0) return group;
    const std::size_t limit = hub_.limits().rooms_per_peer;
    if (limit != 0 && peer.groups_.size() >= limit) return nullptr;
    if (group == nullptr) {
        auto made = std::make_unique<Group>(std::string(key));
        group = made.get();
        groups_.emplace(group->key(), std::move(made));
    }
    group->members_.push_back(&peer);
    peer.groups_.push_back(group);
    return group;
}

bool Room::is_full() const {
    const std::size_t limit = hub_.limits().peers;
    return limit != 0 && members_.size() >= limit;
}

void Room::add(Peer& peer) {
    peer.absent_ = false;
    peer.index_ = members_.size();
    members_.push_back(&peer);
}

// The last one takes the place: leaving costs the same in a lobby of any size.
void Room::take_out(Peer& peer) {
    std::vector<Peer*>& list = peer.absent_ ? absent_ : members_;
    Peer* const last = list.back();
    list[peer.index_] = last;
    last->index_ = peer.index_;
    list.pop_back();
}

void Room::remove(Peer& peer) {
    for (Group* group : peer.groups_) {
        std::erase(peer.absent_ ? group->absent_ : group->members_, &peer);
        if (group->members_.empty() && group->absent_.empty()) {
            groups_.erase(groups_.find(group->key()));
        }
    }
    peer.groups_.clear();
    take_out(peer);
}

void Room::suspend(Peer& peer) {
    if (peer.absent_) return;
    take_out(peer);
    peer.absent_ = true;
    peer.index_ = absent_.size();
    absent_.push_back(&peer);
    for (Group* group : peer.groups_) {
        std::erase(group->members_, &peer);
        group->absent_.push_back(&peer);
    }
}

void Room::resume(Peer& peer) {
    take_out(peer);
    add(peer);
    for (Group* group : peer.groups_) {
        std::erase(group->absent_, &peer);
        group->members_.push_back(&peer);
    }
}

}  // namespace videochat::core
