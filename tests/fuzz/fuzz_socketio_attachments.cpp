// protocol/socketio_attachments, on the argument of an event: placeholders are numbered 0, 1, ...
// in their order, nothing else changes by a byte, a tree-building parser finds the same ones, and
// native clients get JSON in which each has become its bytes. ASCII JSON says the same in ASCII.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/base64.hpp"
#include "protocol/event_text.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/socketio_attachments.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;
using Tree = nlohmann::json;

namespace {

constexpr std::size_t kDepth = 16;
constexpr std::size_t kAttachments = 3;
constexpr std::size_t kPlaceholders = 4;

std::string canonical(std::size_t number) {
    return R"({"_placeholder":true,"num":)" + std::to_string(number) + "}";
}

bool is_placeholder(const Tree& tree) {
    return tree.is_object() && tree.contains("_placeholder") && tree["_placeholder"] == Tree(true);
}

/// The outermost placeholders of a tree, each replaced by what `make` makes of it.
template <typename Make>
void replace_placeholders(Tree& tree, const Make& make) {
    if (is_placeholder(tree)) {
        tree = make(tree);
        return;
    }
    if (!tree.is_structured()) return;
    for (auto& child : tree)
        replace_placeholders(child, make);
}

std::size_t count_keys(const Tree& tree) {
    std::size_t count = tree.is_object() ? tree.size() : 0;
    if (tree.is_structured()) {
        for (const auto& child : tree)
            count += count_keys(child);
    }
    return count;
}

/// Whether the reference would accept; -1: the number is none that this program may use.
double number_of(const Tree& placeholder) {
    const auto found = placeholder.find("num");
    return found != placeholder.end() && found->is_number() ? found->get<double>() : -1;
}

bool names_attachment(double number) {
    for (std::size_t i = 0; i < kAttachments; ++i) {
        if (number == static_cast<double>(i)) return true;
    }
    return false;
}

struct Reference {
    Tree tree;
    bool has_tree = false;        ///< nlohmann knows lone surrogates and huge numbers not
    bool has_equal_keys = false;  ///< of which a tree keeps one, and the text all
};

Reference reference_of(const std::string& json) {
    Reference reference;
    std::size_t keys = 0;
    const auto count = [&keys](int /*depth*/, Tree::parse_event_t event, Tree& /*parsed*/) {
        if (event == Tree::parse_event_t::key) ++keys;
        return true;
    };
    reference.tree = Tree::parse(json, count, false);
    reference.has_tree = !reference.tree.is_discarded();
    if (reference.has_tree) reference.has_equal_keys = keys != count_keys(reference.tree);
    return reference;
}

void check_verdict(const Reference& reference, bool accepted) {
    if (!reference.has_tree || reference.has_equal_keys) return;
    std::size_t found = 0;
    bool all_known = true;
    Tree tree = reference.tree;
    replace_placeholders(tree, [&](const Tree& placeholder) {
        ++found;
        all_known = all_known && names_attachment(number_of(placeholder));
        return Tree();
    });
    require(accepted == (all_known && found <= kPlaceholders), "the tree gets the same verdict");
}

void check_tree(const Reference& reference, const NumberedArgument& result) {
    if (!reference.has_tree) return;
    Tree before = reference.tree;
    replace_placeholders(before,
                         [](const Tree& placeholder) { return Tree(number_of(placeholder)); });
    Tree after = Tree::parse(result.json);
    replace_placeholders(after, [&result](const Tree& placeholder) {
        const auto number = placeholder.at("num").get<std::size_t>();
        require(number < result.order.size(), "every number is in the list");
        return Tree(static_cast<double>(result.order[number]));
    });
    require(before == after, "each placeholder stands for the same attachment");
}

/// Walks both texts at once: between the placeholders they are equal byte for byte.
std::string inlined_by_hand(std::string_view json, const NumberedArgument& result,
                            const std::vector<std::string_view>& bytes) {
    std::string_view after = result.json;
    std::string expected;
    for (std::size_t number = 0; number < result.order.size(); ++number) {
        const std::string object = canonical(number);
        const std::size_t plain = after.find(object);
        require(plain != std::string_view::npos, "the numbers are 0, 1, ... in this order");
        require(json.substr(0, plain) == after.substr(0, plain), "nothing else changes");
        expected += after.substr(0, plain);
        expected += R"({"_placeholder":true,"base64":")" + base64_encode(bytes[number]) + "\"}";
        after.remove_prefix(plain + object.size());
        json.remove_prefix(plain);
        JsonScanner scanner(json, kDepth);
        require(scanner.peek() == '{' && scanner.skip_value(), "an object stood there");
        json.remove_prefix(static_cast<std::size_t>(scanner.position() - json.data()));
    }
    require(json == after, "nothing behind the last one changes");
    return expected.append(after);
}

void check_argument(const std::string& json) {
    static const std::vector<std::string> kBytes = {"", "f", std::string("\0\xFF?", 3)};
    const Reference reference = reference_of(json);
    const auto result = number_placeholders(json, kAttachments, kPlaceholders);
    check_verdict(reference, result.has_value());
    if (!result) return;
    require(json.empty() || is_json(result->json, kDepth), "what comes out is JSON");
    require(result->order.size() <= kPlaceholders, "there are not too many");
    check_tree(reference, *result);
    std::vector<std::string_view> bytes;
    for (const std::size_t index : result->order) {
        require(index < kAttachments, "they name attachments");
        bytes.emplace_back(kBytes[index]);
    }
    const std::string expected = inlined_by_hand(json, *result, bytes);
    const std::string inlined = inline_attachments(result->json, bytes);
    require(inlined == expected, "each placeholder becomes its bytes, and nothing else");
    require(json.empty() || is_json(inlined, kDepth), "what native clients get is JSON");
    const auto again = number_placeholders(result->json, bytes.size(), bytes.size());
    require(again && again->json == result->json, "numbering twice changes nothing");
    for (std::size_t i = 0; i < again->order.size(); ++i)
        require(again->order[i] == i, "and the order is then the numbers'");
}

void check_ascii(const std::string& json) {
    std::string ascii;
    append_ascii_json(ascii, json);
    require(std::all_of(ascii.begin(), ascii.end(), [](char c) { return (c & 0x80) == 0; }),
            "only ASCII comes out");
    require(is_json(ascii, kDepth), "ASCII JSON is JSON");
    const Tree tree = Tree::parse(json, nullptr, false);
    if (!tree.is_discarded()) require(tree == Tree::parse(ascii), "and says the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(as_text(data, size));
    EventText event;
    if (event.parse(text, {.depth = kDepth, .name = 64, .socket_io = true}) ==
        EventTextError::None) {
        check_argument(std::string(event.first()));
        check_ascii(text);
    }
    // Whatever comes: no harm.
    number_placeholders(text, kAttachments, kPlaceholders);
    std::string ascii;
    append_ascii_json(ascii, text);
    return 0;
}
