#include "net/deadline_wheel.hpp"

#include <algorithm>

namespace videochat::net {

void DeadlineWheel::Entry::unlink() {
    if (next_ == nullptr) return;
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = previous_ = nullptr;
}

DeadlineWheel::DeadlineWheel(TimePoint start) : start_(start) {
    for (Head& head : slots_)
        head.next_ = head.previous_ = &head;
}

// Rounded up, so that nothing fires early.
std::uint64_t DeadlineWheel::tick_of(TimePoint when) const {
    if (when <= start_) return 0;
    return static_cast<std::uint64_t>((when - start_ + kTick - Clock::duration{1}) / kTick);
}

void DeadlineWheel::link(Head& head, Entry& entry) {
    entry.next_ = &head;
    entry.previous_ = head.previous_;
    head.previous_->next_ = &entry;
    head.previous_ = &entry;
}

void DeadlineWheel::set(Entry& entry, TimePoint when) {
    const std::uint64_t tick = std::max(tick_of(when), now_tick_ + 1);
    if (entry.is_set() && entry.tick_ == tick) return;
    entry.unlink();
    entry.tick_ = tick;
    link(slots_[tick % kSlots], entry);
}

void DeadlineWheel::advance(TimePoint now) {
    if (now < start_) return;
    const auto target = static_cast<std::uint64_t>((now - start_) / kTick);
    // After a long sleep one lap visits every slot; more laps would find nothing new.
    const std::uint64_t first = target - std::min<std::uint64_t>(target - now_tick_, kSlots) + 1;
    now_tick_ = std::max(now_tick_, target);
    for (std::uint64_t tick = first; tick <= target; ++tick)
        fire(slots_[tick % kSlots], now);
}

void DeadlineWheel::fire(Head& head, TimePoint now) {
    // Moved to a list of their own first: what fires may set and destroy entries of this slot.
    Head due;
    due.next_ = due.previous_ = &due;
    for (Entry* entry = head.next_; entry != &head;) {
        Entry* const following = entry->next_;
        if (entry->tick_ <= now_tick_) {
            entry->unlink();
            link(due, *entry);
        }
        entry = following;
    }
    while (due.next_ != &due) {
        Entry* const entry = due.next_;
        entry->unlink();
        entry->on_deadline(now);
    }
    due.next_ = due.previous_ = nullptr;
}

std::optional<TimePoint> DeadlineWheel::next() const {
    for (std::uint64_t tick = now_tick_ + 1; tick <= now_tick_ + kSlots; ++tick) {
        const Head& head = slots_[tick % kSlots];
        if (head.next_ != &head) return start_ + kTick * static_cast<std::int64_t>(tick);
    }
    return std::nullopt;
}

}  // namespace videochat::net
