// What the program says when it is ready: for a person the links to open and, on a terminal, a QR
// code for the phone; for a machine one JSON line. Pure: values in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/ip_address.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

/// The links under which the server can be opened, best known first: localhost, then the network.
/// `lan` is this machine's addresses, the best first; `port` the one really listened on.
/// Bound to one address, that link alone.
std::vector<std::string> urls(const ListenConfig& listen, std::uint16_t port,
                              const std::vector<protocol::IpAddress>& lan);

/// Lines for a person, the last one ended. `terminal`: draw the QR code of the best network link.
std::string banner(const ListenConfig& listen, std::uint16_t port,
                   const std::vector<protocol::IpAddress>& lan, bool terminal);

/// {"event":"listening","port":N,"urls":[...],"version":"..."} and a newline.
std::string banner_json(const ListenConfig& listen, std::uint16_t port,
                        const std::vector<protocol::IpAddress>& lan);

}  // namespace videochat::app
