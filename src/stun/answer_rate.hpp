// AnswerRate: how many answers one address gets. Whoever asks over UDP may lie about his address,
// and what is sent there must not add up to anything. Pure; the clock is the caller's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "net/clock.hpp"
#include "protocol/ip_address.hpp"

namespace videochat::stun {

class AnswerRate {
  public:
    /// Addresses that are remembered. While so many have been answered within one second, new ones
    /// get nothing: that bounds what a flood with invented senders costs us, and what it makes us
    /// send.
    static constexpr std::size_t kAddresses = 8192;

    /// 0: no limit.
    explicit AnswerRate(std::size_t per_second) : per_second_(per_second) {}

    /// Counts one more answer to `address`. False: it has had enough for this second.
    bool admit(const protocol::AddressKey& address, net::TimePoint now);

    std::size_t remembered() const { return seconds_.size(); }

  private:
    /// A second of one address; it begins with an answer. Not a token bucket: that would let twice
    /// as many through in the first second.
    struct Second {
        net::TimePoint begin;
        std::size_t answers = 0;
    };
    bool make_room(net::TimePoint now);

    std::size_t per_second_;
    std::unordered_map<protocol::AddressKey, Second> seconds_;
    net::TimePoint next_look_{};  ///< for what can be forgotten
};

}  // namespace videochat::stun
