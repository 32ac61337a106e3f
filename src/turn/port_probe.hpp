// Ports of this machine: which is free for UDP and TCP, and whether somebody listens. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "protocol/ip_address.hpp"

namespace videochat::turn {

/// `wanted` if nobody has it, else one that the system picks; 0: none was found. Others may take it
/// before it is used: who uses it has to cope.
std::uint16_t free_port(std::span<const protocol::IpAddress> addresses, std::uint16_t wanted);

/// Whether TCP connections are taken there; waits 200 ms at most.
bool is_listening(const protocol::IpAddress& address, std::uint16_t port);

}  // namespace videochat::turn
