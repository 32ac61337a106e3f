// What the server makes of its configuration before anything is opened. Each throws
// std::runtime_error with one line that names the culprit.
#pragma once

#include <string>
#include <vector>

#include "protocol/ip_address.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

std::vector<protocol::Cidr> parse_proxies(const std::vector<std::string>& texts);

/// With origins in the form in which they are compared and written.
Config with_checked_origins(Config config);

/// With the number of connections in place of 0. Some descriptors are needed for files and the log:
/// connections get 90 % of them.
AdmissionLimits resolve(AdmissionLimits limits);

}  // namespace videochat::app
