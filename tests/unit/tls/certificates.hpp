// What tests of certificates start from: a time that stands still, addresses from text.
#pragma once

#include <chrono>
#include <string_view>

#include "support/catch.hpp"
#include "tls/certificate_making.hpp"

namespace videochat::test {

/// 2026-11-24 12:00:00 UTC.
inline const tls::Time kNow = std::chrono::system_clock::from_time_t(1'795'521'600);

inline protocol::IpAddress address(std::string_view text) {
    const auto parsed = protocol::IpAddress::parse(text);
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace videochat::test
