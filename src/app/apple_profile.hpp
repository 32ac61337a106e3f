// A configuration profile for iPhones, iPads and Macs that holds one CA certificate: the only form
// in which iOS takes a CA from a page. Pure.
#pragma once

#include <string>
#include <string_view>

namespace videochat::app {

/// An XML property list. The same CA has the same identifiers, so that a profile that was
/// downloaded again replaces the first one. `sha256` is "AB:CD:..." of the certificate.
std::string apple_profile(std::string_view der, std::string_view sha256);

}  // namespace videochat::app
