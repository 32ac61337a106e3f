// ConnectionGate: how many connections live, in all and from each address, and how fast new ones
// come. Shared by all loops; a mutex is taken once when a connection comes and once when it goes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "net/clock.hpp"
#include "protocol/ip_address.hpp"
#include "videochat/config.hpp"
#include "videochat/core/token_bucket.hpp"

namespace videochat::net {

enum class Admission {
    Ok,
    Full,        ///< all connections are in use
    PerAddress,  ///< too many from this address
    TooFast      ///< too many new ones from this address
};

class ConnectionGate {
  public:
    /// `limits.connections` is already resolved (not 0 for "90 % of the descriptors").
    explicit ConnectionGate(const AdmissionLimits& limits) : limits_(limits) {}
    ConnectionGate(const ConnectionGate&) = delete;
    ConnectionGate& operator=(const ConnectionGate&) = delete;

    /// One live connection; its end gives the place back.
    class Ticket {
      public:
        Ticket() = default;
        Ticket(Ticket&& other) noexcept { *this = std::move(other); }
        Ticket& operator=(Ticket&& other) noexcept;
        ~Ticket() { release(); }

        /// The ticket of a proxy's connection stands for `client` from now on. False: too many
        /// come from there.
        bool assign(const protocol::IpAddress& client);

      private:
        friend class ConnectionGate;
        void release();
        ConnectionGate* gate_ = nullptr;
        std::optional<protocol::AddressKey> counted_;  ///< empty: a trusted proxy's own connection
    };

    /// A new connection from `address`. `ticket` is filled unless it is Full or TooFast; PerAddress
    /// fills it too, so that a refusal can be told, while at most kRefusals of them live.
    Admission admit(const protocol::IpAddress& address, TimePoint now, Ticket& ticket);
    /// A connection of a trusted proxy: counted in all, but not by its address.
    Admission admit_proxy(Ticket& ticket);

    std::size_t live() const;
    /// Addresses that something is kept of.
    std::size_t remembered() const;
    /// Waits until none lives. False: `deadline` came first.
    bool wait_until_empty(TimePoint deadline);

    /// Connections over the limit of their address that may live to be told so.
    static constexpr std::size_t kRefusals = 16;

  private:
    struct Address {
        std::size_t live = 0;
        core::TokenBucket arrivals;
    };
    Admission count(const protocol::AddressKey& key, TimePoint now);
    void forget_idle(TimePoint now);

    const AdmissionLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable empty_;
    std::size_t live_ = 0;
    std::unordered_map<protocol::AddressKey, Address> addresses_;
    std::size_t forget_at_ = 1024;  ///< addresses; then those that are idle are dropped
};

}  // namespace videochat::net
