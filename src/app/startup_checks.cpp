#include "app/startup_checks.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>

#include "protocol/origin.hpp"

namespace videochat::app {
namespace {

void check_origins(std::vector<std::string>& origins, const char* what) {
    for (std::string& text : origins) {
        auto origin = protocol::normalize_origin(text);
        if (!origin) {
            throw std::runtime_error(std::string(what) + " is not scheme://host[:port]: " + text);
        }
        text = *std::move(origin);
    }
}

}  // namespace

std::vector<protocol::Cidr> parse_proxies(const std::vector<std::string>& texts) {
    std::vector<protocol::Cidr> proxies;
    for (const std::string& text : texts) {
        const auto cidr = protocol::Cidr::parse(text);
        if (!cidr) throw std::runtime_error("trusted proxy is not an address or CIDR: " + text);
        proxies.push_back(*cidr);
    }
    return proxies;
}

Config with_checked_origins(Config config) {
    check_origins(config.listen.allow_origins, "allowed origin");
    check_origins(config.listen.embed_origins, "embedding origin");
    return config;
}

AdmissionLimits resolve(AdmissionLimits limits) {
    rlimit descriptors{};
    if (limits.connections == 0 && ::getrlimit(RLIMIT_NOFILE, &descriptors) == 0 &&
        descriptors.rlim_cur != RLIM_INFINITY) {
        limits.connections =
            std::max<std::size_t>(1, static_cast<std::size_t>(descriptors.rlim_cur) / 10 * 9);
    }
    return limits;
}

}  // namespace videochat::app
