// Peers' data in log lines and error messages.
#include "protocol/quoted_text.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat::protocol;

TEST_CASE("quoted: plain text and other alphabets stay readable") {
    CHECK(quoted("") == "\"\"");
    CHECK(quoted("a room") == "\"a room\"");
    CHECK(quoted("комната 🎥") == "\"комната 🎥\"");
}

TEST_CASE("quoted: quotes, backslashes and control characters are escaped") {
    CHECK(quoted("say \"hi\"") == R"("say \"hi\"")");
    CHECK(quoted("a\\b") == R"("a\\b")");
    CHECK(quoted("one\r\ntwo\tthree") == R"("one\r\ntwo\tthree")");
    CHECK(quoted("\x1b[31m\x7f") == R"("\x1b[31m\x7f")");
    CHECK(quoted(std::string("a\0b", 3)) == R"("a\x00b")");
    CHECK(quoted("\u009b31m") == R"("\x9b31m")");
}

TEST_CASE("quoted: bytes that are not UTF-8 are shown as numbers") {
    CHECK(quoted("\xff\xc3") == R"("\xff\xc3")");
    CHECK(quoted("\xed\xa0\x80") == R"("\xed\xa0\x80")");
}

TEST_CASE("quoted: long text is cut at 200 bytes, between characters") {
    CHECK(quoted(std::string(200, 'a')) == "\"" + std::string(200, 'a') + "\"");
    CHECK(quoted(std::string(201, 'a')) == "\"" + std::string(200, 'a') + "...\"");
    CHECK(quoted(std::string(199, 'a') + "é") == "\"" + std::string(199, 'a') + "...\"");
    CHECK(quoted(std::string(1'000'000, '\n')).size() == 2 + 400 + 3);
}

TEST_CASE("escaped: keeps quotes but not lines") {
    CHECK(escaped("room \"a\"\n\xff") == R"(room "a"\n\xff)");
    CHECK(escaped("abcdef", 3) == "abc...");
}

TEST_CASE("quoted_json: is a JSON string whatever comes in") {
    CHECK(quoted_json("say \"hi\"\\\n") == R"("say \"hi\"\\\n")");
    CHECK(quoted_json("\x01\x7f") == R"("\u0001\u007f")");
    CHECK(quoted_json("\u0085") == R"("\u0085")");
    CHECK(quoted_json("a\xff"
                      "b") == R"("a\ufffdb")");
    CHECK(quoted_json("комната") == "\"комната\"");
    CHECK(quoted_json(std::string(201, 'a')) == "\"" + std::string(200, 'a') + "...\"");
}
