#include "core/json_text.hpp"

#include <charconv>
#include <cstdint>

namespace videochat::core {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::uint32_t hex4(std::string_view digits) {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + 4, value, 16);
    return value;
}

void append_code_point(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | (code >> 6U));
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | (code >> 12U));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | (code >> 18U));
        put(0x80U | ((code >> 12U) & 0x3FU));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// `rest` begins behind "\u". Returns how much of it was used: two escapes make one code point.
std::size_t append_unicode_escape(std::string& out, std::string_view rest) {
    const std::uint32_t unit = hex4(rest);
    if (is_high(unit) && rest.size() >= 10 && rest.substr(4, 2) == "\\u") {
        const std::uint32_t second = hex4(rest.substr(6));
        if (is_low(second)) {
            append_code_point(out, 0x10000 + ((unit - 0xD800) << 10U) + (second - 0xDC00));
            return 10;
        }
    }
    append_code_point(out, unit);
    return 4;
}

char unescaped(char c) {
    switch (c) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return c;
    }
}

void append_u(std::string& out, std::uint32_t unit) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) {
        out.push_back(kHexDigits[(unit >> static_cast<unsigned>(shift)) & 0xFU]);
    }
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            append_u(out, static_cast<unsigned char>(c));
    }
}

// U+D800..U+DFFF in three bytes: ED, A0..BF, 80..BF.
bool is_surrogate(std::string_view rest) {
    return rest.size() >= 3 && static_cast<unsigned char>(rest[0]) == 0xED &&
           static_cast<unsigned char>(rest[1]) >= 0xA0;
}

}  // namespace

void append_decoded(std::string& out, std::string_view literal) {
    std::string_view rest = literal.substr(1, literal.size() - 2);
    while (!rest.empty()) {
        const std::size_t plain = std::min(rest.find('\\'), rest.size());
        out += rest.substr(0, plain);
        rest.remove_prefix(plain);
        if (rest.empty()) return;
        const char kind = rest[1];
        rest.remove_prefix(2);
        if (kind == 'u') {
            rest.remove_prefix(append_unicode_escape(out, rest));
        } else {
            out.push_back(unescaped(kind));
        }
    }
}

void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_surrogate(text.substr(i))) {
            const auto second = static_cast<unsigned char>(text[i + 1]);
            const auto third = static_cast<unsigned char>(text[i + 2]);
            append_u(out, 0xD000U | ((second & 0x3FU) << 6U) | (third & 0x3FU));
            i += 2;
        } else if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) {
            append_escaped(out, c);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

std::string json_string(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    append_json_string(out, text);
    return out;
}

}  // namespace videochat::core
