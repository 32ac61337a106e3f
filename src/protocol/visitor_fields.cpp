// See visitor_fields.hpp.
#include "protocol/visitor_fields.hpp"

#include <algorithm>
#include <cstddef>

#include "protocol/field_list.hpp"

namespace videochat::protocol {
namespace {

/// One element of Forwarded: "for=192.0.2.1;proto=https".
bool is_by_https(std::string_view element) {
    while (!element.empty()) {
        std::string_view value = take_element(element, ';');
        const std::string_view name = take_element(value, '=');
        if (is_same_ignoring_case(name, "proto") && is_same_ignoring_case(unquote(value), "https"))
            return true;
    }
    return false;
}

/// Quotes mean nothing in cookies: a name behind a lone one is still a name.
std::string_view take_cookie(std::string_view& cookies) {
    const std::string_view cookie = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookie.size() + 1, cookies.size()));
    const std::size_t first = std::min(cookie.find_first_not_of(" \t"), cookie.size());
    return cookie.substr(first, cookie.find_last_not_of(" \t") + 1 - first);
}

}  // namespace

bool names_html(std::string_view accept) {
    while (!accept.empty()) {
        std::string_view parameters = take_element(accept, ',');
        const std::string_view type = take_element(parameters, ';');
        if (is_same_ignoring_case(type, "text/html") && weight_of(parameters) > 0) return true;
    }
    return false;
}

bool came_by_https(std::string_view forwarded, std::string_view x_forwarded_proto) {
    while (!forwarded.empty()) {
        if (is_by_https(take_element(forwarded, ','))) return true;
    }
    while (!x_forwarded_proto.empty()) {
        if (is_same_ignoring_case(take_element(x_forwarded_proto, ','), "https")) return true;
    }
    return false;
}

bool has_cookie(std::string_view cookies, std::string_view name, std::string_view value) {
    while (!cookies.empty()) {
        const std::string_view cookie = take_cookie(cookies);
        const std::size_t equals = cookie.find('=');
        if (equals != std::string_view::npos && cookie.substr(0, equals) == name &&
            cookie.substr(equals + 1) == value)
            return true;
    }
    return false;
}

}  // namespace videochat::protocol
