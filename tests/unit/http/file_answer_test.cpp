// http/file_answer: conditions, ranges and codings, and which of them goes first.
#include "http/file_answer.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::http;

namespace {

constexpr std::int64_t kModified = 784'111'777;
constexpr std::int64_t kNow = 1'767'225'600;
constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

std::shared_ptr<const ServedFile> short_file() {
    return make_served_file("/a.txt", core::Frame::copy_of("0123456789"), kModified);
}

std::shared_ptr<const ServedFile> long_file() {
    return make_served_file("/a.txt", core::Frame::copy_of(std::string(5000, 'x')), kModified);
}

Response get(const std::shared_ptr<const ServedFile>& file, const Request& request = {}) {
    return answer_file(file, request, kNow);
}

Request head_request() {
    Request request;
    request.method = Method::Head;
    return request;
}

}  // namespace

TEST_CASE("A file is answered whole, with its prepared lines") {
    const auto file = short_file();
    const Response response = get(file);
    CHECK(response.status == 200);
    CHECK(response.body.view() == "0123456789");
    CHECK(response.body.data() == file->plain.body.data());
    CHECK(response.fields.data() == file->plain.fields.data());
    CHECK(response.extra_fields.empty());
    CHECK(response.content_length == 10);
    CHECK_FALSE(response.no_body);
    CHECK_FALSE(response.close);
}

TEST_CASE("HEAD has the lines and the length of GET and no body") {
    const auto file = long_file();
    Request request = head_request();
    request.accept_encoding = "gzip";
    const Response response = get(file, request);
    CHECK(response.status == 200);
    CHECK(response.no_body);
    CHECK(response.body.empty());
    CHECK(response.content_length == file->gzip->size);
    CHECK(response.fields.data() == file->gzip->fields.data());
}

TEST_CASE("Gzip goes to those who want it") {
    const auto file = long_file();
    Request request;
    CHECK(get(file, request).body.data() == file->plain.body.data());
    request.accept_encoding = "gzip";
    CHECK(get(file, request).body.data() == file->gzip->body.data());
    request.accept_encoding = "gzip;q=0";
    CHECK(get(file, request).body.data() == file->plain.body.data());
}

TEST_CASE("A known tag gets 304 without a body, with the tag") {
    const auto file = short_file();
    Request request;
    for (const std::string& tags : {file->plain.etag, "W/" + file->plain.etag,
                                    "\"x\", " + file->plain.etag, std::string("*")}) {
        request.if_none_match = tags;
        const Response response = get(file, request);
        CHECK(response.status == 304);
        CHECK(response.no_body);
        CHECK(response.body.empty());
        CHECK(response.fields.view().find("ETag: " + file->plain.etag) == 0);
    }
    request.if_none_match = "\"x\"";
    CHECK(get(file, request).status == 200);
}

TEST_CASE("The tag is that of the form that would be sent") {
    const auto file = long_file();
    Request request;
    request.accept_encoding = "gzip";
    request.if_none_match = file->plain.etag;
    CHECK(get(file, request).status == 200);
    request.if_none_match = file->gzip->etag;
    CHECK(get(file, request).status == 304);
    request.accept_encoding = "";
    CHECK(get(file, request).status == 200);
}

TEST_CASE("If-Modified-Since counts by the second and only without If-None-Match") {
    const auto file = short_file();
    Request request;
    request.if_modified_since = kDate;
    CHECK(get(file, request).status == 304);
    request.if_modified_since = "Sun, 06 Nov 1994 08:49:36 GMT";
    CHECK(get(file, request).status == 200);
    request.if_modified_since = "Sun, 06 Nov 1994 08:49:38 GMT";
    CHECK(get(file, request).status == 304);
    request.if_modified_since = "yesterday";
    CHECK(get(file, request).status == 200);
    request.if_modified_since = kDate;
    request.if_none_match = "\"x\"";
    CHECK(get(file, request).status == 200);
}

TEST_CASE("One range gets 206 with the place of its bytes") {
    const auto file = short_file();
    Request request;
    request.range = "bytes=2-4";
    const Response response = get(file, request);
    CHECK(response.status == 206);
    CHECK(response.body.view() == "234");
    CHECK(response.content_length == 3);
    CHECK(response.extra_fields == "Content-Range: bytes 2-4/10\r\n");
    CHECK(response.fields.data() == file->plain.fields.data());
    request.range = "bytes=-3";
    CHECK(get(file, request).body.view() == "789");
    request.range = "bytes=8-99";
    CHECK(get(file, request).extra_fields == "Content-Range: bytes 8-9/10\r\n");
}

TEST_CASE("A range behind the end gets 416 with the size") {
    Request request;
    request.range = "bytes=10-";
    const Response response = get(short_file(), request);
    CHECK(response.status == 416);
    CHECK(response.extra_fields == "Content-Range: bytes */10\r\n");
    CHECK(response.content_length == response.body.size());
}

TEST_CASE("Several ranges, nonsense and HEAD get the whole file") {
    const auto file = short_file();
    Request request;
    for (const char* range : {"bytes=0-1,3-4", "bytes=x", "lines=1-2", "bytes=4-2"}) {
        request.range = range;
        CHECK(get(file, request).status == 200);
    }
    Request head = head_request();
    head.range = "bytes=0-1";
    CHECK(get(file, head).status == 200);
    CHECK(get(file, head).content_length == 10);
}

TEST_CASE("A range is one of the plain bytes, whatever else is accepted") {
    const auto file = long_file();
    Request request;
    request.accept_encoding = "gzip";
    request.range = "bytes=0-9";
    const Response response = get(file, request);
    CHECK(response.status == 206);
    CHECK(response.body.view() == "xxxxxxxxxx");
    CHECK(response.fields.data() == file->plain.fields.data());
    request.range = "bytes=0-1,3-4";
    CHECK(get(file, request).fields.data() == file->gzip->fields.data());
}

TEST_CASE("A condition that holds goes before the range") {
    const auto file = short_file();
    Request request;
    request.range = "bytes=0-1";
    request.if_none_match = file->plain.etag;
    CHECK(get(file, request).status == 304);
    request.range = "bytes=10-";
    CHECK(get(file, request).status == 304);
}

TEST_CASE("If-Range lets a range through only for the same strong tag") {
    const auto file = long_file();
    Request request;
    request.range = "bytes=0-1";
    request.if_range = file->plain.etag;
    CHECK(get(file, request).status == 206);
    for (const std::string& tag :
         {"W/" + file->plain.etag, std::string("\"x\""), file->gzip->etag, std::string("*")}) {
        request.if_range = tag;
        CHECK(get(file, request).status == 200);
    }
    request.if_range = "\"x\"";
    request.range = "bytes=9999-";
    CHECK(get(file, request).status == 200);
}

TEST_CASE("If-Range with a date needs that very date, of a file that has rested") {
    const auto file = short_file();
    Request request;
    request.range = "bytes=0-1";
    request.if_range = kDate;
    CHECK(get(file, request).status == 206);
    CHECK(answer_file(file, request, kModified + 2).status == 206);
    CHECK(answer_file(file, request, kModified + 1).status == 200);
    request.if_range = "Sun, 06 Nov 1994 08:49:38 GMT";
    CHECK(get(file, request).status == 200);
}

TEST_CASE("A part of pages goes without a policy, and comes back without it as a 304") {
    Request request;
    request.if_none_match = "*";
    for (const auto& [path, policy] :
         {std::pair{"/a.css", Policy::None}, {"/a.js", Policy::None}, {"/a.html", Policy::Own}}) {
        CAPTURE(path);
        const auto file = make_served_file(path, core::Frame::copy_of("0123456789"), kModified);
        CHECK(get(file).policy == policy);
        CHECK(get(file, request).status == 304);
        CHECK(get(file, request).policy == policy);
    }
    Request part;
    part.range = "bytes=0-1";
    const auto file = make_served_file("/a.css", core::Frame::copy_of("0123456789"), kModified);
    CHECK(get(file, part).policy == Policy::None);
    part.range = "bytes=99-";
    CHECK(get(file, part).policy == Policy::Own);  // that one is a text of ours
}

TEST_CASE("An empty file is answered with nothing, and has no range") {
    const auto file = make_served_file("/a.txt", core::Frame{}, kModified);
    Request request;
    CHECK(get(file, request).status == 200);
    CHECK(get(file, request).content_length == 0);
    request.range = "bytes=0-";
    CHECK(get(file, request).status == 416);
}

TEST_CASE("The page for what is not there knows no conditions") {
    const auto page = make_served_file("/404.html", core::Frame::copy_of(std::string(999, 'x')), 1);
    Request request;
    request.if_none_match = "*";
    request.range = "bytes=0-1";
    const Response plain = answer_not_found(page, request);
    CHECK(plain.status == 404);
    CHECK(plain.body.size() == 999);
    CHECK(plain.fields.view().find("ETag") == std::string_view::npos);
    CHECK(plain.fields.view().find("Cache-Control: no-cache\r\n") != std::string_view::npos);
    request.accept_encoding = "gzip";
    const Response gzip = answer_not_found(page, request);
    CHECK(gzip.body.data() == page->gzip->body.data());
    CHECK(gzip.fields.view().find("Content-Encoding: gzip\r\n") != std::string_view::npos);
    const Response head = answer_not_found(page, head_request());
    CHECK(head.no_body);
    CHECK(head.content_length == 999);
}
