// Start-up output: the words, the QR code, the JSON line.
#include "app/banner.hpp"

#include <qrencode.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "presences.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;
using namespace videochat::test;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// The modules of the code as they were drawn: one row of '#' and ' ' for each half of a line.
Strings modules_of(const std::string& text) {
    const std::string begin = "\x1b[38;5;16;48;5;231m";
    const std::string end = "\x1b[0m";
    Strings rows;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        const auto from = line.find(begin);
        if (from == std::string::npos) continue;
        std::string blocks = line.substr(from + begin.size());
        REQUIRE(blocks.size() > end.size());
        REQUIRE(blocks.substr(blocks.size() - end.size()) == end);
        blocks.resize(blocks.size() - end.size());
        std::string upper;
        std::string lower;
        for (std::size_t at = 0; at < blocks.size();) {
            const std::string block = blocks[at] == ' ' ? " " : blocks.substr(at, 3);
            at += block.size();
            upper += block == "\u2580" || block == "\u2588" ? '#' : ' ';
            lower += block == "\u2584" || block == "\u2588" ? '#' : ' ';
        }
        rows.push_back(upper);
        rows.push_back(lower);
    }
    return rows;
}

}  // namespace

TEST_CASE("Banner: without TLS it says what browsers ask for on network links") {
    const std::string text = banner(plain(""), false);
    CHECK(has(text, "videochat-server 0.1.0"));
    CHECK(has(text, "On this computer:  http://localhost:3000/\n"));
    CHECK(has(text, "On your network:   http://192.168.1.10:3000/\n"));
    CHECK(has(text, " http://[fd00::10]:3000/\n"));
    CHECK(has(text, "need a proxy with https"));
    CHECK_FALSE(has(text, "SHA-256"));
    CHECK(text.back() == '\n');
}

TEST_CASE("Banner: with a CA of its own https comes first, and what to compare is said") {
    const std::string text = banner(secure({"192.168.1.10"}), false);
    CHECK(has(text, "On your network:   https://192.168.1.10:3000/\n"));
    CHECK(has(text, "On this computer:  http://localhost:3000/\n"));
    CHECK(text.find("https://") < text.find("localhost"));
    CHECK(has(text, "Certificate (SHA-256):  AB:CD\n"));
    CHECK(has(text, "Its CA (SHA-256):       01:23\n"));
    CHECK(has(text, "warn once"));
    CHECK_FALSE(has(text, "proxy"));
}

TEST_CASE("Banner: with real certificates there is no warning and no CA") {
    const std::string text = banner(real({"chat.example.org"}), false);
    CHECK(has(text, "On your network:   https://chat.example.org:3000/\n"));
    CHECK(has(text, "Certificate (SHA-256):  AB:CD\n"));
    CHECK_FALSE(has(text, "CA (SHA-256)"));
    CHECK_FALSE(has(text, "warn"));
    CHECK_FALSE(has(text, "proxy"));
}

TEST_CASE("Banner: without a terminal there are no colours and no code") {
    const std::string text = banner(secure({"192.168.1.10"}), false);
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "\u2588"));
}

TEST_CASE("Banner: on loopback or without a network there is no code either") {
    for (const std::string& text :
         {banner(plain("127.0.0.1"), true), banner(with_lan(plain(""), {}), true),
          banner(with_lan(secure({"localhost"}), {}), true)}) {
        CHECK(has(text, "http://localhost:3000/"));
        CHECK_FALSE(has(text, "network"));
        CHECK_FALSE(has(text, "\x1b"));
    }
    CHECK(has(banner(secure({"localhost"}, "127.0.0.1"), true), "(SHA-256):  AB:CD\n"));
}

TEST_CASE("Banner: the code is that of the best network link, with its quiet zone") {
    constexpr int kQuiet = 4;
    Presence presence = secure({"192.168.1.10"});
    presence.listen.base_path = "/chat";
    const auto rows = modules_of(banner(presence, true));
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit("https://192.168.1.10:3000/chat/", 0, QR_ECLEVEL_L), &QRcode_free);
    REQUIRE(code);
    const int width = code->width + 2 * kQuiet;
    REQUIRE(static_cast<int>(rows.size()) >= width);
    for (int y = 0; y < static_cast<int>(rows.size()); ++y) {
        const std::string& row = rows[static_cast<std::size_t>(y)];
        REQUIRE(static_cast<int>(row.size()) == width);
        for (int x = 0; x < width; ++x) {
            const int column = x - kQuiet;
            const int line = y - kQuiet;
            const bool is_inside =
                column >= 0 && line >= 0 && column < code->width && line < code->width;
            const bool is_dark = is_inside && (code->data[line * code->width + column] & 1U) != 0;
            if ((row[static_cast<std::size_t>(x)] == '#') != is_dark)
                FAIL("module " << x << "," << y);
        }
    }
}

TEST_CASE("Banner: as JSON it is one object on one line") {
    const std::string text = banner_json(with_port(plain("", "/chat"), 40123));
    CHECK(text.find('\n') == text.size() - 1);
    const auto line = nlohmann::json::parse(text);
    CHECK(line.at("event") == "listening");
    CHECK(line.at("port") == 40123);
    CHECK(line.at("urls") == nlohmann::json{"http://192.168.1.10:40123/chat/",
                                            "http://[fd00::10]:40123/chat/",
                                            "http://localhost:40123/chat/"});
    CHECK(line.at("version") == "0.1.0");
    CHECK(line.size() == 4);
}

TEST_CASE("Banner: as JSON it has the fingerprints too") {
    const auto own = nlohmann::json::parse(banner_json(secure({"192.168.1.10"})));
    CHECK(own.at("urls") == nlohmann::json{"https://192.168.1.10:3000/", "http://[fd00::10]:3000/",
                                           "http://localhost:3000/"});
    CHECK(own.at("leaf") == nlohmann::json{{"sha256", "AB:CD"}});
    CHECK(own.at("ca") == nlohmann::json{{"sha256", "01:23"}});
    const auto trusted = nlohmann::json::parse(banner_json(real({"chat.example.org"})));
    CHECK(trusted.at("leaf").at("sha256") == "AB:CD");
    CHECK(trusted.at("ca").is_null());
}
