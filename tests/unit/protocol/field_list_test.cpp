// protocol/field_list: elements, quoted strings, weights.
#include "protocol/field_list.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

using Strings = std::vector<std::string>;

Strings elements(std::string_view text, char separator = ',') {
    Strings all;
    while (!text.empty())
        all.emplace_back(take_element(text, separator));
    return all;
}

}  // namespace

TEST_CASE("A list is taken apart at its separators, without the white space") {
    CHECK(elements("").empty());
    CHECK(elements("a") == Strings{"a"});
    CHECK(elements(" a ,\tb,,c ") == Strings{"a", "b", "", "c"});
    CHECK(elements("a;b", ';') == Strings{"a", "b"});
}

TEST_CASE("A separator in a quoted string is none, behind an escaped quote neither") {
    CHECK(elements(R"("a,b",c)") == Strings{R"("a,b")", "c"});
    CHECK(elements(R"("a\",b",c)") == Strings{R"("a\",b")", "c"});
    CHECK(elements(R"(a\,b)") == Strings{R"(a\)", "b"});
    CHECK(elements(R"("a,b)") == Strings{R"("a,b)"});
    CHECK(elements(R"("a\)") == Strings{R"("a\)"});
}

TEST_CASE("Quotes and escapes are taken off quoted strings alone") {
    CHECK(unquote(R"("a b")") == "a b");
    CHECK(unquote(R"("a\"\\b")") == R"(a"\b)");
    CHECK(unquote(R"("")").empty());
    CHECK(unquote("a") == "a");
    CHECK(unquote(R"(")") == R"(")");
    CHECK(unquote(R"("a)") == R"("a)");
    CHECK(unquote("").empty());
}

TEST_CASE("Case matters to other bytes than letters of ASCII") {
    CHECK(is_same_ignoring_case("aZ-9", "Az-9"));
    CHECK_FALSE(is_same_ignoring_case("a", "ab"));
    CHECK_FALSE(is_same_ignoring_case("@", "`"));
    CHECK_FALSE(is_same_ignoring_case("\xC4", "\xE4"));
}

TEST_CASE("A weight is counted in thousandths; what is none is 0") {
    CHECK(weight_of("") == kFullWeight);
    CHECK(weight_of("level=1") == kFullWeight);
    CHECK(weight_of("q=0.5") == 500);
    CHECK(weight_of("level=1; Q = 0.001") == 1);
    CHECK(weight_of("q=1.000") == 1000);
    CHECK(weight_of(R"(note="; q=0"; q=0.7)") == 700);
    for (const char* none :
         {"q=0", "q=0.000", "q=", "q", "q=1.1", "q=2", "q=0.1234", "q=.5", "q=-1"}) {
        CAPTURE(none);
        CHECK(weight_of(none) == 0);
    }
}
