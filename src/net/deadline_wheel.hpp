// DeadlineWheel: every deadline of a loop in one hashed wheel, so that one timer serves all
// connections and setting a deadline is a few pointer writes. Used on its loop only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "net/clock.hpp"

namespace videochat::net {

class DeadlineWheel {
  public:
    /// Deadlines are kept to this precision and never fire early.
    static constexpr std::chrono::milliseconds kTick{20};
    static constexpr std::size_t kSlots = 1024;

    /// Something with one deadline. Leaves the wheel when it is destroyed.
    class Entry {
      public:
        Entry() = default;
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        virtual ~Entry() { unlink(); }
        bool is_set() const { return next_ != nullptr; }

      private:
        friend class DeadlineWheel;
        /// The deadline has passed and is no longer set. May set any deadline; must not throw, and
        /// must not destroy this entry.
        virtual void on_deadline(TimePoint now) = 0;
        void unlink();

        Entry* next_ = nullptr;
        Entry* previous_ = nullptr;
        std::uint64_t tick_ = 0;
    };

    explicit DeadlineWheel(TimePoint start);
    DeadlineWheel(const DeadlineWheel&) = delete;
    DeadlineWheel& operator=(const DeadlineWheel&) = delete;

    /// Sets or moves the deadline of `entry`.
    void set(Entry& entry, TimePoint when);
    static void cancel(Entry& entry) { entry.unlink(); }

    /// Fires everything that is due.
    void advance(TimePoint now);
    /// When `advance` should be called next; empty if nothing is set. May be early for deadlines
    /// further away than the wheel is long, never late.
    std::optional<TimePoint> next() const;

  private:
    struct Head final : Entry {
        void on_deadline(TimePoint /*now*/) override {}
    };
    std::uint64_t tick_of(TimePoint when) const;
    void link(Head& head, Entry& entry);
    void fire(Head& head, TimePoint now);

    TimePoint start_;
    std::uint64_t now_tick_ = 0;  ///< everything up to here has fired
    std::array<Head, kSlots> slots_;
};

}  // namespace videochat::net
