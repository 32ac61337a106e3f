#include "http/router.hpp"

#include <algorithm>

#include "http/standard_responses.hpp"

namespace videochat::http {

const Router::UpgradeTarget* Router::find_upgrade(std::string_view path) const {
    const auto row = std::ranges::find(upgrades_, path,
                                       [](const auto& r) -> std::string_view { return r.path; });
    return row == upgrades_.end() ? nullptr : &row->target;
}

Service* Router::find_service(std::string_view path) const {
    const auto row = std::ranges::find_if(services_, [path](const auto& r) {
        return r.path.ends_with('/') ? path.starts_with(r.path) : path == r.path;
    });
    if (row == services_.end() || &find(path) != &pages_) return nullptr;
    return row->target;
}

const Route& Router::find(std::string_view path) const {
    const auto row =
        std::ranges::find(routes_, path, [](const auto& r) -> std::string_view { return r.path; });
    return row == routes_.end() ? pages_ : row->target;
}

std::optional<std::size_t> Router::home_of(std::string_view path, std::string_view query) const {
    if (const UpgradeTarget* const target = find_upgrade(path)) return target->home(query);
    if (const Service* const service = find_service(path)) return service->home_of(query);
    return std::nullopt;
}

Response Router::answer(const RequestHead& head, std::string_view path, std::string_view query,
                        const Arrival& arrival) const {
    switch (head.method) {
        case Method::Options:
            return options_response();
        case Method::Other:
            return method_not_allowed();
        case Method::Get:
        case Method::Head:
            break;
    }
    const Request request{.method = head.method,
                          .path = path,
                          .query = query,
                          .target = head.target,
                          .if_none_match = head.value("If-None-Match"),
                          .if_modified_since = head.value("If-Modified-Since"),
                          .range = head.value("Range"),
                          .if_range = head.value("If-Range"),
                          .accept_encoding = head.value("Accept-Encoding"),
                          .head = &head,
                          .secure = arrival.secure,
                          .from_proxy = arrival.from_proxy,
                          .https_port = arrival.https_port};
    return find(path)(request);
}

}  // namespace videochat::http
