// Seats and ringing: what keeps every member's view of a call the same. Who comes in is judged in
// call_entry.cpp, what events do in call_signaling.cpp.
#include "videochat/core/call.hpp"

#include <algorithm>
#include <utility>

#include "core/call_signaling.hpp"
#include "core/call_state.hpp"
#include "core/json_text.hpp"

namespace videochat::core {
namespace {

// Who waits without ringing waits so many times longer than who rings.
constexpr int kSilentWait = 10;

using Seats = std::vector<std::unique_ptr<Seat>>;

std::unique_ptr<Seat> take_out(Seats& seats, const Seat& seat) {
    const auto found =
        std::ranges::find_if(seats, [&seat](const auto& each) { return each.get() == &seat; });
    auto taken = std::move(*found);
    seats.erase(found);
    return taken;
}

Seat* find_in(const Seats& seats, std::string_view id) {
    const auto found =
        std::ranges::find_if(seats, [id](const auto& seat) { return seat->id() == id; });
    return found == seats.end() ? nullptr : found->get();
}

EncodedEvent about(std::string_view event, const Seat& seat) {
    return EncodedEvent({R"([")", event, R"(",")", seat.id(), R"("])"});
}

}  // namespace

Call::Call(std::string name, const CallLimits& limits, const CallPorts& ports)
    : name_(std::move(name)), limits_(limits), ports_(ports) {}

Call::~Call() = default;

bool Call::is_full() const { return limits_.capacity != 0 && members_.size() >= limits_.capacity; }

Seat* Call::find_member(std::string_view id) const { return find_in(members_, id); }

Seat* Call::find_waiting(std::string_view id) const { return find_in(waiting_, id); }

void Call::tell_members(const EncodedEvent& event, const Seat* but) {
    for (const auto& member : members_) {
        if (member.get() != but) member->tell(event);
    }
}

// ---- Members

void Call::admit(Seat& seat, const Seat* by, TimePoint /*now*/) {
    if (seat.is_ringing()) end_ring(seat, "accepted", by);
    members_.push_back(take_out(waiting_, seat));
    seat.admitted_ = true;
    announce(seat);
    seat.tell(EncodedEvent({R"(["host agreed",{"members":)", members_json(), R"(,"iceServers":)",
                            ports_.ice_servers(seat.id(), true), ",", door_json(), "}]"}));
    tell_of_all_rings(seat);
}

void Call::end_member(Seat& seat, std::string_view reason) {
    const auto gone = take_out(members_, seat);
    const bool was_host = host_ == gone.get();
    if (was_host) host_ = nullptr;
    for (const auto& waiting : waiting_)
        std::erase(waiting->told_, gone->id());
    if (members_.empty()) {
        refuse_all_waiting("ended", CallClose::NotAdmitted);
        return;
    }
    tell_members(EncodedEvent({R"(["peer left",")", gone->id(), R"(",")", reason, R"("])"}));
    if (was_host) pass_host_on();
}

void Call::pass_host_on() {
    const auto with_socket =
        std::ranges::find_if(members_, [](const auto& member) { return !member->is_away(); });
    make_host(with_socket == members_.end() ? *members_.front() : **with_socket);
}

void Call::make_host(Seat& seat) {
    host_ = &seat;
    tell_members(about("host", seat));
    tell_of_all_rings(seat);
    if (seat.is_away()) {
        for (const auto& member : members_)
            tell_of_all_rings(*member);
    }
}

void Call::lose_socket(Seat& seat, bool breach, TimePoint now) {
    seat.socket_ = nullptr;
    seat.since_ = now;
    if (!seat.is_admitted()) {
        end_waiting(seat, "cancelled");
    } else if (breach) {
        end_member(seat, "lost");
    } else {
        tell_members(about("peer away", seat), &seat);
        if (&seat != host_) return;
        for (const auto& member : members_)
            tell_of_all_rings(*member);
    }
}

// ---- Ringing

void Call::ring(Seat& seat, TimePoint now) {
    seat.ringing_since_ = now;
    waiting_.push_back(take_out(waiting_, seat));
    for (const auto& member : members_)
        tell_of_ring(seat, *member);
}

bool Call::may_be_told(const Seat& member) const { return &member == host_ || host_->is_away(); }

// Once, and only to who may answer.
void Call::tell_of_ring(Seat& ringing, Seat& member) {
    if (!may_be_told(member) || ringing.was_told(member.id())) return;
    ringing.told_.push_back(member.id());
    member.hear_of(ringing.id());
    tell_again(ringing, member);
}

void Call::tell_again(const Seat& ringing, Seat& member) {
    std::string from =
        R"({"from":")" + ringing.id() + R"(","name":)" + json_string(ringing.identity().name);
    if (!ringing.identity().was.empty()) from += R"(,"was":")" + ringing.identity().was + "\"";
    member.tell(EncodedEvent({R"(["main check answer",)", json_string(name_), ",", from, "}]"}));
}

void Call::tell_of_all_rings(Seat& member) {
    for (const auto& seat : waiting_) {
        if (seat->is_ringing()) tell_of_ring(*seat, member);
    }
}

void Call::end_ring(Seat& seat, std::string_view reason, const Seat* but) {
    const EncodedEvent ended({R"(["ring ended",")", seat.id(), R"(",")", reason, R"("])"});
    for (const auto& member : members_) {
        if (member.get() != but && seat.was_told(member->id())) member->tell(ended);
    }
    seat.ringing_since_.reset();
    seat.told_.clear();
}

/// The seat is over; what its client is told has been said by the caller.
void Call::end_waiting(Seat& seat, std::string_view ring_reason, const Seat* but) {
    const auto gone = take_out(waiting_, seat);
    if (gone->is_ringing()) end_ring(*gone, ring_reason, but);
}

void Call::refuse_all_waiting(std::string_view reason, CallClose code) {
    const std::string argument = json_string(reason);
    while (!waiting_.empty()) {
        Seat& seat = *waiting_.front();
        seat.refuse(argument, code);
        end_waiting(seat, reason);
    }
}

void Call::admit_who_rings(TimePoint now) {
    while (!is_full()) {
        const auto first =
            std::ranges::find_if(waiting_, [](const auto& seat) { return seat->is_ringing(); });
        if (first == waiting_.end()) return;
        admit(**first, nullptr, now);
    }
}

// ---- Time

TimePoint Call::next_due() const {
    TimePoint next = TimePoint::max();
    for (const auto& member : members_) {
        if (member->is_away()) next = std::min(next, member->since_ + limits_.seat_grace);
    }
    for (const auto& seat : waiting_) {
        next =
            std::min(next, seat->is_ringing() ? *seat->ringing_since_ + limits_.ring_timeout
                                              : seat->since_ + limits_.ring_timeout * kSilentWait);
    }
    return next;
}

// In the order in which they are due; each one changes what the next one finds.
void Call::advance(TimePoint now) {
    while (!is_over() && next_due() <= now) {
        const TimePoint due = next_due();
        const auto away = std::ranges::find_if(members_, [&](const auto& member) {
            return member->is_away() && member->since_ + limits_.seat_grace == due;
        });
        if (away != members_.end()) {
            end_member(**away, "lost");
            continue;
        }
        const auto silent = std::ranges::find_if(waiting_, [&](const auto& seat) {
            return (seat->is_ringing() ? *seat->ringing_since_ + limits_.ring_timeout
                                       : seat->since_ + limits_.ring_timeout * kSilentWait) == due;
        });
        (*silent)->refuse(R"("no answer")", CallClose::NotAdmitted);
        end_waiting(**silent, "no answer");
    }
}

void Call::handle(Seat& seat, const CallEvent& event, TimePoint now) {
    CallSignaling(*this, seat, now).handle(event);
}

}  // namespace videochat::core
