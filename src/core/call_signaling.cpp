// What the events of a call do, one row and one short function for each. docs/protocol.md holds the
// same table for people. Errors are found in this order: not-admitted, bad-request, not-host,
// no-such-seat, full, rate.
#include "core/call_signaling.hpp"

#include <algorithm>
#include <array>

#include "core/flat_object.hpp"
#include "core/json_text.hpp"

namespace videochat::core {
namespace {

constexpr std::string_view kNotAdmitted = "not-admitted";
constexpr std::string_view kBadRequest = "bad-request";
constexpr std::string_view kNotHost = "not-host";
constexpr std::string_view kNoSuchSeat = "no-such-seat";
constexpr std::string_view kFull = "full";
constexpr std::string_view kRate = "rate";

// What the upgrade takes for a proof, too.
constexpr std::size_t kLongestProof = 128;

bool is_proof(std::string_view text) {
    return !text.empty() && text.size() <= kLongestProof && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_';
    });
}

std::optional<Door> door_of(std::string_view state) {
    if (state == "open") return Door::Open;
    if (state == "knock") return Door::Knock;
    if (state == "locked") return Door::Locked;
    return std::nullopt;
}

/// `{"to":SEAT}` and nothing else.
std::optional<std::string> addressee(std::string_view json) {
    auto members = flat_object(json, 1);
    if (!members || members->size() != 1 || members->front().first != "to") return std::nullopt;
    return std::move(members->front().second);
}

struct Answer {
    std::string to;
    std::string reason;
};

/// `{"to":SEAT,"reason":"declined"|"busy"}`, in any order.
std::optional<Answer> refusal(std::string_view json) {
    auto members = flat_object(json, 2);
    if (!members || members->size() != 2) return std::nullopt;
    if (members->front().first != "to") std::swap(members->front(), members->back());
    if (members->front().first != "to" || members->back().first != "reason") return std::nullopt;
    Answer answer{std::move(members->front().second), std::move(members->back().second)};
    if (answer.reason != "declined" && answer.reason != "busy") return std::nullopt;
    return answer;
}

}  // namespace

struct CallSignaling::Rule {
    std::string_view name;
    Handler handler;
    bool is_for_waiting;  ///< may be sent before admission
};

const CallSignaling::Rule* CallSignaling::find(std::string_view name) {
    static constexpr std::array kRules = {
        Rule{"ping", &CallSignaling::ping, true},
        Rule{"main check", &CallSignaling::main_check, true},
        Rule{"bye", &CallSignaling::bye, true},
        Rule{"host is agreed", &CallSignaling::host_is_agreed, false},
        Rule{"host declined", &CallSignaling::host_declined, false},
        Rule{"message", &CallSignaling::message, false},
        Rule{"chat message", &CallSignaling::chat_message, false},
        Rule{"remove", &CallSignaling::remove, false},
        Rule{"door", &CallSignaling::door, false},
        Rule{"password", &CallSignaling::password, false},
        Rule{"host", &CallSignaling::host, false},
    };
    const auto* const rule = std::ranges::find(kRules, name, &Rule::name);
    return rule == kRules.end() ? nullptr : rule;
}

void CallSignaling::handle(const CallEvent& event) {
    event_ = &event;
    if (event.name != "ping") ++seat_.heard_;
    const Rule* const rule = find(event.name);
    if (rule == nullptr) {
        if (call_.ports_.unknown_event) call_.ports_.unknown_event();
        return;
    }
    if (!rule->is_for_waiting && !seat_.is_admitted()) {
        if (call_.ports_.not_admitted) call_.ports_.not_admitted();
        error(kNotAdmitted);
        return;
    }
    (this->*rule->handler)();
}

bool CallSignaling::names_the_call() {
    return count() >= 1 && string_value(argument(0)) == call_.name_;
}

bool CallSignaling::is_host() {
    if (call_.host_ == &seat_) return true;
    error(kNotHost);
    return false;
}

Seat* CallSignaling::other_member(std::string_view id) {
    Seat* const member = call_.find_member(id);
    if (member != nullptr && member != &seat_) return member;
    error(kNoSuchSeat);
    return nullptr;
}

/// A seat that rings and whose ring this member may answer.
Seat* CallSignaling::answered_seat(std::string_view id) {
    Seat* const ringing = call_.find_waiting(id);
    const bool rings = ringing != nullptr && ringing->is_ringing();
    const bool may_answer =
        rings ? ringing->was_told(seat_.id()) : call_.host_ == &seat_ || seat_.has_heard_of(id);
    if (!may_answer) {
        error(kNotHost);
        return nullptr;
    }
    if (!rings) error(kNoSuchSeat);
    return rings ? ringing : nullptr;
}

void CallSignaling::ping() {
    if (count() > 1) {
        error(kBadRequest);
        return;
    }
    seat_.tell_socket(EncodedEvent({R"(["pong",)", count() == 0 ? "null" : argument(0), "]"}));
}

void CallSignaling::main_check() {
    if (seat_.is_admitted() || count() != 1 || !names_the_call()) {
        error(kBadRequest);
    } else if (call_.door_ == Door::Open && !call_.is_full()) {
        call_.admit(seat_, nullptr, now_);
    } else if (seat_.is_ringing()) {
        error(kRate);
    } else {
        call_.ring(seat_, now_);
    }
}

void CallSignaling::bye() {
    if (count() != 0) {
        error(kBadRequest);
        return;
    }
    if (seat_.socket_ != nullptr) seat_.socket_->end(CallClose::Normal);
    seat_.socket_ = nullptr;
    if (seat_.is_admitted()) {
        call_.end_member(seat_, "left");
    } else {
        call_.end_waiting(seat_, "cancelled");
    }
}

void CallSignaling::host_is_agreed() {
    const auto to = count() == 2 && names_the_call() ? addressee(argument(1)) : std::nullopt;
    if (!to) {
        error(kBadRequest);
        return;
    }
    Seat* const ringing = answered_seat(*to);
    if (ringing == nullptr) return;
    if (call_.is_full()) {
        error(kFull);
        return;
    }
    call_.admit(*ringing, &seat_, now_);
}

void CallSignaling::host_declined() {
    const auto answer = count() == 2 && names_the_call() ? refusal(argument(1)) : std::nullopt;
    if (!answer) {
        error(kBadRequest);
        return;
    }
    Seat* const ringing = answered_seat(answer->to);
    if (ringing == nullptr) return;
    ringing->refuse(json_string(answer->reason), CallClose::NotAdmitted);
    call_.end_waiting(*ringing, "declined", &seat_);
}

void CallSignaling::message() {
    const std::string from = R"(,{"from":")" + seat_.id() + R"("}])";
    if (count() == 1) {
        call_.tell_members(EncodedEvent({R"(["message",)", argument(0), from}), &seat_);
        return;
    }
    const auto to = count() == 2 ? addressee(argument(1)) : std::nullopt;
    if (!to) {
        error(kBadRequest);
    } else if (Seat* const member = other_member(*to)) {
        member->tell(EncodedEvent({R"(["message",)", argument(0), from}));
    }
}

void CallSignaling::chat_message() {
    if (count() != 1) {
        error(kBadRequest);
        return;
    }
    call_.tell_members(
        EncodedEvent({R"(["chat message",)", argument(0), R"(,{"from":")", seat_.id(), R"(","at":)",
                      std::to_string(call_.ports_.unix_ms()), "}]"}));
}

void CallSignaling::remove() {
    const auto id = count() == 1 ? string_value(argument(0)) : std::nullopt;
    if (!id) {
        error(kBadRequest);
        return;
    }
    if (!is_host()) return;
    Seat* const member = other_member(*id);
    if (member == nullptr) return;
    member->refuse(R"("removed")", CallClose::Removed);
    call_.end_member(*member, "removed");
    if (call_.door_ != Door::Open) return;
    call_.door_ = Door::Knock;
    call_.tell_members(EncodedEvent({R"(["door","knock"])"}));
}

void CallSignaling::door() {
    const auto state = count() == 1 ? string_value(argument(0)) : std::nullopt;
    const auto door = state ? door_of(*state) : std::nullopt;
    if (!door) {
        error(kBadRequest);
        return;
    }
    if (!is_host()) return;
    call_.door_ = *door;
    call_.tell_members(EncodedEvent({R"(["door",")", *state, R"("])"}));
    if (*door == Door::Locked) {
        call_.refuse_all_waiting("locked", CallClose::Locked);
    } else if (*door == Door::Open) {
        call_.admit_who_rings(now_);
    }
}

void CallSignaling::password() {
    const auto proof = count() == 1 ? string_value(argument(0)) : std::nullopt;
    const bool is_null = count() == 1 && argument(0) == "null";
    if (!is_null && (!proof || !is_proof(*proof))) {
        error(kBadRequest);
        return;
    }
    if (!is_host()) return;
    call_.password_ = is_null ? std::string() : call_.ports_.digest(*proof);
    call_.tell_members(EncodedEvent({R"(["password",)", is_null ? "false" : "true", "]"}));
}

void CallSignaling::host() {
    const auto id = count() == 1 ? string_value(argument(0)) : std::nullopt;
    if (!id) {
        error(kBadRequest);
        return;
    }
    if (!is_host()) return;
    if (Seat* const member = other_member(*id)) call_.make_host(*member);
}

}  // namespace videochat::core
