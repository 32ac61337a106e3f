#include "net/connection_gate.hpp"

#include <utility>

namespace videochat::net {
namespace {

bool exceeds(std::size_t value, std::size_t limit) { return limit != 0 && value > limit; }

}  // namespace

ConnectionGate::Ticket& ConnectionGate::Ticket::operator=(Ticket&& other) noexcept {
    if (this == &other) return *this;
    release();
    gate_ = std::exchange(other.gate_, nullptr);
    counted_ = std::exchange(other.counted_, std::nullopt);
    return *this;
}

void ConnectionGate::Ticket::release() {
    ConnectionGate* const gate = std::exchange(gate_, nullptr);
    if (gate == nullptr) return;
    const std::lock_guard lock(gate->mutex_);
    if (counted_) {
        const auto found = gate->addresses_.find(*counted_);
        // Only a rate is worth remembering; who came through a proxy has none.
        if (--found->second.live == 0 && found->second.arrivals.is_unused()) {
            gate->addresses_.erase(found);
        }
    }
    if (--gate->live_ == 0) gate->empty_.notify_all();
}

Admission ConnectionGate::admit(const protocol::IpAddress& address, TimePoint now, Ticket& ticket) {
    const protocol::AddressKey key = address.key();
    const std::lock_guard lock(mutex_);
    if (exceeds(live_ + 1, limits_.connections)) return Admission::Full;
    forget_idle(now);
    const Admission admission = count(key, now);
    if (admission == Admission::TooFast) return admission;
    const std::size_t per_address = limits_.connections_per_address;
    if (admission == Admission::PerAddress &&
        exceeds(addresses_[key].live, per_address + kRefusals)) {
        --addresses_[key].live;
        return Admission::TooFast;
    }
    ++live_;
    ticket.gate_ = this;
    ticket.counted_ = key;
    return admission;
}

Admission ConnectionGate::count(const protocol::AddressKey& key, TimePoint now) {
    Address& address = addresses_[key];
    const core::TokenBucket::Rate rate{limits_.connect_rate, limits_.connect_burst};
    // No debt: a flood that was turned away would else keep its address out for hours.
    if (!address.arrivals.take_if_there(1, rate, now)) return Admission::TooFast;
    ++address.live;
    return exceeds(address.live, limits_.connections_per_address) ? Admission::PerAddress
                                                                  : Admission::Ok;
}

Admission ConnectionGate::admit_proxy(Ticket& ticket) {
    const std::lock_guard lock(mutex_);
    if (exceeds(live_ + 1, limits_.connections)) return Admission::Full;
    ++live_;
    ticket.gate_ = this;
    return Admission::Ok;
}

bool ConnectionGate::Ticket::assign(const protocol::IpAddress& client) {
    if (gate_ == nullptr || counted_) return true;
    const protocol::AddressKey key = client.key();
    const std::lock_guard lock(gate_->mutex_);
    Address& address = gate_->addresses_[key];
    if (exceeds(address.live + 1, gate_->limits_.connections_per_address)) return false;
    ++address.live;
    counted_ = key;
    return true;
}

// Addresses without connections stay until their bucket is full again; a scan is due only when the
// table has doubled, so its cost is spread over the arrivals.
void ConnectionGate::forget_idle(TimePoint now) {
    if (addresses_.size() < forget_at_) return;
    const core::TokenBucket::Rate rate{limits_.connect_rate, limits_.connect_burst};
    std::erase_if(addresses_, [&](const auto& entry) {
        return entry.second.live == 0 &&
               (rate.per_second == 0 || entry.second.arrivals.is_full(rate, now));
    });
    forget_at_ = std::max<std::size_t>(1024, 2 * addresses_.size());
}

std::size_t ConnectionGate::remembered() const {
    const std::lock_guard lock(mutex_);
    return addresses_.size();
}

std::size_t ConnectionGate::live() const {
    const std::lock_guard lock(mutex_);
    return live_;
}

bool ConnectionGate::wait_until_empty(TimePoint deadline) {
    std::unique_lock lock(mutex_);
    return empty_.wait_until(lock, deadline, [this] { return live_ == 0; });
}

}  // namespace videochat::net
