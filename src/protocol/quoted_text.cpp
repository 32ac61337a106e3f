#include "protocol/quoted_text.hpp"

#include "protocol/utf8.hpp"

namespace videochat::protocol {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void append_hex_byte(std::string& out, std::string_view prefix, unsigned char byte) {
    out.append(prefix);
    out.push_back(kHex[byte >> 4U]);
    out.push_back(kHex[byte & 0xFU]);
}

// C0, DEL and, in their two-byte form, the C1 controls: some terminals obey those too.
bool is_control(std::string_view sequence) {
    const auto first = static_cast<unsigned char>(sequence.front());
    if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
    return first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

// The code point of a control character of one or two bytes is its last byte.
void append_escaped(std::string& out, std::string_view sequence, std::string_view prefix) {
    switch (sequence.front()) {
        case '\n':
            out.append("\\n");
            return;
        case '\r':
            out.append("\\r");
            return;
        case '\t':
            out.append("\\t");
            return;
        default:
            append_hex_byte(out, prefix, static_cast<unsigned char>(sequence.back()));
    }
}

struct Notation {
    std::string_view control;  // before the two digits of a control character
    std::string_view invalid;  // instead of a byte that is not UTF-8; empty: the byte as \xNN
    bool has_quotes = true;
};

void append_character(std::string& out, std::string_view sequence, bool is_valid,
                      const Notation& notation) {
    if (!is_valid && notation.invalid.empty()) {
        append_hex_byte(out, "\\x", static_cast<unsigned char>(sequence.front()));
    } else if (!is_valid) {
        out.append(notation.invalid);
    } else if (is_control(sequence)) {
        append_escaped(out, sequence, notation.control);
    } else {
        if (notation.has_quotes && (sequence == "\"" || sequence == "\\")) out.push_back('\\');
        out.append(sequence);
    }
}

std::string escape(std::string_view text, std::size_t limit, const Notation& notation) {
    std::string out(notation.has_quotes ? 1 : 0, '"');
    const char* const end = text.data() + text.size();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_sequence_length(text.data() + at, end);
        const auto sequence = text.substr(at, length == 0 ? 1 : length);
        if (at + sequence.size() > limit) {
            out.append("...");
            break;
        }
        append_character(out, sequence, length != 0, notation);
        at += sequence.size();
    }
    if (notation.has_quotes) out.push_back('"');
    return out;
}

}  // namespace

std::string escaped(std::string_view text, std::size_t limit) {
    return escape(text, limit, {"\\x", "", false});
}

std::string quoted(std::string_view text, std::size_t limit) {
    return escape(text, limit, {"\\x", ""});
}

std::string quoted_json(std::string_view text, std::size_t limit) {
    return escape(text, limit, {"\\u00", "\\ufffd"});
}

}  // namespace videochat::protocol
