// protocol/request_target (queries) and protocol/room_name: what passes keeps its promises, and a
// name survives being encoded into a query.
#include <string>

#include "fuzz/property.hpp"
#include "protocol/request_target.hpp"
#include "protocol/room_name.hpp"
#include "protocol/utf8.hpp"

using namespace videochat;
using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

std::string encode_every_byte(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kHex[byte >> 4U];
        encoded += kHex[byte & 0xFU];
    }
    return encoded;
}

void check_query_round_trip(std::string_view value) {
    const std::string pair = "room=" + encode_every_byte(value);
    const Parameter once = find_parameter("a=b&" + pair + "&room2=x", "room");
    require(once.outcome == ParameterOutcome::One, "an encoded name is found");
    require(once.value == value, "an encoded name is the name");
    require(find_parameter(pair + '&' + pair, "room").outcome == ParameterOutcome::Repeated,
            "a second one is told");
    require(find_parameter(pair + '%', "room").outcome == ParameterOutcome::Malformed,
            "a broken escape is told");
}

/// Walks over the code points as a reader who trusts nobody would.
void check_accepted_name(std::string_view name, const RoomLimits& limits) {
    require(!name.empty() && name.size() <= limits.name_bytes, "a name has 1 to 256 bytes");
    std::size_t code_points = 0;
    const char* end = name.data() + name.size();
    for (const char* p = name.data(); p != end; ++code_points) {
        const std::size_t length = utf8_sequence_length(p, end);
        require(length != 0, "a name is UTF-8");
        const auto first = static_cast<unsigned char>(*p);
        const bool is_c1 = length == 2 && first == 0xC2 && static_cast<unsigned char>(p[1]) < 0xA0;
        require(first >= 0x20 && first != 0x7F && !is_c1, "a name has no control character");
        p += length;
    }
    require(code_points <= limits.name_code_points, "a name has at most 64 code points");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text(data, size);
    const RoomLimits limits;
    const Parameter parameter = find_parameter(text, "room");
    for (const std::string_view name : {text, std::string_view(parameter.value)}) {
        check_query_round_trip(name);
        if (check_room_name(name, limits) == RoomNameOutcome::Ok) check_accepted_name(name, limits);
    }
    require(parameter.outcome == ParameterOutcome::One || parameter.value.empty(),
            "only one parameter has a value");
    return 0;
}
