// See accept_encoding.hpp.
#include "protocol/accept_encoding.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

namespace videochat::protocol {
namespace {

constexpr int kFull = 1000;  // weights are counted in thousandths

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes what stands before `separator` off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return lower;
}

/// "0.123" or "1", at most three decimals, in thousandths; 0 for anything else.
int parse_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    int weight = (text[0] - '0') * kFull;
    if (text.size() > 1 && text[1] != '.') return 0;
    int place = kFull / 10;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return 0;
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight <= kFull ? weight : 0;
}

/// The weight in "name;q=0.5"; other parameters mean nothing here.
int weight_of(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view value = take_until(parameters, ';');
        const std::string_view name = take_until(value, '=');
        if (name == "q" || name == "Q") return parse_weight(trim(value));
    }
    return kFull;
}

}  // namespace

bool prefers_gzip(std::string_view field) {
    std::optional<int> gzip;
    std::optional<int> plain;
    std::optional<int> others;
    while (!field.empty()) {
        std::string_view element = take_until(field, ',');
        const std::string coding = to_lower(take_until(element, ';'));
        if (coding == "gzip" || coding == "x-gzip") gzip = weight_of(element);
        if (coding == "identity") plain = weight_of(element);
        if (coding == "*") others = weight_of(element);
    }
    const int gzip_weight = gzip.value_or(others.value_or(0));
    return gzip_weight > 0 && gzip_weight >= plain.value_or(0);
}

}  // namespace videochat::protocol
