#include "tls/leaf_plan.hpp"

#include <algorithm>

namespace videochat::tls {
namespace {

template <typename List, typename T>
bool has(const List& list, const T& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

template <typename List, typename T>
void add_once(List& list, const T& value) {
    if (!has(list, value)) list.push_back(value);
}

bool is_label(std::string_view label) {
    constexpr std::size_t kLongest = 63;
    constexpr std::string_view kBytes = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return !label.empty() && label.size() <= kLongest &&
           label.find_first_not_of(kBytes) == std::string_view::npos && label.front() != '-' &&
           label.back() != '-';
}

}  // namespace

std::vector<std::string> AlternativeNames::to_strings() const {
    std::vector<std::string> texts = names;
    for (const auto& address : addresses)
        texts.push_back(address.to_string());
    return texts;
}

LeafPlan plan_leaf(const NamePolicy& policy, const std::vector<OwnAddress>& addresses,
                   const std::vector<std::string>& names) {
    LeafPlan plan;
    for (const auto& name : names) {
        if (policy.permits(name)) {
            add_once(plan.wanted.names, name);
        } else {
            add_once(plan.left_out, name);
        }
    }
    plan.needed.names = plan.wanted.names;
    for (const auto& own : addresses) {
        if (!policy.permits(own.address)) {
            add_once(plan.left_out, own.address.to_string());
            continue;
        }
        add_once(plan.wanted.addresses, own.address);
        if (!own.is_passing) add_once(plan.needed.addresses, own.address);
    }
    return plan;
}

bool covers(const AlternativeNames& have, const AlternativeNames& needed) {
    return std::all_of(needed.names.begin(), needed.names.end(),
                       [&have](const auto& name) { return has(have.names, name); }) &&
           std::all_of(needed.addresses.begin(), needed.addresses.end(),
                       [&have](const auto& address) { return has(have.addresses, address); });
}

std::string dns_host_name(std::string_view host_name) {
    constexpr std::size_t kLongest = 253;
    std::string name(host_name);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (name.size() > kLongest || protocol::IpAddress::parse(name)) return {};
    for (std::string_view rest = name;;) {
        const auto label = rest.substr(0, rest.find('.'));
        if (!is_label(label)) return {};
        if (label.size() == rest.size()) return name;
        rest.remove_prefix(label.size() + 1);
    }
}

std::vector<std::string> own_names(std::string_view host_name) {
    std::vector<std::string> names{"localhost"};
    const std::string host = dns_host_name(host_name);
    if (host.empty() || host == "localhost" || host.starts_with("localhost.")) return names;
    add_once(names, host);
    const std::string first = host.substr(0, host.find('.'));
    for (const auto* ending : {".local", ".lan", ".home.arpa"})
        add_once(names, first + ending);
    return names;
}

}  // namespace videochat::tls
