// CallClock: the calls of one loop and their time: does what is due in them. Owned by its loop.
#pragma once

#include "net/loop.hpp"
#include "videochat/core/calls.hpp"

namespace videochat::transport {

class CallClock final : public net::Resident {
  public:
    explicit CallClock(core::Calls& calls) : calls_(calls) {}

    core::Calls& calls() { return calls_; }
    net::TimePoint now() const { return loop().now(); }
    /// After anything that happened in a call.
    void rearm() {
        const net::TimePoint due = calls_.next_due();
        if (due == net::TimePoint::max()) {
            net::DeadlineWheel::cancel(*this);
        } else {
            loop().set_deadline(*this, due);
        }
    }

    void on_due(net::TimePoint now) override {
        calls_.advance(now);
        rearm();
    }
    void abandon() noexcept override {}
    void on_ready(bool /*readable*/, bool /*writable*/) override {}  // it has no socket

  private:
    core::Calls& calls_;
};

}  // namespace videochat::transport
