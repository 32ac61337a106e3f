// Hub: the rooms of one loop. Room names are compared byte by byte; an empty room takes no memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "videochat/config.hpp"
#include "videochat/core/room.hpp"

namespace videochat::core {

/// The name of the lobby: who comes without `?room=` is there. No other room can have it.
inline constexpr std::string_view kLobby;

/// A peer's stay in a room; its end, by whatever way, is leaving.
class Membership {
  public:
    Membership() = default;
    Membership(Hub& hub, Room& room, Peer& peer) : hub_(&hub), room_(&room), peer_(&peer) {}
    Membership(Membership&& other) noexcept { *this = std::move(other); }
    Membership& operator=(Membership&& other) noexcept;
    ~Membership() { leave(); }

    explicit operator bool() const { return room_ != nullptr; }
    /// Only while it holds.
    Room& room() const { return *room_; }
    void leave();
    /// The peer is absent from now on: it counts nowhere, but is sent what its room and groups are.
    void suspend();
    /// It is back. False: the room is full by now, and it stays absent.
    bool resume();

  private:
    Hub* hub_ = nullptr;
    Room* room_ = nullptr;
    Peer* peer_ = nullptr;
};

/// What the domain needs of the world around it.
struct HubPorts {
    std::function<std::string()> new_id;                       ///< unguessable, for one peer
    std::function<std::vector<std::string>()> ipv4_addresses;  ///< the server's, not loopback
    std::function<void()> unknown_event;                       ///< counted, otherwise ignored
};

enum class JoinRefusal { None, RoomFull, TooManyRooms };

/// Lives on one loop. `rooms_in_all` is shared by the hubs of all loops.
class Hub {
  public:
    Hub(const RoomLimits& limits, HubPorts ports, std::atomic<std::size_t>& rooms_in_all);
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// An empty membership: `refusal` tells why.
    Membership join(Peer& peer, std::string_view room_name, JoinRefusal& refusal);

    std::size_t room_count() const { return rooms_.size(); }
    const RoomLimits& limits() const { return limits_; }
    const HubPorts& ports() const { return ports_; }
    /// The peer's id, made at first use.
    const std::string& id_of(Peer& peer) const;

  private:
    friend class Membership;
    void leave(Room& room, Peer& peer);
    bool reserve_room();

    RoomLimits limits_;
    HubPorts ports_;
    std::atomic<std::size_t>& rooms_in_all_;
    /// Ordered: strangers choose the names, and no choice may make it slow.
    std::map<std::string, std::unique_ptr<Room>, std::less<>> rooms_;
};

}  // namespace videochat::core
