// protocol/visitor_fields and field_list: nothing of a list is lost, and what stands in
// it is found wherever it stands.
#include <algorithm>
#include <string>

#include "fuzz/property.hpp"
#include "protocol/field_list.hpp"
#include "protocol/visitor_fields.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

/// What is taken off a list is one element, white space around it and one separator behind it.
void check_elements(std::string_view list) {
    while (!list.empty()) {
        const std::string_view before = list;
        const std::string_view element = take_element(list, ',');
        std::string_view taken = before.substr(0, before.size() - list.size());
        require(!taken.empty() && before.ends_with(list), "something is taken off the front");
        require(list.empty() || taken.ends_with(','), "up to a separator");
        const std::size_t begin = taken.find(element);
        require(begin != std::string_view::npos, "an element is a part of its list");
        taken.remove_prefix(begin + element.size());
        require(element.empty() || taken.find_first_not_of(" \t,") == std::string_view::npos,
                "nothing is lost behind it");
        require(std::ranges::count(taken, ',') <= 1, "one separator is taken");
    }
}

bool has_cookie_slowly(std::string_view cookies) {
    std::string text;
    for (const char c : cookies)
        text += c == '\t' ? ' ' : c;
    text = ";" + text + ";";
    for (std::size_t at = 0; (at = text.find("; ", at)) != std::string::npos;)
        text.erase(at + 1, 1);
    for (std::size_t at = 0; (at = text.find(" ;", at)) != std::string::npos; at -= at > 0 ? 1 : 0)
        text.erase(at, 1);
    return text.find(";ok=1;") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(as_text(data, size));
    check_elements(text);
    require(unquote(text).size() <= text.size(), "quotes only go away");
    const int weight = weight_of(text);
    require(weight >= 0 && weight <= kFullWeight, "a weight is in its range");

    require(names_html("text/html," + text), "html in front is html");
    require(came_by_https("proto=https," + text, ""), "https in front is https");
    require(came_by_https("", "https," + text), "https in front is https");
    if (std::ranges::count(text, '"') == 0) {
        require(names_html(text + ",text/html"), "html at the end is html");
        require(came_by_https(text + ",proto=https", ""), "https at the end is https");
    }
    require(has_cookie(text, "ok", "1") == has_cookie_slowly(text),
            "a cookie is found by its text");
    return 0;
}
