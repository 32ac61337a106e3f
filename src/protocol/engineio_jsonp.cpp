#include "protocol/engineio_jsonp.hpp"

#include <algorithm>
#include <cstddef>

#include "protocol/request_target.hpp"

namespace videochat::protocol {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_control(std::string& out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    constexpr std::string_view kShort = "\b\f\n\r\t";
    const std::size_t known = kShort.find(c);
    out += '\\';
    if (known != std::string_view::npos) {
        out += "bfnrt"[known];
        return;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "u00";
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
}

/// U+2028 or U+2029 at the start of `text`: they end a line in scripts older than ES2019.
bool starts_with_line_separator(std::string_view text) {
    return text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9");
}

std::string undo_line_breaks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t backslashes = std::min(text.find_first_not_of('\\'), text.size());
        const bool is_break = backslashes != 0 && text.substr(backslashes, 1) == "n";
        if (is_break && backslashes == 1) {
            out += '\n';
        } else {
            out.append(is_break ? backslashes - 1 : backslashes, '\\');
            if (backslashes < text.size()) out += text[backslashes];
        }
        text.remove_prefix(std::min(backslashes + 1, text.size()));
    }
    return out;
}

}  // namespace

bool is_jsonp_index(std::string_view index) {
    return !index.empty() && index.size() <= 16 &&
           std::all_of(index.begin(), index.end(), is_digit);
}

std::string jsonp_answer(std::string_view index, std::string_view payload) {
    std::string out = "___eio[";
    out.reserve(payload.size() + payload.size() / 4 + 32);
    out += index;
    out += "](\"";
    for (std::size_t i = 0; i < payload.size(); ++i) {
        const char c = payload[i];
        if (c == '"' || c == '\\' || (c == '/' && i != 0 && payload[i - 1] == '<')) {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            append_control(out, c);
        } else if (starts_with_line_separator(payload.substr(i))) {
            out += payload[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            out += c;
        }
    }
    out += "\");";
    return out;
}

std::optional<std::string> jsonp_payload(std::string_view form) {
    std::string spaced(form);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    const Parameter field = find_parameter(spaced, "d");
    if (field.outcome != ParameterOutcome::One) return std::nullopt;
    return undo_line_breaks(field.value);
}

}  // namespace videochat::protocol
