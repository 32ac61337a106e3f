// --help and the README say what the option table says.
#include "app/option_help.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include "app/option_table.hpp"
#include "support/catch.hpp"

using namespace videochat::app;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("Help: every line fits into 100 columns") {
    for (const auto& line : lines_of(help_text())) {
        INFO(line);
        CHECK(line.size() <= 100);
    }
}

TEST_CASE("Help: every option has one line with its default") {
    const auto lines = lines_of(help_text());
    for (const OptionGroup& group : option_table()) {
        for (const Option& option : group.options) {
            INFO(option.name);
            std::size_t found = 0;
            for (const auto& line : lines) {
                if (line.rfind("  " + option.flag() + " ", 0) != 0) continue;
                ++found;
                CHECK(line.find(option.help) != std::string::npos);
                if (option.default_text.empty()) continue;
                CHECK(line.find(" [" + option.default_text + "]") != std::string::npos);
            }
            CHECK(found == 1);
        }
    }
}

TEST_CASE("Help: defaults are in the units of people") {
    const std::string text = help_text();
    for (const auto* shown : {"[256KiB]", "[1MiB]", "[30s]", "[65s]", "[100000]", "[3000]"}) {
        INFO(shown);
        CHECK(text.find(shown) != std::string::npos);
    }
}

TEST_CASE("README: its option list is what the option table makes") {
    std::ifstream file(VIDEOCHAT_README);
    REQUIRE(file.is_open());
    std::ostringstream readme;
    readme << file.rdbuf();
    const std::string text = readme.str();
    const std::string begin = "<!-- options -->\n";
    const auto from = text.find(begin);
    const auto to = text.find("<!-- /options -->");
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const std::string listed = text.substr(from + begin.size(), to - from - begin.size());
    INFO("Put the output of videochat-server --help-markdown between the markers.");
    CHECK(listed == help_markdown());
}
