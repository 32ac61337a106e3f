#include "app/call_query.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "protocol/request_target.hpp"
#include "protocol/room_name.hpp"

namespace videochat::app {
namespace {

using protocol::ParameterOutcome;

constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLongestSeen = 15;
constexpr std::size_t kShortestSeat = 11;
constexpr std::size_t kLongestSeat = 32;

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_base64url(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && std::ranges::all_of(text, [](char c) {
               return is_letter_or_digit(c) || c == '-' || c == '_';
           });
}

/// U+202A to U+202E and U+2066 to U+2069: they would let a name rearrange what stands around it.
bool has_bidi_controls(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto third = static_cast<unsigned char>(text[i + 2]);
        if (text.substr(i, 2) == "\xE2\x80" && third >= 0xAA && third <= 0xAE) return true;
        if (text.substr(i, 2) == "\xE2\x81" && third >= 0xA6 && third <= 0xA9) return true;
    }
    return false;
}

bool is_display_name(std::string_view name) {
    if (name.empty()) return true;
    const RoomLimits limits{.name_code_points = kLongestDisplayName, .name_bytes = 0};
    return protocol::check_room_name(name, limits) == protocol::RoomNameOutcome::Ok &&
           !has_bidi_controls(name);
}

/// False: it stands there twice, or with a bad escape.
bool take(std::string_view query, std::string_view name, std::optional<std::string>& value) {
    auto parameter = protocol::find_parameter(query, name);
    if (parameter.outcome == ParameterOutcome::Absent) return true;
    if (parameter.outcome != ParameterOutcome::One) return false;
    value = std::move(parameter.value);
    return true;
}

bool parse_seen(const std::optional<std::string>& text, std::optional<std::uint64_t>& seen) {
    if (!text) return true;
    if (text->empty() || text->size() > kLongestSeen) return false;
    std::uint64_t value = 0;
    const char* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, value);
    seen = value;
    return parsed.ec == std::errc{} && parsed.ptr == end;
}

}  // namespace

bool asks_for_call(std::string_view query) {
    return protocol::find_parameter(query, "call").outcome != ParameterOutcome::Absent;
}

std::optional<transport::CallRequest> parse_call_query(std::string_view query,
                                                       const RoomLimits& names) {
    std::optional<std::string> call, room, name, key, was, token, seen, peek;
    const bool is_unique = take(query, "call", call) && take(query, "room", room) &&
                           take(query, "name", name) && take(query, "key", key) &&
                           take(query, "was", was) && take(query, "token", token) &&
                           take(query, "seen", seen) && take(query, "peek", peek);
    if (!is_unique || !call || room || (peek && *peek != "1")) return std::nullopt;
    if (protocol::check_room_name(*call, names) != protocol::RoomNameOutcome::Ok ||
        has_bidi_controls(*call)) {
        return std::nullopt;
    }
    transport::CallRequest request;
    request.call = *std::move(call);
    request.entry.name = name.value_or("");
    request.entry.proof = key.value_or("");
    request.entry.was = was.value_or("");
    request.token = token.value_or("");
    request.peek = peek.has_value();
    if (!is_display_name(request.entry.name) || !parse_seen(seen, request.seen)) {
        return std::nullopt;
    }
    if (key && !is_base64url(*key, 1, kLongestKey)) return std::nullopt;
    if (was && !is_base64url(*was, kShortestSeat, kLongestSeat)) return std::nullopt;
    // An empty token is one that is dead.
    if (token && token->empty()) request.token = "-";
    return request;
}

}  // namespace videochat::app
