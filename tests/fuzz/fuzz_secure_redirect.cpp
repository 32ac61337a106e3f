// http/secure_redirect: whatever target a request has, where it leads is a path of ours, and what
// follows it is the page that was asked for.
#include <string>

#include "fuzz/property.hpp"
#include "http/secure_redirect.hpp"
#include "protocol/request_target.hpp"

using namespace videochat;
using namespace videochat::fuzz;

namespace {

constexpr std::size_t kLongest = 4000;
constexpr std::string_view kNext = "?next=";

bool is_plain(std::string_view text) {
    return text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%/?=") ==
           std::string_view::npos;
}

void check_next(const std::string& next, std::string_view base, std::string_view path) {
    require(next.starts_with('/') && !next.starts_with("//"), "one slash at its start");
    require(next.find_first_of("\\\r\n\t <>\"#") == std::string::npos, "nothing to trip over");
    std::string storage;
    const auto again = protocol::parse_request_target(next, storage);
    require(again.outcome == protocol::TargetOutcome::Ok, "what follows can be asked for");
    const auto inside = protocol::strip_base_path(again.path, base);
    require(inside.outcome == protocol::BasePathOutcome::Inside && inside.path == path,
            "what follows is what was asked for");
}

}  // namespace

// Input: a request target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string storage;
    const auto target = protocol::parse_request_target(as_text(data, size), storage);
    if (target.outcome != protocol::TargetOutcome::Ok) return 0;
    for (const std::string& base : {std::string(), std::string("/x/y")}) {
        const std::string where =
            http::secure_page_location(base, target.path, target.query, kLongest);
        const std::string page = base + std::string(http::kSecurePage);
        require(where.starts_with(page) && where.size() <= kLongest && is_plain(where),
                "it leads to our page");
        if (where == page) continue;
        require(where.substr(page.size()).starts_with(kNext), "with what follows");
        const auto next =
            protocol::find_parameter(where.substr(page.size() + 1), kNext.substr(1, 4));
        require(next.outcome == protocol::ParameterOutcome::One, "which can be read");
        check_next(next.value, base, target.path);
    }
    return 0;
}
