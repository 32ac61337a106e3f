#include "videochat/core/hub.hpp"

#include <utility>

namespace videochat::core {

Membership& Membership::operator=(Membership&& other) noexcept {
    if (this == &other) return *this;
    leave();
    hub_ = std::exchange(other.hub_, nullptr);
    room_ = std::exchange(other.room_, nullptr);
    peer_ = std::exchange(other.peer_, nullptr);
    return *this;
}

void Membership::leave() {
    if (Room* const room = std::exchange(room_, nullptr)) hub_->leave(*room, *peer_);
}

void Membership::suspend() {
    if (room_ != nullptr) room_->suspend(*peer_);
}

bool Membership::resume() {
    if (room_ == nullptr || room_->is_full()) return false;
    room_->resume(*peer_);
    return true;
}

Hub::Hub(const RoomLimits& limits, HubPorts ports, std::atomic<std::size_t>& rooms_in_all)
    : limits_(limits), ports_(std::move(ports)), rooms_in_all_(rooms_in_all) {}

Membership Hub::join(Peer& peer, std::string_view room_name, JoinRefusal& refusal) {
    auto found = rooms_.find(room_name);
    if (found == rooms_.end()) {
        if (!reserve_room()) {
            refusal = JoinRefusal::TooManyRooms;
            return {};
        }
        std::string name(room_name);
        found = rooms_.emplace(name, std::make_unique<Room>(*this, name)).first;
    }
    Room& room = *found->second;
    if (room.is_full()) {
        refusal = JoinRefusal::RoomFull;
        return {};
    }
    refusal = JoinRefusal::None;
    room.add(peer);
    return {*this, room, peer};
}

bool Hub::reserve_room() {
    const std::size_t before = rooms_in_all_.fetch_add(1, std::memory_order_relaxed);
    if (limits_.rooms == 0 || before < limits_.rooms) return true;
    rooms_in_all_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void Hub::leave(Room& room, Peer& peer) {
    room.remove(peer);
    if (!room.is_abandoned()) return;
    rooms_.erase(rooms_.find(room.name()));
    rooms_in_all_.fetch_sub(1, std::memory_order_relaxed);
}

const std::string& Hub::id_of(Peer& peer) const {
    if (peer.id().empty()) peer.give_id(ports_.new_id());
    return peer.id();
}

}  // namespace videochat::core
