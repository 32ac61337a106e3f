// The configuration of a supervised coturn (turnserver.conf). Pure; any thread.
//
// Who has credentials can make coturn send UDP from this machine, past every firewall in front of
// its networks. So the networks of this machine are denied like every other private one. What calls
// need is the relays themselves: everybody in a call has TURN, so two people who cannot reach each
// other meet at two relays of this coturn. These single addresses are allowed, and the networks
// that the operator names. TCP to peers (RFC 6062), which no browser asks for, is off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "turn/turn_addresses.hpp"
#include "videochat/config.hpp"

namespace videochat::turn {

struct CoturnFacts {
    TurnAddresses addresses;
    std::uint16_t port = 0;      ///< UDP and TCP
    std::string secret;          ///< static-auth-secret
    std::size_t user_quota = 0;  ///< allocations of one seat
};

/// How many allocations one member of a call of `capacity` may have, never less than 10. Eight for
/// every other member: browsers make one for UDP and one for TCP, again on a second network, and
/// all of them again while a path is being replaced. Without `max-bundle` it is a pair for each of
/// sound, picture and data at first.
std::size_t user_quota(std::size_t capacity);

/// Throws std::runtime_error with one line: a secret that coturn cannot read from a file, an
/// external address or an allowed network that is none.
std::string coturn_config(const TurnConfig& config, const CoturnFacts& facts);

}  // namespace videochat::turn
