// Ports of this machine: which is free for UDP and TCP, and whether STUN is spoken there. Any
// thread.
#pragma once

#include <cstdint>
#include <span>

#include "protocol/ip_address.hpp"

namespace videochat::turn {

/// `wanted` if nobody has it, else one that the system picks; 0: none was found. Others may take it
/// before it is used: who uses it has to cope.
std::uint16_t free_port(std::span<const protocol::IpAddress> addresses, std::uint16_t wanted);

/// Whether somebody there answers a binding request over UDP (RFC 8489), as TURN servers do; waits
/// 200 ms at most.
bool answers_stun(const protocol::IpAddress& address, std::uint16_t port);

}  // namespace videochat::turn
