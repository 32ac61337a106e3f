// protocol/room_name: which names may be asked for, at both ends of each limit.
#include "protocol/room_name.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::protocol;

namespace {

RoomNameOutcome check(std::string_view name) { return check_room_name(name, RoomLimits{}); }

std::string repeat(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("Names of every script pass as they are") {
    for (const char* name :
         {"a", "Room 1", " ", " padded ", "caf\xC3\xA9", "\xE6\x88\xBF\xE9\x97\xB4",
          "\xF0\x9F\x8E\xA5", "../..", "a/b", "<b>", "\xC2\xA0", "__proto__"}) {
        CAPTURE(name);
        CHECK(check(name) == RoomNameOutcome::Ok);
    }
}

TEST_CASE("A name has at least one byte") { CHECK(check("") == RoomNameOutcome::Empty); }

TEST_CASE("A name has at most 64 code points") {
    CHECK(check(repeat("x", 64)) == RoomNameOutcome::Ok);
    CHECK(check(repeat("x", 65)) == RoomNameOutcome::TooLong);
    CHECK(check(repeat("\xC3\xA9", 64)) == RoomNameOutcome::Ok);
    CHECK(check(repeat("\xC3\xA9", 65)) == RoomNameOutcome::TooLong);
}

TEST_CASE("A name has at most 256 bytes") {
    RoomLimits limits;
    CHECK(check(repeat("\xF0\x9F\x8E\xA5", 64)) == RoomNameOutcome::Ok);
    limits.name_code_points = 1000;
    CHECK(check_room_name(repeat("x", 256), limits) == RoomNameOutcome::Ok);
    CHECK(check_room_name(repeat("x", 257), limits) == RoomNameOutcome::TooLong);
}

TEST_CASE("A limit of zero is none") {
    RoomLimits limits;
    limits.name_code_points = 0;
    limits.name_bytes = 0;
    CHECK(check_room_name(repeat("x", 5000), limits) == RoomNameOutcome::Ok);
}

TEST_CASE("A name is valid UTF-8") {
    for (const char* name :
         {"\xFF", "a\x80", "\xC0\x80", "\xED\xA0\x80", "\xE2\x82", "\xF5\x80\x80\x80"}) {
        CHECK(check(name) == RoomNameOutcome::InvalidUtf8);
    }
}

TEST_CASE("A name has no control characters: C0, DEL, C1") {
    CHECK(check(std::string_view("a\0b", 3)) == RoomNameOutcome::ControlCharacter);
    for (const char* name : {"\n", "a\tb", "\x1F", "a\x7F", "\xC2\x80", "a\xC2\x85z", "\xC2\x9F"}) {
        CHECK(check(name) == RoomNameOutcome::ControlCharacter);
    }
}
