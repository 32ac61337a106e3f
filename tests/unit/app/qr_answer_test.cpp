// app/qr_answer: whose addresses are drawn, and that the drawing is the code.
#include "app/qr_answer.hpp"

#include <qrencode.h>

#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "http/request_head.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;

namespace {

constexpr int kQuiet = 4;

http::Response ask(const std::string& query, std::string_view host = "192.168.1.5:3000",
                   const std::vector<std::string>& names = {"fd00::5", "chat.lan"}) {
    http::RequestHead head;
    head.fields.push_back({"Host", host});
    http::Request request;
    request.query = query;
    request.head = &head;
    return qr_answer(request, names, {"http://10.0.0.5:3000/call"});
}

unsigned status_of(const std::string& url) { return ask("text=" + url).status; }

/// The dark modules of a drawing, row by row.
std::vector<std::string> rows_of(const std::string& svg) {
    std::smatch view;
    const std::regex box("viewBox=\"0 0 (\\d+) (\\d+)\"");
    REQUIRE(std::regex_search(svg, view, box));
    const std::size_t side = std::stoul(view[1]);
    REQUIRE(view[1] == view[2]);
    std::vector<std::string> rows(side, std::string(side, ' '));
    const std::regex bar(R"(M(\d+) (\d+)h(\d+)v1h-(\d+)z)");
    for (std::sregex_iterator at(svg.begin(), svg.end(), bar); at != std::sregex_iterator(); ++at) {
        REQUIRE((*at)[3] == (*at)[4]);
        rows.at(std::stoul((*at)[2]))
            .replace(std::stoul((*at)[1]), std::stoul((*at)[3]),
                     std::string(std::stoul((*at)[3]), '#'));
    }
    return rows;
}

}  // namespace

TEST_CASE("an address of ours is drawn as its code, with the quiet zone") {
    const http::Response response = ask("text=https%3A%2F%2F192.168.1.5%3A3000%2F%3Froom%3Da");
    REQUIRE(response.status == 200);
    CHECK(response.fields.view() == "Content-Type: image/svg+xml\r\nCache-Control: no-store\r\n");
    CHECK(response.content_length == response.body.size());
    const auto rows = rows_of(std::string(response.body.view()));
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit("https://192.168.1.5:3000/?room=a", 0, QR_ECLEVEL_L), &QRcode_free);
    REQUIRE(code);
    REQUIRE(static_cast<int>(rows.size()) == code->width + 2 * kQuiet);
    std::vector<std::string> expected(rows.size(), std::string(rows.size(), ' '));
    for (int i = 0; i < code->width * code->width; ++i) {
        if ((code->data[i] & 1U) == 0) continue;
        expected[static_cast<std::size_t>(i / code->width + kQuiet)]
                [static_cast<std::size_t>(i % code->width + kQuiet)] = '#';
    }
    CHECK(rows == expected);
}

TEST_CASE("only the host of the request and the names of the certificate and of links are ours") {
    for (const char* url :
         {"http://192.168.1.5:3000/", "https://192.168.1.5/", "https://192.168.1.5",
          "HTTPS://192.168.1.5:3443/x%3Fy", "https://[fd00::5]:3000/", "https://[FD00:0::5]/",
          "https://CHAT.lan:3000/%23a", "http://10.0.0.5:3000/call/"}) {
        CAPTURE(url);
        CHECK(status_of(url) == 200);
    }
    for (const char* url :
         {"https://evil.example/", "https://192.168.1.50/", "https://192.168.1.5.evil.example/",
          "https://evil.example/192.168.1.5", "https://evil.example%3F@192.168.1.5/",
          "https://evil.example%23192.168.1.5", "https://[fd00::6]/", "https://lan/",
          "http://10.0.0.50/"}) {
        CAPTURE(url);
        CHECK(status_of(url) == 404);
    }
}

TEST_CASE("what is no URL of the web is refused") {
    for (const char* url : {"",
                            "hello",
                            "javascript://192.168.1.5/",
                            "ftp://192.168.1.5/",
                            "//192.168.1.5/",
                            "https:192.168.1.5",
                            "https://",
                            "https:///x",
                            "https://user@192.168.1.5/",
                            "https://192.168.1.5:0/",
                            "https://192.168.1.5:x/",
                            "https://192.168.1.5%5C@evil/",
                            "https://192.168.1.5/%5C",
                            "https://192.168.1.5/%20",
                            "https://192.168.1.5/%0A",
                            "https://192.168.1.5/%C3%A9",
                            "https://192.168.1.5/%7F",
                            "https://192.168.1.5/%00",
                            "https://[fe80::1%25eth0]/",
                            "%zz"}) {
        CAPTURE(url);
        CHECK(status_of(url) == 400);
    }
    CHECK(ask("").status == 400);
    CHECK(ask("text=https://192.168.1.5/&text=https://192.168.1.5/").status == 400);
}

TEST_CASE("a URL has 512 bytes at most") {
    const std::string start = "https://192.168.1.5/";
    CHECK(status_of(start + std::string(512 - start.size(), 'a')) == 200);
    CHECK(status_of(start + std::string(513 - start.size(), 'a')) == 400);
}

TEST_CASE("without a host and names nothing is ours") {
    http::Request request;
    request.query = "text=https://192.168.1.5/";
    CHECK(qr_answer(request, {}, {}).status == 404);
    CHECK(ask("text=https://192.168.1.5/", "localhost:3000", {}).status == 404);
}
