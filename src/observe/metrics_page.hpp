// The counters as text (Prometheus exposition format 0.0.4). No label ever comes from a peer.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "observe/metrics.hpp"

namespace videochat::observe {

/// The sums over all loops. `connections`: how many live at this moment.
std::string metrics_page(std::span<const Metrics* const> loops, std::size_t connections);

}  // namespace videochat::observe
