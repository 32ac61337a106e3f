// BandwidthService: /bandwidth, against which browsers measure the way to this server: GET sends
// bytes that mean nothing and cannot be compressed, POST takes and drops some. A slow visitor holds
// no more memory than any other. One for each loop; how often is counted over all of them.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "http/exchange.hpp"
#include "net/address_rate.hpp"
#include "net/clock.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

/// Transfers of each address in a minute. Any thread.
class BandwidthRate {
  public:
    /// 0: any number.
    explicit BandwidthRate(std::size_t per_minute);
    /// Counts one more. nullopt: it may be; else how long until it may, in whole seconds.
    std::optional<std::int64_t> refuse_for(const protocol::IpAddress& address, net::TimePoint now);

  private:
    std::mutex mutex_;
    net::AddressRate rate_;
};

/// N of the query `bytes=N`; nullopt: missing, several, no number, or more than `most`.
std::optional<std::uint64_t> parse_bandwidth_query(std::string_view query, std::uint64_t most);

class BandwidthService final : public http::Service {
  public:
    BandwidthService(const BandwidthConfig& config, BandwidthRate& rate)
        : config_(config), rate_(rate) {}

    std::optional<std::size_t> home_of(std::string_view query) const override;
    void serve(http::Exchange& exchange, const http::ServiceRequest& request) override;
    std::optional<http::Response> upgrade(net::Connection& connection,
                                          const http::UpgradeRequest& request) override;

  private:
    const BandwidthConfig& config_;
    BandwidthRate& rate_;
};

}  // namespace videochat::app
