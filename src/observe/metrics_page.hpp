// The counters as text (Prometheus exposition format 0.0.4). No label ever comes from a peer.
#pragma once

#include <cstddef>
#include <string>

#include "observe/metrics.hpp"

namespace videochat::observe {

/// `connections`: how many live at this moment.
std::string metrics_page(const Metrics& metrics, std::size_t connections);

}  // namespace videochat::observe
