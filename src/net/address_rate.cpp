#include "net/address_rate.hpp"

namespace videochat::net {

bool AddressRate::admit(const protocol::AddressKey& address, TimePoint now) {
    if (most_ == 0) return true;
    const auto found = stretches_.find(address);
    if (found == stretches_.end()) {
        if (stretches_.size() >= kAddresses && !make_room(now)) return false;
        stretches_.emplace(address, Stretch{now, 1});
        return true;
    }
    Stretch& stretch = found->second;
    if (now - stretch.begin >= stretch_) stretch = {now, 0};
    if (stretch.admitted >= most_) return false;
    ++stretch.admitted;
    return true;
}

std::chrono::nanoseconds AddressRate::wait(const protocol::AddressKey& address,
                                           TimePoint now) const {
    const auto found = stretches_.find(address);
    return found == stretches_.end() ? stretch_ : found->second.begin + stretch_ - now;
}

// Looks at all of them, so not for each new one.
bool AddressRate::make_room(TimePoint now) {
    if (now < next_look_) return false;
    next_look_ = now + stretch_ / 10;
    std::erase_if(stretches_,
                  [this, now](const auto& entry) { return now - entry.second.begin >= stretch_; });
    return stretches_.size() < kAddresses;
}

}  // namespace videochat::net
