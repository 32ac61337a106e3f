// AddressRate: how much one address gets in a stretch of time: of answers over UDP, where whoever
// asks may lie about his address, so that what is sent there must not add up to anything; of
// whole transfers, where one visitor must not have the line for himself. Pure; the clock is the
// caller's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "net/clock.hpp"
#include "protocol/ip_address.hpp"

namespace videochat::net {

class AddressRate {
  public:
    /// Addresses that are remembered. While so many have been served within one stretch, new ones
    /// get nothing: that bounds what a flood with invented senders costs us, and what it makes us
    /// send.
    static constexpr std::size_t kAddresses = 8192;

    /// `most` in each `stretch` of time; 0: no limit.
    explicit AddressRate(std::size_t most,
                         std::chrono::milliseconds stretch = std::chrono::seconds(1))
        : most_(most), stretch_(stretch) {}

    /// Counts one more to `address`. False: it has had enough for this stretch.
    bool admit(const protocol::AddressKey& address, TimePoint now);
    /// After a refusal: how long until there is more, at most.
    std::chrono::nanoseconds wait(const protocol::AddressKey& address, TimePoint now) const;

    std::size_t remembered() const { return stretches_.size(); }

  private:
    /// A stretch of one address; it begins with what is admitted first. Not a token bucket: that
    /// would let twice as many through in the first one.
    struct Stretch {
        TimePoint begin;
        std::size_t admitted = 0;
    };
    bool make_room(TimePoint now);

    std::size_t most_;
    std::chrono::milliseconds stretch_;
    std::unordered_map<protocol::AddressKey, Stretch> stretches_;
    TimePoint next_look_{};  ///< for what can be forgotten
};

}  // namespace videochat::net
