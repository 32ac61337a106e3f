// What the program says when it is ready: for a person the links to open, the fingerprints to
// compare and, on a terminal, a QR code for the phone; for a machine one JSON line. Pure: values
// in, text out.
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

/// The links under which others can open the server, the best first: by https where its
/// certificate is good for them, then by http, where visitors are told how to go on. Bound to one
/// address, that link alone, and the names of a real certificate.
std::vector<std::string> network_urls(const Presence& presence);

/// What this computer itself opens, which needs no https: http://localhost. Empty if the server is
/// bound to another address alone.
std::string local_url(const Presence& presence);

/// Lines for a person, the last one ended. `terminal`: draw the QR code of the best network link.
std::string banner(const Presence& presence, bool terminal);

/// {"event":"listening","port":N,"urls":[...],"version":"..."} and a newline; with TLS also
/// "leaf":{"sha256":"AB:..."} and "ca", the same or null. Network links come first.
std::string banner_json(const Presence& presence);

}  // namespace videochat::app
