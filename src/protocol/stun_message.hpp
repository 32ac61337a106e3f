// STUN (RFC 8489) as far as a basic server speaks it (section 12): a binding request is read, the
// answer to it written. Everything else is not even told apart, because all of it gets the same:
// silence. Without credentials, as that section demands. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocol/ip_address.hpp"

namespace videochat::protocol {

/// Somebody asks under which address he is seen.
struct StunRequest {
    /// More of them are not listed, so that no request makes a long answer.
    static constexpr std::size_t kListedAttributes = 16;

    std::array<std::uint8_t, 12> transaction{};
    bool has_fingerprint = false;  ///< the right one, and so the answer gets one, too
    /// Types of attributes that the server would have to understand, each once.
    std::vector<std::uint16_t> unknown_attributes;
};

/// nullopt: not a binding request, malformed, or with a wrong fingerprint; no answer is due.
std::optional<StunRequest> parse_stun_request(std::span<const std::uint8_t> datagram);

/// The success response: the request was seen to come from `address` and `port`.
std::vector<std::uint8_t> stun_answer(const StunRequest& request, const IpAddress& address,
                                      std::uint16_t port);

/// The error response 420 (Unknown Attribute), for a request that has some.
std::vector<std::uint8_t> stun_refusal(const StunRequest& request);

}  // namespace videochat::protocol
