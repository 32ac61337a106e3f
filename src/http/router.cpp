#include "http/router.hpp"

#include <algorithm>

namespace videochat::http {

const Router::UpgradeTarget* Router::find_upgrade(std::string_view path) const {
    const auto row = std::ranges::find(upgrades_, path,
                                       [](const auto& r) -> std::string_view { return r.path; });
    return row == upgrades_.end() ? nullptr : &row->target;
}

Service* Router::find_service(std::string_view path) const {
    const auto row =
        std::ranges::find_if(services_, [path](const auto& r) { return path.starts_with(r.path); });
    if (row == services_.end() || &find(path) != &pages_) return nullptr;
    return row->target;
}

const Route& Router::find(std::string_view path) const {
    const auto row =
        std::ranges::find(routes_, path, [](const auto& r) -> std::string_view { return r.path; });
    return row == routes_.end() ? pages_ : row->target;
}

}  // namespace videochat::http
