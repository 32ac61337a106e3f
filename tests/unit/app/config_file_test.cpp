// The form of the configuration file; what its names mean is tested with the options.
#include "app/config_file.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat::app;

namespace {

using Values = std::vector<std::string>;

std::vector<ConfigLine> lines_of(std::string_view text) {
    const auto parsed = parse_config_file(text);
    INFO(text);
    REQUIRE(std::holds_alternative<std::vector<ConfigLine>>(parsed));
    return std::get<std::vector<ConfigLine>>(parsed);
}

Values values_of(const std::string& value) {
    const auto lines = lines_of("name = " + value);
    REQUIRE(lines.size() == 1);
    return lines.front().values;
}

ConfigFileError error_of(std::string_view text) {
    const auto parsed = parse_config_file(text);
    INFO(text);
    REQUIRE(std::holds_alternative<ConfigFileError>(parsed));
    return std::get<ConfigFileError>(parsed);
}

}  // namespace

TEST_CASE("Config file: names, values and the numbers of their lines") {
    const auto lines = lines_of("# a comment\n\nport = 80\r\n\t log-level=debug  \nrooms=5");
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].number == 3);
    CHECK(lines[0].name == "port");
    CHECK(lines[0].values == Values{"80"});
    CHECK(lines[1].number == 4);
    CHECK(lines[1].name == "log-level");
    CHECK(lines[1].values == Values{"debug"});
    CHECK(lines[2].number == 5);
    CHECK(lines[2].values == Values{"5"});
}

TEST_CASE("Config file: an empty one sets nothing") {
    CHECK(lines_of("").empty());
    CHECK(lines_of("\n \n#").empty());
}

TEST_CASE("Config file: comments begin behind a blank, so a path may hold their sign") {
    CHECK(values_of("80 # the usual one, they say") == Values{"80"});
    CHECK(values_of("80\t# x") == Values{"80"});
    CHECK(values_of("/srv/a#b") == Values{"/srv/a#b"});
    CHECK(values_of("\"a # b\" # c") == Values{"a # b"});
}

TEST_CASE("Config file: quotes keep blanks, commas and the other quote") {
    CHECK(values_of("\" a, b \"") == Values{" a, b "});
    CHECK(values_of("'say \"hi\"'") == Values{"say \"hi\""});
    CHECK(values_of(R"("say \"hi\" \\")") == Values{"say \"hi\" \\"});
    CHECK(values_of(R"('C:\dir')") == Values{R"(C:\dir)"});
    CHECK(values_of("\"\"") == Values{""});
}

TEST_CASE("Config file: lists with and without brackets") {
    CHECK(values_of("a, b ,c") == Values{"a", "b", "c"});
    CHECK(values_of("[a, \"b\", 'c']") == Values{"a", "b", "c"});
    CHECK(values_of("[ ]").empty());
    CHECK(values_of("http://[::1]:3000, b") == Values{"http://[::1]:3000", "b"});
}

TEST_CASE("Config file: the first line that cannot be read is named") {
    const auto line = GENERATE(as<std::string>{}, "port", "port 80", "= 80", "port =", "port = #",
                               "Port = 80", "[section]", "port = \"80", "port = '80",
                               "port = \"80\\", "port = \"80\" 81", "origins = [a, b",
                               "origins = a,", "origins = a,,b", "origins = [a] b", "port : 80");
    const auto error = error_of("ok = 1\n" + line + "\nnonsense");
    CHECK(error.number == 2);
    CHECK_FALSE(error.complaint.empty());
}
