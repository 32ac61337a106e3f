// http/served_file: tags and variants, and the lines that announce them.
#include "http/served_file.hpp"

#include <zlib.h>

#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::http;

namespace {

std::shared_ptr<const ServedFile> serve(std::string_view path, const std::string& bytes) {
    return make_served_file(path, core::Frame::copy_of(bytes), 784'111'777);
}

std::string unzip(std::string_view bytes, std::size_t size) {
    std::string plain(size + 1, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

}  // namespace

TEST_CASE("A file announces its type, validators and policy") {
    const auto file = serve("/a.html", "<p>short</p>");
    CHECK(file->plain.fields.view() ==
          "Content-Type: text/html; charset=utf-8\r\nAccept-Ranges: bytes\r\nETag: " +
              file->plain.etag +
              "\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nCache-Control: no-cache\r\n");
    CHECK(file->plain.unchanged_fields.view() ==
          "ETag: " + file->plain.etag +
              "\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nCache-Control: no-cache\r\n");
    CHECK(file->plain.body.view() == "<p>short</p>");
    CHECK(file->plain.size == 12);
    CHECK_FALSE(file->is_streamed());
}

TEST_CASE("The tag is strong and follows the content, not the name or the time") {
    const auto tag = [](std::string_view path, const std::string& bytes, std::int64_t time) {
        return make_served_file(path, core::Frame::copy_of(bytes), time)->plain.etag;
    };
    CHECK(tag("/a", "x", 1) == tag("/b", "x", 2));
    CHECK(tag("/a", "x", 1) != tag("/a", "y", 1));
    CHECK(tag("/a", "", 1) == R"("e3b0c44298fc1c149afbf4c8996fb924")");  // SHA-256 of nothing
}

TEST_CASE("Text that gets smaller has a gzip variant with a tag of its own") {
    const std::string text(5000, 'x');
    const auto file = serve("/a.js", text);
    REQUIRE(file->gzip);
    CHECK(file->gzip->size < 100);
    CHECK(file->gzip->size == file->gzip->body.size());
    CHECK(unzip(file->gzip->body.view(), text.size()) == text);
    CHECK(file->gzip->etag != file->plain.etag);
    CHECK(file->gzip->etag.front() == '"');
    const std::string fields(file->gzip->fields.view());
    CHECK(fields.find("Content-Encoding: gzip\r\n") != std::string::npos);
    CHECK(fields.find("ETag: " + file->gzip->etag + "\r\n") != std::string::npos);
    CHECK(fields.find("Accept-Ranges") == std::string::npos);
}

TEST_CASE("Both forms of a file that has two vary, also in a 304") {
    const auto file = serve("/a.js", std::string(5000, 'x'));
    REQUIRE(file->gzip);
    for (const auto& frame : {file->plain.fields, file->plain.unchanged_fields, file->gzip->fields,
                              file->gzip->unchanged_fields}) {
        CHECK(frame.view().find("Vary: Accept-Encoding\r\n") != std::string_view::npos);
    }
}

TEST_CASE("What gzip would not help has one form and does not vary") {
    std::string noise;
    unsigned state = 1;
    for (int i = 0; i < 1000; ++i) {
        state = state * 1664525U + 1013904223U;
        noise += static_cast<char>(state >> 24U);
    }
    for (const auto& file : {serve("/a.txt", std::string(255, 'x')), serve("/a.txt", noise),
                             serve("/a.png", std::string(5000, 'x')), serve("/a.txt", "")}) {
        CHECK_FALSE(file->gzip);
        CHECK(file->plain.fields.view().find("Vary") == std::string_view::npos);
    }
    CHECK(serve("/a.txt", std::string(256, 'x'))->gzip);
}
