// protocol/engineio_jsonp: an answer is one safe JavaScript string that means the payload; what a
// client posts is what it meant; and any form is read as the original server reads it.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/engineio_jsonp.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
        at += to.size();
    }
    return text;
}

/// What JavaScript reads between the quotes; only what our answers may use is let through.
std::string unescaped(const std::string& literal) {
    std::string out;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        require(static_cast<unsigned char>(literal[i]) >= 0x20, "an answer is one line");
        require(literal[i] != '"', "the string ends where the answer does");
        if (literal[i] != '\\') {
            out += literal[i];
            continue;
        }
        require(++i < literal.size(), "no backslash escapes the end");
        const std::size_t name = std::string("bfnrt\"\\/").find(literal[i]);
        if (name != std::string::npos) {
            out += "\b\f\n\r\t\"\\/"[name];
            continue;
        }
        const std::string digits = literal.substr(i + 1, 4);
        if (digits == "2028" || digits == "2029") {
            out += digits == "2028" ? "\xe2\x80\xa8" : "\xe2\x80\xa9";
        } else {
            require(literal[i] == 'u' && digits < "0020", "only known escapes are used");
            out += static_cast<char>(std::stoi(digits, nullptr, 16));
        }
        i += 4;
    }
    return out;
}

void check_answer(const std::string& payload) {
    const std::string answer = jsonp_answer("7", payload);
    const std::string head = "___eio[7](\"";
    const std::string foot = "\");";
    require(answer.size() >= head.size() + foot.size() && answer.starts_with(head) &&
                answer.ends_with(foot),
            "an answer is a call");
    const std::string literal =
        answer.substr(head.size(), answer.size() - head.size() - foot.size());
    for (const char* unsafe : {"</", "\xe2\x80\xa8", "\xe2\x80\xa9"})
        require(literal.find(unsafe) == std::string::npos, "an answer is safe in a script");
    require(unescaped(literal) == payload, "an answer means the payload");
}

std::string form_encoded(const std::string& text) {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == ' ') {
            out += '+';
        } else {
            out += {'%', kHex[byte / 16], kHex[byte % 16]};
        }
    }
    return out;
}

/// As engine.io-client fills the form.
void check_posted(const std::string& payload) {
    if (payload.find("\\\n") != std::string::npos) return;  // ambiguous by design of the client
    const std::string area = replace_all(replace_all(payload, "\\n", "\\\n"), "\n", "\\n");
    const auto read = jsonp_payload("x=y&d=" + form_encoded(area));
    require(read == payload, "what was posted is read");
}

/// As engine.io reads `d`: "\n" that no backslash precedes, then "\\n".
std::string read_breaks(const std::string& text) {
    std::string once;
    for (std::size_t i = 0; i < text.size();) {
        if (text.compare(i, 3, "\\\\n") == 0) {
            once += "\\\\n";
            i += 3;
        } else if (text.compare(i, 2, "\\n") == 0) {
            once += '\n';
            i += 2;
        } else {
            once += text[i++];
        }
    }
    return replace_all(once, "\\\\n", "\\n");
}

std::optional<std::string> decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const std::string digits = text.substr(i + 1, 2);
        if (digits.size() != 2 ||
            digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
            return {};
        out += static_cast<char>(std::stoi(digits, nullptr, 16));
        i += 2;
    }
    return out;
}

void check_form(const std::string& form) {
    std::vector<std::string> pairs(1);
    for (const char c : form) {
        if (c == '&') {
            pairs.emplace_back();
        } else {
            pairs.back() += c;
        }
    }
    std::vector<std::optional<std::string>> fields;
    for (const std::string& pair : pairs) {
        const std::size_t equals = pair.find('=');
        const auto value = equals == std::string::npos ? "" : pair.substr(equals + 1);
        if (decoded(pair.substr(0, equals)) == "d") fields.push_back(decoded(value));
    }
    std::optional<std::string> expected;
    if (fields.size() == 1 && fields[0]) expected = read_breaks(*fields[0]);
    require(jsonp_payload(form) == expected, "a form is read as the reference reads it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(as_text(data, size));
    check_answer(text);
    check_posted(text);
    check_form(text);
    check_form("d=" + text);
    return 0;
}
