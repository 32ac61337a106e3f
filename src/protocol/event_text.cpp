#include "protocol/event_text.hpp"

#include <nlohmann/json.hpp>

#include "protocol/json_scanner.hpp"

namespace videochat::protocol {
namespace {

EventTextError why(const JsonScanner& scanner) {
    return scanner.too_deep() ? EventTextError::TooDeep : EventTextError::InvalidJson;
}

// The text is no event; say whether it is JSON at all.
EventTextError judge_other_shape(std::string_view text, std::size_t depth) {
    JsonScanner scanner(text, depth);
    if (!scanner.skip_value()) return why(scanner);
    scanner.skip_space();
    return scanner.at_end() ? EventTextError::NotAnEvent : EventTextError::InvalidJson;
}

// `literal` is a checked JSON string with its quotes. Lone surrogate escapes, which JSON allows and
// UTF-8 cannot hold, appear in no event name of ours: such a name stays as its source.
std::string decode_name(std::string_view literal) {
    const auto value = nlohmann::json::parse(literal, nullptr, false);
    return value.is_string() ? value.get<std::string>() : std::string(literal);
}

bool begins_number(char c) { return c == '-' || (c >= '0' && c <= '9'); }

std::string_view between(const char* first, const char* last) {
    return {first, static_cast<std::size_t>(last - first)};
}

}  // namespace

EventTextError EventText::parse(std::string_view text, const EventTextLimits& limits,
                                std::vector<std::string_view>* arguments) {
    first_ = {};
    JsonScanner scanner(text, limits.depth);
    scanner.skip_space();
    if (!scanner.take('[') || !scanner.enter()) return judge_other_shape(text, limits.depth);
    scanner.skip_space();
    const bool quoted = scanner.peek() == '"';
    if (!quoted && !(limits.socket_io && begins_number(scanner.peek()))) {
        return judge_other_shape(text, limits.depth);
    }
    const char* const name_begin = scanner.position();
    if (!(quoted ? scanner.skip_string() : scanner.skip_value())) return why(scanner);
    const std::string_view literal = between(name_begin, scanner.position());
    const bool escaped = scanner.saw_escape();
    for (bool is_first = true;; is_first = false) {
        scanner.skip_space();
        if (scanner.take(']')) break;
        if (!scanner.take(',')) return EventTextError::InvalidJson;
        scanner.skip_space();
        const char* const begin = scanner.position();
        if (!scanner.skip_value()) return why(scanner);
        if (is_first) first_ = between(begin, scanner.position());
        if (arguments != nullptr && arguments->size() < kMaxArguments) {
            arguments->push_back(between(begin, scanner.position()));
        }
    }
    scanner.skip_space();
    if (!scanner.at_end()) return EventTextError::InvalidJson;
    name_ = quoted ? literal.substr(1, literal.size() - 2) : literal;
    // An escape makes at least one byte of six: a longer source cannot be a short name.
    if (name_.size() > limits.name * 6) return EventTextError::NameTooLong;
    if (escaped) name_ = decoded_name_ = decode_name(literal);
    if (name_.empty() && !limits.socket_io) return EventTextError::NotAnEvent;
    return name_.size() > limits.name ? EventTextError::NameTooLong : EventTextError::None;
}

bool is_json(std::string_view text, std::size_t depth) {
    return judge_other_shape(text, depth) == EventTextError::NotAnEvent;
}

}  // namespace videochat::protocol
