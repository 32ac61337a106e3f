// Times, sizes, counts and switches as operators write them.
#include "app/units.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;

TEST_CASE("Units: a time has a unit or is in seconds") {
    CHECK(parse_duration("300ms") == 300ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("1h") == 1h);
    CHECK(parse_duration("30") == 30s);
    CHECK(parse_duration("0") == 0ms);
}

TEST_CASE("Units: a time may have a fraction down to a millisecond") {
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration("0.25") == 250ms);
    CHECK(parse_duration("0.001") == 1ms);
    CHECK(parse_duration("1.50m") == 90s);
    CHECK_FALSE(parse_duration("0.0001").has_value());
    CHECK_FALSE(parse_duration("0.5ms").has_value());
}

TEST_CASE("Units: what is no time is refused") {
    const auto text = GENERATE(as<std::string>{}, "", "s", "ms", "-1s", "+1s", "1 s", " 1s", "1s ",
                               "1S", "1d", "1e3", "0x10", ".5s", "5.s", "1.2.3s", "1s30", "1m30s",
                               "0.12345678s", "99999999999999999999", "9223372036854775807",
                               "9223372036854775808ms", "5124095576030432h");
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
}

TEST_CASE("Units: the longest time is what fits, not what wraps around") {
    CHECK(parse_duration("9223372036854775807ms") == Milliseconds::max());
}

TEST_CASE("Units: a size has a decimal or a binary unit or is in bytes") {
    CHECK(parse_size("0") == 0U);
    CHECK(parse_size("1000") == 1000U);
    CHECK(parse_size("64B") == 64U);
    CHECK(parse_size("64KB") == 64'000U);
    CHECK(parse_size("256KiB") == 262'144U);
    CHECK(parse_size("1MB") == 1'000'000U);
    CHECK(parse_size("1MiB") == 1'048'576U);
    CHECK(parse_size("2GB") == 2'000'000'000U);
    CHECK(parse_size("1GiB") == 1'073'741'824U);
}

TEST_CASE("Units: what is no size is refused") {
    const auto text = GENERATE(as<std::string>{}, "", "KiB", "-1", "+1", "1 KiB", "1.5MiB", "1kib",
                               "1K", "1TiB", "18446744073709551616", "17179869184GiB");
    INFO(text);
    CHECK_FALSE(parse_size(text).has_value());
}

TEST_CASE("Units: a count is digits only") {
    CHECK(parse_count("0") == 0U);
    CHECK(parse_count("18446744073709551615") == 18'446'744'073'709'551'615U);
    const auto text = GENERATE(as<std::string>{}, "", "-1", "+1", "1.0", "1 ", "0x1", "1K",
                               "18446744073709551616");
    INFO(text);
    CHECK_FALSE(parse_count(text).has_value());
}

TEST_CASE("Units: a switch has four spellings each way") {
    for (const auto* yes : {"true", "yes", "on", "1"})
        CHECK(parse_switch(yes) == true);
    for (const auto* no : {"false", "no", "off", "0"})
        CHECK(parse_switch(no) == false);
    for (const auto* other : {"", "TRUE", "2", "nope"})
        CHECK_FALSE(parse_switch(other).has_value());
}

TEST_CASE("Units: values are shown in the largest unit without a fraction") {
    CHECK(format_duration(300ms) == "300ms");
    CHECK(format_duration(1500ms) == "1500ms");
    CHECK(format_duration(65s) == "65s");
    CHECK(format_duration(2min) == "2m");
    CHECK(format_duration(24h) == "24h");
    CHECK(format_duration(0ms) == "0s");
    CHECK(format_size(0) == "0B");
    CHECK(format_size(64) == "64B");
    CHECK(format_size(256 * kKiB) == "256KiB");
    CHECK(format_size(4 * kMiB) == "4MiB");
    CHECK(format_size(1024 * kMiB) == "1GiB");
    CHECK(format_size(64'000) == "64000B");
}
