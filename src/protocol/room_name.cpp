// See room_name.hpp.
#include "protocol/room_name.hpp"

#include <cstddef>

#include "protocol/utf8.hpp"

namespace videochat::protocol {
namespace {

bool has_control_character(std::string_view name) {
    char previous = 0;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) return true;
        // C1, U+0080 to U+009F, is C2 80 to C2 9F; C2 is never a continuation byte.
        if (previous == '\xC2' && byte < 0xA0) return true;
        previous = c;
    }
    return false;
}

std::size_t count_code_points(std::string_view valid_utf8) {
    std::size_t count = 0;
    for (const char c : valid_utf8) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
    }
    return count;
}

bool is_over(std::size_t value, std::size_t limit) { return limit != 0 && value > limit; }

}  // namespace

RoomNameOutcome check_room_name(std::string_view name, const RoomLimits& limits) {
    if (name.empty()) return RoomNameOutcome::Empty;
    if (is_over(name.size(), limits.name_bytes)) return RoomNameOutcome::TooLong;
    if (!is_valid_utf8(name)) return RoomNameOutcome::InvalidUtf8;
    if (has_control_character(name)) return RoomNameOutcome::ControlCharacter;
    if (is_over(count_code_points(name), limits.name_code_points)) return RoomNameOutcome::TooLong;
    return RoomNameOutcome::Ok;
}

}  // namespace videochat::protocol
