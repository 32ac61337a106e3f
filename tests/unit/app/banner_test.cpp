// Start-up output: the links of every way to listen, the QR code, the JSON line.
#include "app/banner.hpp"

#include <qrencode.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;
using protocol::IpAddress;

namespace {

using Strings = std::vector<std::string>;

const std::vector<IpAddress> kLan{IpAddress::parse("192.168.1.10").value(),
                                  IpAddress::parse("fd00::10").value()};

ListenConfig listen_on(const std::string& host, const std::string& base_path = "") {
    ListenConfig listen;
    listen.host = host;
    listen.base_path = base_path;
    return listen;
}

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

TEST_CASE("Links: on every address localhost comes first, then the network") {
    const Strings all{"http://localhost:3000/", "http://192.168.1.10:3000/",
                      "http://[fd00::10]:3000/"};
    CHECK(urls(listen_on(""), 3000, kLan) == all);
    CHECK(urls(listen_on("::"), 3000, kLan) == all);
}

TEST_CASE("Links: on every IPv4 address there is no IPv6 link") {
    CHECK(urls(listen_on("0.0.0.0"), 3000, kLan) ==
          Strings{"http://localhost:3000/", "http://192.168.1.10:3000/"});
}

TEST_CASE("Links: bound to one address there is that link alone") {
    CHECK(urls(listen_on("192.168.1.10"), 3000, kLan) == Strings{"http://192.168.1.10:3000/"});
    CHECK(urls(listen_on("2001:db8::1"), 3000, kLan) == Strings{"http://[2001:db8::1]:3000/"});
}

TEST_CASE("Links: bound to loopback nobody else is invited") {
    CHECK(urls(listen_on("127.0.0.1"), 3000, kLan) == Strings{"http://localhost:3000/"});
    CHECK(urls(listen_on("::1"), 3000, kLan) == Strings{"http://localhost:3000/"});
    CHECK(urls(listen_on("127.0.0.5"), 3000, kLan) == Strings{"http://127.0.0.5:3000/"});
}

TEST_CASE("Links: hold the base path and leave the usual port away") {
    CHECK(urls(listen_on("", "/chat"), 8080, {}) == Strings{"http://localhost:8080/chat/"});
    CHECK(urls(listen_on(""), 80, {}) == Strings{"http://localhost/"});
}

TEST_CASE("Banner: says the links and what browsers ask for on network ones") {
    const std::string text = banner(listen_on(""), 3000, kLan, false);
    CHECK(has(text, "videochat-server 0.1.0"));
    CHECK(has(text, "On this computer:  http://localhost:3000/\n"));
    CHECK(has(text, "On your network:   http://192.168.1.10:3000/\n"));
    CHECK(has(text, " http://[fd00::10]:3000/\n"));
    CHECK(has(text, "only to localhost or https pages"));
    CHECK(text.back() == '\n');
}

TEST_CASE("Banner: without a terminal there are no colours and no code") {
    const std::string text = banner(listen_on(""), 3000, kLan, false);
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "\u2588"));
}

TEST_CASE("Banner: on loopback or without a network there is no code either") {
    for (const std::string& text : {banner(listen_on("127.0.0.1"), 3000, kLan, true),
                                    banner(listen_on(""), 3000, {}, true)}) {
        CHECK(has(text, "http://localhost:3000/"));
        CHECK_FALSE(has(text, "network"));
        CHECK_FALSE(has(text, "\x1b"));
    }
}

TEST_CASE("Banner: the code is that of the best network link, with its quiet zone") {
    constexpr int kQuiet = 4;
    const auto rows = modules_of(banner(listen_on("", "/chat"), 3000, kLan, true));
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit("http://192.168.1.10:3000/chat/", 0, QR_ECLEVEL_L), &QRcode_free);
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
    const std::string text = banner_json(listen_on("", "/chat"), 40123, kLan);
    CHECK(text.find('\n') == text.size() - 1);
    const auto line = nlohmann::json::parse(text);
    CHECK(line.at("event") == "listening");
    CHECK(line.at("port") == 40123);
    CHECK(line.at("urls") == nlohmann::json{"http://localhost:40123/chat/",
                                            "http://192.168.1.10:40123/chat/",
                                            "http://[fd00::10]:40123/chat/"});
    CHECK(line.at("version") == "0.1.0");
    CHECK(line.size() == 4);
}
