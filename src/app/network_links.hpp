// Under which links the server is opened: on this computer, and by others on its network. For the
// start-up output and for the pages, which invite others. Pure: values in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/ip_address.hpp"
#include "videochat/config.hpp"
#include "videochat/server.hpp"

namespace videochat::app {

/// What there is to tell.
struct Presence {
    ListenConfig listen;
    std::uint16_t port = 0;                ///< the one really listened on
    std::vector<protocol::IpAddress> lan;  ///< this machine's addresses, the best first
    TrustSummary trust;                    ///< without fingerprints: no TLS
};

/// Whether it has a certificate to show.
bool has_tls(const Presence& presence);

/// The links under which others can open the server, the best first: by https where its
/// certificate is good for them, then by http, where visitors are told how to go on. Bound to one
/// address, that link alone, and the names of a real certificate. With --allow-host those alone
/// that are answered, and the names listed there, which the operator expects visitors to use.
std::vector<std::string> network_urls(const Presence& presence);

/// What this computer itself opens, which needs no https: http://localhost. Empty if the server is
/// bound to another address alone.
std::string local_url(const Presence& presence);

}  // namespace videochat::app
