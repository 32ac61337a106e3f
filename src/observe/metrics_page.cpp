#include "observe/metrics_page.hpp"

namespace videochat::observe {

std::string metrics_page(const Metrics& metrics, std::size_t connections) {
    std::string page = "# TYPE videochat_connections gauge\nvideochat_connections " +
                       std::to_string(connections) + "\n";
    for (std::size_t i = 0; i < static_cast<std::size_t>(Counter::kCount); ++i) {
        const auto counter = static_cast<Counter>(i);
        const std::string name = std::string("videochat_") + name_of(counter) + "_total";
        page.append("# TYPE ").append(name).append(" counter\n").append(name).append(" ");
        page.append(std::to_string(metrics.get(counter))).append("\n");
    }
    return page;
}

}  // namespace videochat::observe
