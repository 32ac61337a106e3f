// app/bandwidth_service: its query, and how often. What it sends and takes is tested over sockets.
#include "app/bandwidth_service.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace std::chrono_literals;
using app::BandwidthRate;
using app::parse_bandwidth_query;

TEST_CASE("Bandwidth: a number of bytes up to the limit") {
    CHECK(parse_bandwidth_query("bytes=0", 100) == 0U);
    CHECK(parse_bandwidth_query("bytes=100", 100) == 100U);
    CHECK(parse_bandwidth_query("x=1&bytes=%37&y", 100) == 7U);
    CHECK(parse_bandwidth_query("bytes=007", 100) == 7U);
    for (const auto* query :
         {"", "bytes", "bytes=", "bytes=101", "bytes=-1", "bytes=+1", "bytes=1.5", "bytes=0x1",
          "bytes=1e3", "bytes=1%20", "bytes=%201", "bytes=1&bytes=1", "bytes=%zz", "Bytes=1",
          "bytes=18446744073709551616", "bytes=99999999999999999999999999"}) {
        CAPTURE(query);
        CHECK_FALSE(parse_bandwidth_query(query, 100).has_value());
    }
}

TEST_CASE("Bandwidth: so many of one address in a minute, then it is told how long to wait") {
    BandwidthRate rate(3);
    const auto one = *protocol::IpAddress::parse("192.0.2.1");
    const auto other = *protocol::IpAddress::parse("192.0.2.2");
    const net::TimePoint start{1h};
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(rate.refuse_for(one, start).has_value());
    CHECK(rate.refuse_for(one, start) == 60);
    CHECK_FALSE(rate.refuse_for(other, start).has_value());
    CHECK(rate.refuse_for(one, start + 58'500ms) == 2);
    CHECK(rate.refuse_for(one, start + 59'999ms) == 1);
    CHECK_FALSE(rate.refuse_for(one, start + 60s).has_value());
}

TEST_CASE("Bandwidth: a rate of 0 is none") {
    BandwidthRate rate(0);
    for (int i = 0; i < 1000; ++i)
        CHECK_FALSE(rate.refuse_for(*protocol::IpAddress::parse("::1"), {}).has_value());
}
