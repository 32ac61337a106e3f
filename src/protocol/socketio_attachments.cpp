#include "protocol/socketio_attachments.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

#include "core/json_text.hpp"
#include "protocol/base64.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/utf8.hpp"

namespace videochat::protocol {
namespace {

constexpr std::string_view kCanonicalBegin = R"({"_placeholder":true,"num":)";

struct Placeholder {
    const char* begin;
    const char* end;
    std::string_view number;  ///< JSON source; empty: it has none
};

// Finds the placeholders of checked JSON. The last of equal keys counts, as for JSON.parse.
class PlaceholderFinder {
  public:
    explicit PlaceholderFinder(std::string_view json) : scanner_(json, 1) {}

    /// False: this was no JSON after all.
    bool run() {
        while (!scanner_.at_end()) {
            if (!step()) return false;
        }
        return levels_.empty();
    }
    /// The outermost ones, in order.
    const std::vector<Placeholder>& found() const { return found_; }

  private:
    enum class Key { None, Due, IsPlaceholder, Number, Other };
    struct Level {
        const char* begin;
        Key key;  ///< whose value is to come; None in arrays
        bool is_placeholder = false;
        std::string_view number{};
    };

    bool step();
    bool scalar();
    void open(Key key);
    bool close();
    void assign(std::string_view value);
    void name(std::string_view literal, bool escaped);

    JsonScanner scanner_;
    std::vector<Level> levels_;
    std::vector<Placeholder> found_;
};

bool PlaceholderFinder::step() {
    switch (scanner_.peek()) {
        case '{':
            open(Key::Due);
            return true;
        case '[':
            open(Key::None);
            return true;
        case '}':
        case ']':
            return close();
        case ',':
            scanner_.take(',');
            if (!levels_.empty() && levels_.back().key != Key::None) levels_.back().key = Key::Due;
            return true;
        case ':':
            return scanner_.take(':');
        case ' ':
        case '\t':
        case '\n':
        case '\r':
            scanner_.skip_space();
            return true;
        default:
            return scalar();
    }
}

bool PlaceholderFinder::scalar() {
    const char* const begin = scanner_.position();
    if (!scanner_.skip_value()) return false;
    const std::string_view text(begin, static_cast<std::size_t>(scanner_.position() - begin));
    if (!levels_.empty() && levels_.back().key == Key::Due) {
        if (text.front() != '"') return false;
        name(text, scanner_.saw_escape());
    } else {
        assign(text);
    }
    return true;
}

void PlaceholderFinder::open(Key key) {
    const char* const begin = scanner_.position();
    assign({begin, 1});
    levels_.push_back({begin, key});
    scanner_.take(*begin);
}

bool PlaceholderFinder::close() {
    if (levels_.empty()) return false;
    scanner_.take(scanner_.peek());
    const Level level = levels_.back();
    levels_.pop_back();
    if (!level.is_placeholder) return true;
    while (!found_.empty() && found_.back().begin > level.begin)
        found_.pop_back();
    found_.push_back({level.begin, scanner_.position(), level.number});
    return true;
}

// A value that begins, or a whole scalar: of containers the first byte is enough.
void PlaceholderFinder::assign(std::string_view value) {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    if (level.key == Key::IsPlaceholder) level.is_placeholder = value == "true";
    if (level.key == Key::Number) level.number = value;
}

void PlaceholderFinder::name(std::string_view literal, bool escaped) {
    std::string decoded;
    std::string_view key = literal.substr(1, literal.size() - 2);
    if (escaped) {
        core::append_decoded(decoded, literal);
        key = decoded;
    }
    levels_.back().key = key == "_placeholder" ? Key::IsPlaceholder
                         : key == "num"        ? Key::Number
                                               : Key::Other;
}

// JavaScript has one kind of number: 1, 1.0 and 1e0 are the same index.
std::optional<std::size_t> index_of(std::string_view number, std::size_t attachments) {
    double value = 0;
    const char* const end = number.data() + number.size();
    const auto [stopped, error] = std::from_chars(number.data(), end, value);
    if (number.empty() || error != std::errc{} || stopped != end) return std::nullopt;
    if (!(value >= 0 && value < static_cast<double>(attachments))) return std::nullopt;
    if (std::floor(value) != value) return std::nullopt;
    return static_cast<std::size_t>(value);
}

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += kHex[(unit >> shift) & 0xFU];
}

// Of a well-formed sequence of two to four bytes.
std::uint32_t code_point(std::string_view sequence) {
    const auto length = static_cast<unsigned>(sequence.size());
    std::uint32_t code = static_cast<unsigned char>(sequence.front()) & (0x7FU >> length);
    for (const char c : sequence.substr(1))
        code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    return code;
}

}  // namespace

std::optional<NumberedArgument> number_placeholders(std::string_view json, std::size_t attachments,
                                                    std::size_t max_placeholders) {
    PlaceholderFinder finder(json);
    if (!finder.run() || finder.found().size() > max_placeholders) return std::nullopt;
    NumberedArgument result;
    const char* copied = json.data();
    for (const Placeholder& placeholder : finder.found()) {
        const auto index = index_of(placeholder.number, attachments);
        if (!index) return std::nullopt;
        result.json.append(copied, placeholder.begin);
        result.json += kCanonicalBegin;
        result.json += std::to_string(result.order.size());
        result.json += '}';
        result.order.push_back(*index);
        copied = placeholder.end;
    }
    result.json.append(copied, json.data() + json.size());
    return result;
}

// No look at the structure is needed: in checked JSON these bytes cannot begin inside of a string,
// where the quotes would be escaped, and the brace tells that the object has no other members.
std::string inline_attachments(std::string_view json,
                               std::span<const std::string_view> attachments) {
    std::string out;
    std::size_t copied = 0;
    std::size_t at = 0;
    while ((at = json.find(kCanonicalBegin, at)) != std::string_view::npos) {
        std::size_t index = 0;
        const char* const end = json.data() + json.size();
        const auto [stopped, error] =
            std::from_chars(json.data() + at + kCanonicalBegin.size(), end, index);
        const std::size_t begin = at;
        at += kCanonicalBegin.size();
        if (error != std::errc{} || index >= attachments.size()) continue;
        if (stopped == end || *stopped != '}') continue;
        out += json.substr(copied, begin - copied);
        out += R"({"_placeholder":true,"base64":")";
        append_base64(out, attachments[index]);
        out += "\"}";
        at = copied = static_cast<std::size_t>(stopped + 1 - json.data());
    }
    out += json.substr(copied);
    return out;
}

void append_ascii_json(std::string& out, std::string_view json) {
    const char* p = json.data();
    const char* const end = p + json.size();
    while (p != end) {
        const char* const plain = p;
        while (p != end && static_cast<unsigned char>(*p) < 0x80)
            ++p;
        out.append(plain, p);
        if (p == end) return;
        const std::size_t length = utf8_sequence_length(p, end);
        const std::uint32_t code = length == 0 ? 0xFFFD : code_point({p, length});
        if (code < 0x10000) {
            append_unit(out, code);
        } else {
            append_unit(out, 0xD800 + ((code - 0x10000) >> 10U));
            append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FFU));
        }
        p += length == 0 ? 1 : length;
    }
}

}  // namespace videochat::protocol
