// protocol/origin: what is allowed is, written out, the same host and port; nothing else is.
#include <string>

#include "fuzz/property.hpp"
#include "protocol/origin.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return lower;
}

std::string without(std::string text, std::string_view suffix) {
    const bool ends = text.size() >= suffix.size() &&
                      std::string_view(text).substr(text.size() - suffix.size()) == suffix;
    if (ends) text.resize(text.size() - suffix.size());
    return text;
}

/// Equality as text, default ports aside.
bool is_same_slowly(std::string_view origin, std::string_view host) {
    for (const auto& [scheme, port] :
         {std::pair("http://", ":80"), std::pair("https://", ":443")}) {
        if (without(to_lower(origin), port) == scheme + without(to_lower(host), port)) return true;
    }
    return false;
}

}  // namespace

// Input: an origin and a host, with a line feed between them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text(data, size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view origin = text.substr(0, end);
    const std::string_view host = text.substr(std::min(end + 1, text.size()));

    const auto normal = normalize_origin(origin);
    const bool is_valid = normal.has_value() && is_valid_host(host);
    require(is_origin_allowed(origin, host, {}) == (is_valid && is_same_slowly(origin, host)),
            "allowed is what is equal as text");
    if (is_valid_host(host)) {
        require(host.find_first_of(" \t\r\n/\\@?#,%") == host.npos, "a host is one host");
        require(is_origin_allowed("https://" + std::string(host), host, {}), "itself is allowed");
        const std::string name = host_name(host);
        const bool is_v6 = name.find(':') != std::string::npos;
        require(host_name(is_v6 ? "[" + name + "]" : name) == name, "a name has one spelling");
        require(host_name(to_lower(without(std::string(host), "."))) == name, "whatever its case");
    }
    require(host_name(host).empty() != is_valid_host(host), "a host has a name");
    if (!normal) return 0;
    require(normalize_origin(*normal) == normal, "what is normal stays so");
    require(is_origin_allowed(origin, "", {*normal}), "what is listed is allowed");
    require(!is_origin_allowed(origin, "", {*normal + 'x', 'x' + *normal, normal->substr(1)}),
            "what is nearly listed is not");
    return 0;
}
