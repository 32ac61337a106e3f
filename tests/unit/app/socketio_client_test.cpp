// app/socketio_client: which script pages get for /socket.io/socket.io.js, and what stands before
// it.
#include "app/socketio_client.hpp"

#include <sys/stat.h>

#include <string>

#include "app/embedded_scripts.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using app::SocketIoClient;
using test::TempFolder;

namespace {

std::string embedded(std::string_view path) {
    for (const auto& file : app::embedded_scripts()) {
        if (file.path == path) return std::string(file.bytes);
    }
    FAIL("not in the binary: " << path);
    return {};
}

std::string body_of(SocketIoClient& client) {
    return std::string(client.answer(http::Request{}).body.view());
}

bool has_field(const http::Response& response, const std::string& line) {
    return response.fields.view().find(line + "\r\n") != std::string_view::npos;
}

std::string refusal_of(const std::string& file) {
    try {
        const SocketIoClient client({.client = file});
        return {};
    } catch (const std::runtime_error& problem) {
        return problem.what();
    }
}

}  // namespace

TEST_CASE("Socket.IO client: our own script is served as it is, and is under 4 KB") {
    SocketIoClient client({});
    CHECK(body_of(client) == embedded("/socket.io.js"));
    CHECK(body_of(client).size() > 1000);
    CHECK(body_of(client).size() < 4096);
}

TEST_CASE("Socket.IO client: its header fields are those of Node's server") {
    SocketIoClient client({});
    const auto response = client.answer({});
    CHECK(response.status == 200);
    CHECK(has_field(response, "Content-Type: application/javascript; charset=utf-8"));
    CHECK(has_field(response, "Cache-Control: public, max-age=0"));
    CHECK(response.fields.view().find("ETag: \"") != std::string_view::npos);
    http::Request head;
    head.method = http::Method::Head;
    CHECK(client.answer(head).no_body);
}

TEST_CASE("Socket.IO client: who has it already gets 304") {
    SocketIoClient client({});
    const auto fields = std::string(client.answer({}).fields.view());
    const auto begin = fields.find("ETag: ") + 6;
    const auto etag = fields.substr(begin, fields.find("\r\n", begin) - begin);
    http::Request conditional;
    conditional.if_none_match = etag;
    const auto again = client.answer(conditional);
    CHECK(again.status == 304);
    CHECK(has_field(again, "Cache-Control: public, max-age=0"));
    conditional.if_none_match = "\"another\"";
    CHECK(client.answer(conditional).status == 200);
}

TEST_CASE("Socket.IO client: --legacy-webrtc puts its part in front, with a tag of its own") {
    SocketIoClient client({.client = "", .legacy_webrtc = true});
    CHECK(body_of(client) == embedded("/legacy-webrtc.js") + embedded("/socket.io.js"));
    SocketIoClient plain({});
    CHECK(client.answer({}).fields.view() != plain.answer({}).fields.view());
}

TEST_CASE("Socket.IO client: a file takes the place of the script, not of what stands in front") {
    const TempFolder temp;
    temp.write("bundle.js", "bundle();\n");
    SocketIoClient client({.client = temp.file("bundle.js")});
    CHECK(body_of(client) == "bundle();\n");
    CHECK(has_field(client.answer({}), "Content-Type: application/javascript; charset=utf-8"));
    SocketIoClient legacy({.client = temp.file("bundle.js"), .legacy_webrtc = true});
    CHECK(body_of(legacy) == embedded("/legacy-webrtc.js") + "bundle();\n");
}

TEST_CASE("Socket.IO client: a file that changes is read again; one that goes away is remembered") {
    const TempFolder temp;
    temp.write("bundle.js", "one");
    temp.set_time("bundle.js", 1'000'000'000);
    SocketIoClient client({.client = temp.file("bundle.js")});
    CHECK(has_field(client.answer({}), "Last-Modified: Sun, 09 Sep 2001 01:46:40 GMT"));
    temp.write("bundle.js", "two");  // of the same size
    temp.set_time("bundle.js", 1'000'000'001);
    CHECK(body_of(client) == "two");
    std::filesystem::remove(temp.file("bundle.js"));
    CHECK(body_of(client) == "two");
    temp.write("bundle.js", "three");
    CHECK(body_of(client) == "three");
}

TEST_CASE("Socket.IO client: what cannot be read is named") {
    const TempFolder temp;
    for (const std::string& file : {temp.file("missing.js"), temp.path()}) {
        INFO(file);
        CHECK(refusal_of(file).find(file) != std::string::npos);
    }
    REQUIRE(::mkfifo(temp.file("pipe").c_str(), 0600) == 0);
    CHECK(refusal_of(temp.file("pipe")).find("it is not a file") != std::string::npos);
    temp.write("large.js", "");
    std::filesystem::resize_file(temp.file("large.js"), 17 * kMiB);
    CHECK(refusal_of(temp.file("large.js")).find("it is too large") != std::string::npos);
}
