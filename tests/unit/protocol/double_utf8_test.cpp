// What looks encoded twice here is what engine.io-parser 1.3.2, the parser of socket.io 1.7, posts.
#include "protocol/double_utf8.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

std::optional<std::string> peel(std::string_view text, Utf8Layers layers = Utf8Layers::Unknown) {
    return peel_utf8(text, layers);
}

Utf8Layers learned(std::string_view text, Utf8Layers layers = Utf8Layers::Unknown) {
    peel_utf8(text, layers);
    return layers;
}

}  // namespace

TEST_CASE("text of a 1.x client is decoded once more") {
    const std::vector<std::pair<std::string, std::string>> posted = {
        {"2[\"m\",\"\303\203\302\251\"]", "2[\"m\",\"é\"]"},
        {"2[\"m\",\"\303\242\302\202\302\254\"]", "2[\"m\",\"€\"]"},
        {"2[\"m\",\"\303\260\302\237\302\230\302\200\"]", "2[\"m\",\"😀\"]"},
        {"2[\"m\",\"\303\203\302\203\303\202\302\251\"]", "2[\"m\",\"Ã©\"]"},
        {"\303\246\302\227\302\245\303\246\302\234\302\254\303\250\302\252\302\236", "日本語"},
        {"\303\202\302\200", "\u0080"},
        {"\303\264\302\217\302\277\302\277", "\U0010ffff"},
    };
    for (const auto& [text, inner] : posted) {
        CAPTURE(inner);
        CHECK(peel(text) == inner);
        CHECK(learned(text) == Utf8Layers::Two);
    }
}

TEST_CASE("a lone surrogate of a 1.x client becomes a replacement character") {
    CHECK(peel("2[\"m\",\"\303\255\302\240\302\200\"]") == "2[\"m\",\"\ufffd\"]");
    CHECK(peel("2[\"m\",\"a\303\255\302\260\302\200b\"]") == "2[\"m\",\"a\ufffdb\"]");
    CHECK(peel("x\303\260\302\237\302\230\302\200\303\255\302\240\302\200") == "x😀\ufffd");
    CHECK(learned("\303\255\302\240\302\200") == Utf8Layers::Two);
    CHECK_FALSE(peel("\303\255\302\240"));  // cut off
    CHECK_FALSE(peel("\303\255\302\240x"));
    CHECK_FALSE(peel("\303\255\303\200\302\200"));
}

TEST_CASE("plain text says nothing about the layers of UTF-8") {
    for (const auto layers : {Utf8Layers::Unknown, Utf8Layers::One, Utf8Layers::Two}) {
        CHECK_FALSE(peel("", layers));
        CHECK_FALSE(peel("2[\"m\",\"plain \\u00e9\"]", layers));
        CHECK(learned("2[\"m\",\"plain\"]", layers) == layers);
    }
}

TEST_CASE("a character above U+00FF shows that text is encoded once") {
    for (const char* text : {"€", "é€", "\303\203\302\251€", "Ā", "😀", "日本語"}) {
        CAPTURE(text);
        CHECK_FALSE(peel(text));
        CHECK(learned(text) == Utf8Layers::One);
    }
}

TEST_CASE("characters that are no UTF-8 show that text is encoded once") {
    for (const char* text : {"é", "2[\"m\",\"héllo\"]", "ÿ", "Ã", "Ãa", "\u0080", "Ã©é", "éÃ©",
                             "À\u0080", "à\u0080\u0080", "ô\u0090\u0080\u0080"}) {
        CAPTURE(text);
        CHECK_FALSE(peel(text));
        CHECK(learned(text) == Utf8Layers::One);
    }
}

TEST_CASE("what a client has shown decides for all its later text") {
    CHECK_FALSE(peel("Ã©", Utf8Layers::One));
    CHECK(learned("Ã©", Utf8Layers::One) == Utf8Layers::One);
    CHECK(peel("Ã©", Utf8Layers::Two) == "é");
    CHECK_FALSE(peel("€", Utf8Layers::Two));
    CHECK(learned("€", Utf8Layers::Two) == Utf8Layers::Two);

    Utf8Layers layers = Utf8Layers::Unknown;
    CHECK_FALSE(peel_utf8("plain", layers));
    CHECK(peel_utf8("Ã©", layers) == "é");
    CHECK_FALSE(peel_utf8("é", layers));
    CHECK(peel_utf8("Ã©", layers) == "é");
}
