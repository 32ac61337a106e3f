// Decoding comes first and once, then dot segments: "%2e%2e%2f" is treated as what it means, and
// "%252e" stays the text "%2e".
#include "protocol/request_target.hpp"

#include <algorithm>
#include <cstddef>

#include "protocol/origin.hpp"
#include "protocol/utf8.hpp"

namespace videochat::protocol {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool percent_decode(std::string_view text, std::string& out) {
    out.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return false;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return false;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

/// Most paths are plain: nothing to decode, to drop or to check further.
bool is_plain(std::string_view path) {
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (c == '%' || c == '\\' || static_cast<unsigned char>(c) >= 0x80) return false;
        const bool has_next = i + 1 < path.size();
        if (c == '/' && has_next && (path[i + 1] == '/' || path[i + 1] == '.')) return false;
    }
    return true;
}

/// Drops empty segments and resolves dot segments in place; false when ".." climbs over the root.
/// `path` begins with "/". What is kept is copied down over what was dropped.
bool resolve_segments(std::string& path) {
    std::size_t kept = 0;  // path[0, kept) is resolved and has no slash at its end
    bool is_folder = false;
    for (std::size_t slash = 0; slash < path.size();) {
        const std::size_t end = std::min(path.find('/', slash + 1), path.size());
        const std::string_view segment = std::string_view(path).substr(slash + 1, end - slash - 1);
        is_folder = segment.empty() || segment == "." || segment == "..";
        if (segment == "..") {
            if (kept == 0) return false;
            kept = path.rfind('/', kept - 1);
        } else if (!is_folder) {
            path.replace(kept, end - slash, path, slash, end - slash);
            kept += end - slash;
        }
        slash = end;
    }
    path.resize(kept);
    if (is_folder) path += '/';
    return true;
}

/// Splits "http://authority/path?query" and leaves the path and query in `target`.
bool take_authority(std::string_view& target, std::string_view& authority) {
    const std::size_t colon = target.find("://");
    if (colon == std::string_view::npos) return false;
    std::string scheme(target.substr(0, colon));
    for (char& c : scheme)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (scheme != "http" && scheme != "https") return false;
    target.remove_prefix(colon + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    authority = target.substr(0, end);
    target.remove_prefix(end);
    return is_valid_host(authority);
}

bool is_same_name(std::string_view encoded, std::string_view name) {
    if (std::count(encoded.begin(), encoded.end(), '%') == 0) return encoded == name;
    std::string decoded;
    return percent_decode(encoded, decoded) && decoded == name;
}

}  // namespace

RequestTarget parse_request_target(std::string_view target, std::string& storage) {
    RequestTarget result;
    if (target == "*") return {TargetOutcome::Asterisk, {}, {}, {}};
    const bool is_unclean = std::any_of(
        target.begin(), target.end(), [](char c) { return is_control(c) || c == ' ' || c == '#'; });
    if (target.empty() || is_unclean) return {};
    if (target.front() != '/' && !take_authority(target, result.authority)) return {};

    const std::size_t mark = target.find('?');
    if (mark != std::string_view::npos) result.query = target.substr(mark + 1);
    result.path = target.substr(0, mark);
    if (result.path.empty()) result.path = "/";  // "http://host" and "http://host?query"
    if (!is_plain(result.path)) {
        if (!percent_decode(result.path, storage) || !is_valid_utf8(storage)) return {};
        if (storage.find('\\') != std::string::npos) return {};
        if (std::any_of(storage.begin(), storage.end(), is_control)) return {};
        if (!resolve_segments(storage)) return {};
        result.path = storage;
    }
    result.outcome = TargetOutcome::Ok;
    return result;
}

void append_percent_encoded(std::string& out, std::string_view text, std::string_view kept) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : text) {
        const bool is_alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_alphanumeric || kept.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4U];
        out += kHex[byte & 0xFU];
    }
}

std::string encode_path(std::string_view path) {
    while (path.substr(0, 2) == "//")
        path.remove_prefix(1);
    std::string encoded;
    encoded.reserve(path.size());
    append_percent_encoded(encoded, path, "-._~!$&'()*+,;=:@/");
    return encoded;
}

BasePathResult strip_base_path(std::string_view path, std::string_view base) {
    if (path.substr(0, base.size()) != base) return {};
    const std::string_view rest = path.substr(base.size());
    if (rest.empty()) return {BasePathOutcome::MissingSlash, {}};
    if (rest.front() != '/') return {};
    return {BasePathOutcome::Inside, rest};
}

Parameter find_parameter(std::string_view query, std::string_view name, Plus plus) {
    Parameter found;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (!is_same_name(pair.substr(0, equals), name)) continue;
        if (found.outcome != ParameterOutcome::Absent) return {ParameterOutcome::Repeated, {}};
        std::string value(pair.substr(std::min(equals + 1, pair.size())));
        if (plus == Plus::Space) std::replace(value.begin(), value.end(), '+', ' ');
        const bool is_decoded = percent_decode(value, found.value);
        found.outcome = is_decoded ? ParameterOutcome::One : ParameterOutcome::Malformed;
    }
    if (found.outcome == ParameterOutcome::Malformed) found.value.clear();
    return found;
}

}  // namespace videochat::protocol
