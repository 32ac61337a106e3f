// app/call_query and core/flat_object: what passes keeps its promises, whatever the bytes.
#include <algorithm>
#include <string>

#include "app/call_query.hpp"
#include "core/flat_object.hpp"
#include "fuzz/property.hpp"
#include "protocol/event_text.hpp"
#include "protocol/utf8.hpp"

using namespace videochat;
using namespace videochat::fuzz;

namespace {

bool has_forbidden_characters(std::string_view name) {
    const auto contains = [name](std::string_view text) { return name.find(text) != name.npos; };
    return std::ranges::any_of(name, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }) ||
           contains("\xE2\x80\xAA") || contains("\xE2\x80\xAE") || contains("\xE2\x81\xA6") ||
           contains("\xE2\x81\xA9") || contains("\xC2\x80");
}

bool is_base64url(std::string_view text) {
    return text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789-_") == std::string_view::npos;
}

void check_query(std::string_view query) {
    const auto request = app::parse_call_query(query, {});
    if (!request) return;
    require(app::asks_for_call(query), "what is parsed asks for a call");
    require(!request->call.empty() && request->call.size() <= 256, "a call has a name");
    for (const std::string_view name :
         {std::string_view(request->call), std::string_view(request->entry.name)}) {
        require(protocol::is_valid_utf8(name), "names are UTF-8");
        require(!has_forbidden_characters(name), "names do not rearrange or control anything");
        require(name.size() <= 256, "names are short");
    }
    const auto& [name, proof, was, address] = request->entry;
    require(proof.size() <= 128 && is_base64url(proof), "a proof is one");
    require(was.empty() || (was.size() >= 11 && was.size() <= 32), "a seat's form");
    require(is_base64url(was), "a seat's characters");
    require(address.empty(), "nobody says what its address is");
    require(request->seen.value_or(0) <= 999'999'999'999'999ULL, "a count has 15 digits at most");
    const std::string again = std::string(query) + "&call=x";
    require(!app::parse_call_query(again, {}), "a second name is refused");
    require(!app::parse_call_query(std::string(query) + "&room=x", {}), "a room is, too");
    const auto look = app::parse_call_query(std::string(query) + "&peek=1", {});
    require(look.has_value() != request->peek, "a look is asked for once");
    require(!look || look->peek, "who asks for a look gets no more");
    require(!app::parse_call_query(std::string(query) + "&peek=0", {}), "it is asked for by a 1");
}

// It reads checked JSON only.
void check_object(std::string_view json) {
    if (!protocol::is_json(json, 16)) return;
    const std::string text(json);  // of its own, so that reading past the end is noticed
    const auto members = core::flat_object(text, 2);
    require(!members || members->size() <= 2, "no more members than are wanted");
    require(!members || members->size() < 2 || members->front().first != members->back().first,
            "no key stands twice");
    require(!members || !core::string_value(text), "an object is no string");
    const auto first = json.find_first_not_of(" \t\r\n");
    require(core::string_value(text).has_value() == (json[first] == '"'), "a string is one");
    require(!members || json[first] == '{', "an object is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text(data, size);
    check_query(text);
    check_object(text);
    return 0;
}
