// Coming in: who is let in, who waits, who is turned away, and who comes back.
#include <algorithm>
#include <utility>

#include "core/call_state.hpp"
#include "core/json_text.hpp"
#include "videochat/core/call.hpp"
#include "videochat/version.hpp"

namespace videochat::core {
namespace {

// Addresses that something is kept of at one call.
constexpr std::size_t kAddresses = 1024;

void refuse(CallSocket& socket, std::string_view arguments, CallClose code) {
    socket.send(EncodedEvent({R"(["refused",)", arguments, "]"}));
    socket.end(code);
}

std::string with_wait(std::string_view reason, std::chrono::milliseconds wait) {
    return "\"" + std::string(reason) + "\"," + std::to_string(wait.count());
}

std::string_view text_of(bool value) { return value ? "true" : "false"; }

std::string_view text_of(Door door) {
    switch (door) {
        case Door::Open:
            return R"("open")";
        case Door::Locked:
            return R"("locked")";
        case Door::Knock:
            break;
    }
    return R"("knock")";
}

/// What is kept of an address. Somebody with many of them makes the call forget the one that is,
/// or was, held back the shortest, and no more.
template <typename Kept>
Kept& remember(std::map<std::string, Kept>& addresses, const std::string& address) {
    if (addresses.size() >= kAddresses && !addresses.contains(address)) {
        addresses.erase(std::ranges::min_element(
            addresses, {}, [](const auto& entry) { return entry.second.until; }));
    }
    return addresses[address];
}

}  // namespace

Seat* Call::enter(CallSocket& socket, const CallEntry& entry, TimePoint now) {
    if (refuse_anybody(socket, entry, now)) return nullptr;
    const bool waits = would_wait();
    if (waits) {
        if (const auto wait = wait_to_wait(entry.address, now); wait.count() > 0) {
            refuse(socket, with_wait("rate", wait), CallClose::Rate);
            return nullptr;
        }
        remember(arrivals_, entry.address).add(now);
    }
    auto& place = waits ? waiting_ : members_;
    Seat& seat = *place.emplace_back(seat_of(socket, entry, now));
    seat.admitted_ = !waits;
    if (!waits && host_ == nullptr) host_ = &seat;
    seat.tell_socket(EncodedEvent({welcome(seat, false)}));
    if (waits) return &seat;
    announce(seat);
    tell_of_all_rings(seat);
    return &seat;
}

bool Call::peek(CallSocket& socket, const CallEntry& entry, TimePoint now) {
    if (refuse_anybody(socket, entry, now)) return false;
    std::chrono::milliseconds wait{};
    if (would_wait()) wait = wait_to_wait(entry.address, now);
    if (wait.count() == 0 && !members_.empty()) {
        Arrivals& looks = remember(looks_, entry.address);
        wait = looks.wait(now);
        if (wait.count() == 0) looks.add(now);
    }
    if (wait.count() > 0) {
        refuse(socket, with_wait("rate", wait), CallClose::Rate);
        return false;
    }
    socket.send(
        EncodedEvent({R"(["peek",{"count":)", std::to_string(members_.size()), R"(,"capacity":)",
                      std::to_string(limits_.capacity), ",", door_json(), "}]"}));
    socket.end(CallClose::Normal);
    return true;
}

std::unique_ptr<Seat> Call::seat_of(CallSocket& socket, const CallEntry& entry,
                                    TimePoint now) const {
    return std::make_unique<Seat>(Seat::Identity{.id = ports_.new_seat_id(),
                                                 .token = ports_.new_token(),
                                                 .name = entry.name,
                                                 .was = entry.was,
                                                 .address = entry.address},
                                  socket, now);
}

void Call::announce(const Seat& seat) {
    std::string joined = R"(["peer joined",{"seat":")" + seat.id() + R"(","name":)" +
                         json_string(seat.identity().name);
    if (!seat.identity().was.empty()) joined += R"(,"was":")" + seat.identity().was + "\"";
    tell_members(EncodedEvent({joined, "}]"}), &seat);
}

// 1 to 3: what holds whether or not the newcomer would wait.
bool Call::refuse_anybody(CallSocket& socket, const CallEntry& entry, TimePoint now) {
    if (refuse_password(socket, entry, now)) return true;
    if (door_ == Door::Locked) {
        refuse(socket, R"("locked")", CallClose::Locked);
    } else if (is_full()) {
        refuse(socket, R"("full",)" + std::to_string(limits_.capacity), CallClose::Full);
    } else {
        return false;
    }
    return true;
}

// 1: the password. A wait that wrong proofs have started is for everybody from there.
bool Call::refuse_password(CallSocket& socket, const CallEntry& entry, TimePoint now) {
    if (password_.empty()) return false;
    const auto known = tries_.find(entry.address);
    if (known != tries_.end() && known->second.until > now) {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(known->second.until - now);
        refuse(socket, with_wait("password", wait), CallClose::Password);
        return true;
    }
    if (!entry.proof.empty() && equal_secrets(ports_.digest(entry.proof), password_)) return false;
    std::chrono::milliseconds wait{};
    if (!entry.proof.empty()) {
        Tries& tries = remember(tries_, entry.address);
        tries.add_wrong(now);
        if (tries.until > now) {
            wait = std::chrono::ceil<std::chrono::milliseconds>(tries.until - now);
        }
    }
    refuse(socket, with_wait("password", wait), CallClose::Password);
    return true;
}

bool Call::would_wait() const { return !members_.empty() && door_ != Door::Open; }

bool Call::is_crowded(const std::string& address) const {
    const auto from_there = std::ranges::count_if(
        waiting_, [&address](const auto& seat) { return seat->identity().address == address; });
    return (limits_.waiting != 0 && waiting_.size() >= limits_.waiting) ||
           (limits_.waiting_per_address != 0 &&
            static_cast<std::size_t>(from_there) >= limits_.waiting_per_address);
}

// 4: how long until somebody from there may wait; 0: now. While it is crowded nobody knows when a
// place will be free.
std::chrono::milliseconds Call::wait_to_wait(const std::string& address, TimePoint now) const {
    if (is_crowded(address)) return Arrivals::kEach;
    const auto known = arrivals_.find(address);
    return known == arrivals_.end() ? std::chrono::milliseconds{} : known->second.wait(now);
}

Seat* Call::find_by_token(std::string_view token) const {
    Seat* found = nullptr;
    for (const auto* const seats : {&members_, &waiting_}) {
        for (const auto& seat : *seats) {
            if (equal_secrets(seat->identity().token, token)) found = seat.get();
        }
    }
    return found;
}

Seat* Call::resume(CallSocket& socket, std::string_view token, std::optional<std::uint64_t> seen,
                   TimePoint /*now*/) {
    Seat* const seat = find_by_token(token);
    if (seat == nullptr) {
        refuse(socket, R"("expired")", CallClose::Expired);
        return nullptr;
    }
    const bool was_away = seat->is_away();
    seat->refuse(R"("replaced")", CallClose::Replaced);
    seat->socket_ = &socket;
    const bool resumed = seat->holds_all_after(seen);
    if (!resumed) seat->forget_frames();
    seat->tell_socket(EncodedEvent({welcome(*seat, resumed)}));
    if (resumed) {
        seat->replay_after(*seen);
    } else {
        for (const auto& ringing : waiting_) {
            if (ringing->was_told(seat->id())) tell_again(*ringing, *seat);
        }
    }
    if (was_away) {
        tell_members(EncodedEvent({R"(["peer back",")", seat->id(), R"("])"}), seat);
    }
    return seat;
}

std::string Call::members_json() const {
    std::string json = "[";
    for (const auto& member : members_) {
        if (json.size() > 1) json += ",";
        json.append(R"({"seat":")").append(member->id()).append(R"(","name":)");
        append_json_string(json, member->identity().name);
        json.append(R"(,"host":)").append(text_of(member.get() == host_));
        json.append(R"(,"away":)").append(text_of(member->is_away())).append("}");
    }
    return json + "]";
}

std::string Call::door_json() const {
    std::string json = R"("door":)";
    return json.append(text_of(door_)).append(R"(,"password":)").append(text_of(has_password()));
}

std::string Call::welcome(const Seat& seat, bool resumed) const {
    const bool admitted = seat.is_admitted();
    std::string json = R"(["welcome",{"seat":")" + seat.id() + R"(","token":")" +
                       seat.identity().token + R"(","call":)" + json_string(name_);
    json.append(R"(,"state":)").append(admitted ? R"("admitted")" : R"("waiting")");
    json.append(R"(,"host":)").append(text_of(&seat == host_));
    json.append(R"(,"members":)").append(admitted ? members_json() : "[]");
    if (!admitted) json.append(R"(,"count":)").append(std::to_string(members_.size()));
    json.append(R"(,"capacity":)").append(std::to_string(limits_.capacity));
    if (admitted) json.append(",").append(door_json());
    json.append(R"(,"iceServers":)").append(ports_.ice_servers(seat.id(), admitted));
    json.append(R"(,"resumed":)").append(text_of(resumed));
    json.append(R"(,"heard":)").append(std::to_string(seat.heard()));
    return json + R"(,"server":{"version":")" VIDEOCHAT_VERSION R"("}}])";
}

}  // namespace videochat::core
