// protocol/event_text: accepts exactly what nlohmann/json accepts (within the depth limit), and the
// argument that it cuts out is the one that a parser finds; what JavaScript would make of it never
// becomes invalid JSON again.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/js_value.hpp"
#include "core/json_text.hpp"
#include "fuzz/property.hpp"
#include "protocol/event_text.hpp"
#include "protocol/utf8.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

constexpr std::size_t kDepth = 16;

/// What a SAX parser says: syntax and depth. Numbers may be out of a double's range, strings may
/// hold lone surrogate escapes: both are JSON, but not to nlohmann.
struct Judge : nlohmann::json_sax<nlohmann::json> {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool out_of_range = false;
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool start_array(std::size_t) override { return enter(); }
    bool key(string_t&) override { return true; }
    bool end_object() override { return --depth, true; }
    bool end_array() override { return --depth, true; }
    bool parse_error(std::size_t, const std::string&,
                     const nlohmann::detail::exception& e) override {
        out_of_range = e.id == 406;
        return false;
    }
    bool enter() {
        deepest = std::max(deepest, ++depth);
        return true;
    }
};

bool holds_surrogate_escape(std::string_view text) {
    return text.find("\\ud") != std::string_view::npos ||
           text.find("\\uD") != std::string_view::npos;
}

void check_syntax(const std::string& text) {
    if (text.find('\0') != std::string::npos) {  // to nlohmann a NUL is the end of the input
        require(!is_json(text, kDepth), "no JSON holds a NUL byte");
        return;
    }
    // nlohmann skips a byte order mark, which RFC 8259 leaves open and we refuse.
    if (text.starts_with("\xEF\xBB\xBF") || holds_surrogate_escape(text)) return;
    Judge judge;
    const bool theirs = nlohmann::json::sax_parse(text, &judge);
    if (judge.out_of_range) return;
    const bool ours = is_json(text, kDepth);
    if (judge.deepest > kDepth) {
        require(!ours, "too deep is refused");
    } else {
        require(ours == theirs, "both agree on what is JSON");
    }
}

void check_event(const std::string& text) {
    EventText event;
    if (event.parse(text, {.depth = kDepth, .name = 64}) != EventTextError::None) return;
    require(is_valid_utf8(text), "what is accepted is UTF-8");
    require(!event.name().empty() && event.name().size() <= 64, "the name is within its limit");
    if (!event.first().empty()) require(is_json(event.first(), kDepth), "the argument is JSON");
    const std::string again =
        videochat::core::json_string(videochat::core::js_string(event.first()));
    require(is_json(again, kDepth), "a text about the argument is JSON");
    videochat::core::js_map_key(event.first());
    if (holds_surrogate_escape(text)) return;
    const auto tree = nlohmann::json::parse(text, nullptr, false);
    if (tree.is_discarded()) return;  // a number out of range
    require(tree.at(0).get<std::string>() == event.name(), "the name is the first element");
    require((tree.size() > 1) == !event.first().empty(), "an argument is found if there is one");
    if (tree.size() > 1) {
        require(tree.at(1) == nlohmann::json::parse(event.first()), "it is the second element");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_syntax(text);
    check_event(text);
    return 0;
}
