// StunServer: tells whoever asks over UDP under which address he is seen (RFC 8489, section 12), so
// that browsers on a network without internet find a way to each other. One for each socket: the
// two families share nothing, not even an address to count. Owned by its loop. It keeps nothing of
// those who ask but how many answers they got.
#pragma once

#include <cstddef>
#include <cstdint>

#include "net/address_rate.hpp"
#include "net/loop.hpp"
#include "net/unique_fd.hpp"
#include "observe/metrics.hpp"

namespace videochat::stun {

class StunServer final : public net::Resident {
  public:
    /// `fd` is one of open_udp(). `answers_per_second`: to one address (IPv6: /64), all its ports
    /// together; 0: any number.
    StunServer(net::UniqueFd fd, std::size_t answers_per_second, observe::Metrics& metrics)
        : fd_(std::move(fd)), rate_(answers_per_second), metrics_(metrics) {}

    /// Begins to answer; it is on its loop by now.
    void start();

    void on_ready(bool readable, bool writable) override;
    void on_due(net::TimePoint /*now*/) override {}
    void on_stop() override;
    /// Goes on: nothing of a datagram is left when the next one comes.
    void abandon() noexcept override {}

  private:
    bool serve_one();

    net::UniqueFd fd_;
    net::AddressRate rate_;
    observe::Metrics& metrics_;
};

}  // namespace videochat::stun
