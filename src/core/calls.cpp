#include "videochat/core/calls.hpp"

namespace videochat::core {

Calls::Calls(const CallLimits& limits, CallPorts ports, std::atomic<std::size_t>& calls_in_all)
    : limits_(limits), ports_(std::move(ports)), calls_in_all_(calls_in_all) {}

Calls::~Calls() { calls_in_all_.fetch_sub(calls_.size(), std::memory_order_relaxed); }

const Call* Calls::find(std::string_view name) const {
    const auto found = calls_.find(name);
    return found == calls_.end() ? nullptr : found->second.call.get();
}

Seat* Calls::enter(CallSocket& socket, std::string_view call, const CallEntry& entry,
                   TimePoint now) {
    auto found = calls_.find(call);
    if (found == calls_.end()) {
        if (!reserve_call()) {
            socket.end(CallClose::TryAgainLater);
            return nullptr;
        }
        std::string name(call);
        found = calls_.emplace(name, Entry{std::make_unique<Call>(name, limits_, ports_)}).first;
    }
    Seat* const seat = found->second.call->enter(socket, entry, now);
    settle(found);
    return seat;
}

bool Calls::peek(CallSocket& socket, std::string_view call, const CallEntry& entry, TimePoint now) {
    const auto found = calls_.find(call);
    if (found == calls_.end()) {
        return Call(std::string(call), limits_, ports_).peek(socket, entry, now);
    }
    return found->second.call->peek(socket, entry, now);
}

Seat* Calls::resume(CallSocket& socket, std::string_view call, std::string_view token,
                    std::optional<std::uint64_t> seen, TimePoint now) {
    auto found = calls_.find(call);
    if (found == calls_.end()) {
        // The same words as for a dead token of a call that goes on.
        return Call(std::string(call), limits_, ports_).resume(socket, token, seen, now);
    }
    Seat* const seat = found->second.call->resume(socket, token, seen, now);
    settle(found);
    return seat;
}

void Calls::handle(std::string_view call, Seat& seat, const CallEvent& event, TimePoint now) {
    const auto found = calls_.find(call);
    found->second.call->handle(seat, event, now);
    settle(found);
}

void Calls::lose_socket(std::string_view call, Seat& seat, bool breach, TimePoint now) {
    const auto found = calls_.find(call);
    found->second.call->lose_socket(seat, breach, now);
    settle(found);
}

bool Calls::reserve_call() {
    const std::size_t before = calls_in_all_.fetch_add(1, std::memory_order_relaxed);
    if (limits_.calls == 0 || before < limits_.calls) return true;
    calls_in_all_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void Calls::settle(Map::iterator entry) {
    auto& [name, state] = *entry;
    const bool is_over = state.call->is_over();
    const TimePoint due = is_over ? TimePoint::max() : state.call->next_due();
    if (due != state.due) {
        if (state.due != TimePoint::max()) due_.erase({state.due, name});
        if (due != TimePoint::max()) due_.emplace(due, name);
        state.due = due;
    }
    if (!is_over) return;
    calls_.erase(entry);
    calls_in_all_.fetch_sub(1, std::memory_order_relaxed);
}

void Calls::advance(TimePoint now) {
    while (!due_.empty() && due_.begin()->first <= now) {
        const auto found = calls_.find(due_.begin()->second);
        found->second.call->advance(now);
        settle(found);
    }
}

TimePoint Calls::next_due() const { return due_.empty() ? TimePoint::max() : due_.begin()->first; }

}  // namespace videochat::core
