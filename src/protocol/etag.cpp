// See etag.hpp.
#include "protocol/etag.hpp"

#include <algorithm>
#include <cstddef>

namespace videochat::protocol {
namespace {

constexpr std::string_view kWeak = "W/";

std::string_view opaque_part(std::string_view etag) {
    return etag.substr(0, kWeak.size()) == kWeak ? etag.substr(kWeak.size()) : etag;
}

void skip_separators(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
}

/// Takes one entity tag off the front of `list`, without "W/"; empty when there is none.
std::string_view take_opaque_tag(std::string_view& list) {
    list = opaque_part(list);
    if (list.empty() || list.front() != '"') return {};
    const std::size_t end = list.find('"', 1);
    if (end == std::string_view::npos) return {};
    const std::string_view tag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    return tag;
}

}  // namespace

bool matches_if_none_match(std::string_view field, std::string_view etag) {
    skip_separators(field);
    if (field == "*") return true;
    while (!field.empty()) {
        const std::string_view tag = take_opaque_tag(field);
        if (tag.empty()) return false;  // not a list of tags: no condition to go by
        if (tag == opaque_part(etag)) return true;
        skip_separators(field);
    }
    return false;
}

bool matches_if_range(std::string_view field, std::string_view etag) {
    return field == etag && etag.size() >= 2 && etag.front() == '"';
}

}  // namespace videochat::protocol
