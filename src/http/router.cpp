#include "http/router.hpp"

#include <algorithm>

namespace videochat::http {

const Upgrade* Router::find_upgrade(std::string_view path) const {
    const auto row = std::ranges::find(upgrades_, path,
                                       [](const auto& r) -> std::string_view { return r.path; });
    return row == upgrades_.end() ? nullptr : &row->target;
}

const Route& Router::find(std::string_view path) const {
    const auto row =
        std::ranges::find(routes_, path, [](const auto& r) -> std::string_view { return r.path; });
    return row == routes_.end() ? pages_ : row->target;
}

}  // namespace videochat::http
