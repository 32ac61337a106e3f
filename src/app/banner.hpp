// What the program says when it is ready: for a person the links to open, the fingerprints to
// compare and, on a terminal, a QR code for the phone; for a machine one JSON line. Pure: values
// in, text out.
#pragma once

#include <string>

#include "app/network_links.hpp"

namespace videochat::app {

/// Lines for a person, the last one ended. `terminal`: draw the QR code of the best network link.
std::string banner(const Presence& presence, bool terminal);

/// {"event":"listening","port":N,"urls":[...],"version":"..."} and a newline; with TLS also
/// "leaf":{"sha256":"AB:..."} and "ca", the same or null. Network links come first.
std::string banner_json(const Presence& presence);

}  // namespace videochat::app
