// The vectors of RFC 4648 section 10, every byte, and what is no base64.
#include "protocol/base64.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::protocol;
using namespace std::string_literals;

TEST_CASE("base64 agrees with the vectors of RFC 4648") {
    const std::vector<std::pair<std::string, std::string>> vectors = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\x04\x01\x02", "BAEC"},
        {"\xfb\xff\xbf", "+/+/"},
        {"\0\xff\x04"s, "AP8E"},
    };
    for (const auto& [bytes, text] : vectors) {
        CAPTURE(text);
        CHECK(base64_encode(bytes) == text);
        CHECK(base64_size(bytes.size()) == text.size());
        CHECK(base64_decode(text) == bytes);
        CHECK(base64_decode(text.substr(0, text.find('='))) == bytes);
    }
}

TEST_CASE("base64 is appended to what is there") {
    std::string out = "b4";
    append_base64(out, "fooba");
    CHECK(out == "b4Zm9vYmE=");
}

TEST_CASE("every byte survives base64 at every position of a group") {
    for (std::size_t before = 0; before < 3; ++before) {
        for (int value = 0; value < 256; ++value) {
            const std::string bytes = std::string(before, 'x') + static_cast<char>(value);
            REQUIRE(base64_decode(base64_encode(bytes)) == bytes);
        }
    }
}

TEST_CASE("bits beyond the last byte of base64 do not matter") {
    CHECK(base64_decode("Zh==") == "f");
    CHECK(base64_decode("Zm9=") == "fo");
}

TEST_CASE("a byte that is no base64 digit is refused wherever it stands") {
    for (std::size_t at = 0; at < 7; ++at) {
        for (const char c : {'-', '_', ' ', '\n', '=', '\0', '\x80', '\xff', '@', '[', '`', '{'}) {
            std::string text = "Zm9vYmF";
            text[at] = c;
            CAPTURE(text);
            CHECK_FALSE(base64_decode(text));
        }
    }
}

TEST_CASE("a length that no bytes have and wrong padding are refused") {
    for (const char* text : {"Z", "Zm9vY", "Z===", "Zg=", "Zm8==", "Zm9v=", "Zm9v==", "Zm9v====",
                             "=", "==", "====", "Zg==Zg==", "=Zg="}) {
        CAPTURE(text);
        CHECK_FALSE(base64_decode(text));
    }
}
