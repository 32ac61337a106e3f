// See field_list.hpp.
#include "protocol/field_list.hpp"

#include <algorithm>
#include <cstddef>

namespace videochat::protocol {
namespace {

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

char to_lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

/// Where the first `separator` outside of quoted strings is, or the end.
std::size_t find_separator(std::string_view text, char separator) {
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') is_quoted = !is_quoted;
        if (text[i] == separator && !is_quoted) return i;
        if (text[i] == '\\' && is_quoted) ++i;  // with what is escaped
    }
    return text.size();
}

/// "0.123" or "1", at most three decimals, in thousandths; 0 for anything else.
int parse_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    int weight = (text[0] - '0') * kFullWeight;
    if (text.size() > 1 && text[1] != '.') return 0;
    int place = kFullWeight / 10;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return 0;
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight <= kFullWeight ? weight : 0;
}

}  // namespace

std::string_view take_element(std::string_view& text, char separator) {
    const std::size_t end = find_separator(text, separator);
    const std::string_view element = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return element;
}

std::string unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    text = text.substr(1, text.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        plain += text[i];
    }
    return plain;
}

bool is_same_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

int weight_of(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view value = take_element(parameters, ';');
        const std::string_view name = take_element(value, '=');
        if (name == "q" || name == "Q") return parse_weight(trim(value));
    }
    return kFullWeight;
}

}  // namespace videochat::protocol
