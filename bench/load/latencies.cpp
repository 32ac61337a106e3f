#include "latencies.hpp"

namespace bench {

double Latencies::quantile_us(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t step = 0; step < steps_.size(); ++step) {
        seen += steps_[step];
        if (seen > wanted) {
            const std::size_t shift = step < kSteps ? 0 : step / kSteps - 1;
            return static_cast<double>((step - shift * kSteps) << shift) / 1e3;
        }
    }
    return 0;
}

}  // namespace bench
