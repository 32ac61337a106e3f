#include "stun/answer_rate.hpp"

#include <chrono>

namespace videochat::stun {
namespace {

constexpr std::chrono::milliseconds kSecond{1000};

}  // namespace

bool AnswerRate::admit(const protocol::AddressKey& address, net::TimePoint now) {
    if (per_second_ == 0) return true;
    const auto found = seconds_.find(address);
    if (found == seconds_.end()) {
        if (seconds_.size() >= kAddresses && !make_room(now)) return false;
        seconds_.emplace(address, Second{now, 1});
        return true;
    }
    Second& second = found->second;
    if (now - second.begin >= kSecond) second = {now, 0};
    if (second.answers >= per_second_) return false;
    ++second.answers;
    return true;
}

// Looks at all of them, so not for each new one.
bool AnswerRate::make_room(net::TimePoint now) {
    if (now < next_look_) return false;
    next_look_ = now + kSecond / 10;
    std::erase_if(seconds_,
                  [now](const auto& entry) { return now - entry.second.begin >= kSecond; });
    return seconds_.size() < kAddresses;
}

}  // namespace videochat::stun
