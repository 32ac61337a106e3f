#include "observe/metrics_page.hpp"

namespace videochat::observe {

std::string metrics_page(std::span<const Metrics* const> loops, std::size_t connections) {
    std::string page = "# TYPE videochat_connections gauge\nvideochat_connections " +
                       std::to_string(connections) + "\n";
    for (std::size_t i = 0; i < static_cast<std::size_t>(Counter::kCount); ++i) {
        const auto counter = static_cast<Counter>(i);
        const std::string name = std::string("videochat_") + name_of(counter) + "_total";
        std::uint64_t sum = 0;
        for (const Metrics* metrics : loops)
            sum += metrics->get(counter);
        page.append("# TYPE ").append(name).append(" counter\n").append(name).append(" ");
        page.append(std::to_string(sum)).append("\n");
    }
    return page;
}

}  // namespace videochat::observe
