// app/acme_challenges: tokens and nothing else come out of the folder.
#include "app/acme_challenges.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::app;
using http::Method;

namespace {

const std::string kChallenges = "/.well-known/acme-challenge/";

struct Webroot {
    Webroot() { folder.write(".well-known/acme-challenge/tok-EN_1", "tok-EN_1.thumbprint"); }
    unsigned status_of(const std::string& token) {
        return challenges.answer(Method::Get, kChallenges + token)->status;
    }
    test::TempFolder folder;
    AcmeChallenges challenges{folder.path()};
};

}  // namespace

TEST_CASE("a token's file is answered as text") {
    Webroot webroot;
    const auto response = webroot.challenges.answer(Method::Get, kChallenges + "tok-EN_1");
    REQUIRE(response.has_value());
    CHECK(response->status == 200);
    CHECK(response->body.view() == "tok-EN_1.thumbprint");
    CHECK(response->fields.view() == "Content-Type: text/plain; charset=utf-8\r\n");
    CHECK(response->extra_fields == "Cache-Control: no-store\r\n");
    CHECK(webroot.challenges.answer(Method::Head, kChallenges + "tok-EN_1")->status == 200);
}

TEST_CASE("a file that comes later is found, and is gone when it is gone") {
    Webroot webroot;
    CHECK(webroot.status_of("late") == 404);
    webroot.folder.write(".well-known/acme-challenge/late", "x");
    CHECK(webroot.status_of("late") == 200);
    ::unlink(webroot.folder.file(".well-known/acme-challenge/late").c_str());
    CHECK(webroot.status_of("late") == 404);
}

TEST_CASE("other paths are not its business") {
    Webroot webroot;
    for (const char* path : {"/", "/.well-known/", "/.well-known/acme-challenge",
                             "/x/.well-known/acme-challenge/tok-EN_1", "/index.html"}) {
        CAPTURE(path);
        CHECK_FALSE(webroot.challenges.answer(Method::Get, path).has_value());
    }
}

TEST_CASE("what is no token is not looked up") {
    Webroot webroot;
    webroot.folder.write(".well-known/acme-challenge/a.txt", "x");
    webroot.folder.write(".well-known/acme-challenge/sub/file", "x");
    webroot.folder.write(".well-known/secret", "x");
    for (const char* token : {"", "a.txt", "../secret", "sub/file", "sub/", "tok-EN_1/", "a b",
                              "..", ".", "t\xC3\xB6k", "none"}) {
        CAPTURE(token);
        CHECK(webroot.status_of(token) == 404);
    }
    CHECK(webroot.status_of(std::string("tok-EN_1\0", 9)) == 404);
    CHECK(webroot.status_of(std::string(10'000, 'a')) == 404);
}

TEST_CASE("folders, pipes, links out of the folder and large files are not served") {
    Webroot webroot;
    const std::string base = webroot.folder.file(".well-known/acme-challenge/");
    webroot.folder.write(".well-known/acme-challenge/folder/file", "x");
    REQUIRE(::mkfifo((base + "pipe").c_str(), 0600) == 0);
    REQUIRE(::symlink("/etc/passwd", (base + "link").c_str()) == 0);
    webroot.folder.write(".well-known/acme-challenge/largest", std::string(4096, 'x'));
    webroot.folder.write(".well-known/acme-challenge/larger", std::string(4097, 'x'));
    webroot.folder.write(".well-known/acme-challenge/empty", "");
    for (const char* token : {"folder", "pipe", "link", "larger"}) {
        CAPTURE(token);
        CHECK(webroot.status_of(token) == 404);
    }
    CHECK(webroot.status_of("largest") == 200);
    CHECK(webroot.status_of("empty") == 200);
}

TEST_CASE("only GET and HEAD get a file") {
    Webroot webroot;
    CHECK(webroot.challenges.answer(Method::Options, kChallenges + "tok-EN_1")->status == 204);
    CHECK(webroot.challenges.answer(Method::Other, kChallenges + "tok-EN_1")->status == 405);
}

TEST_CASE("a folder that is not there is named at start") {
    CHECK_THROWS_AS(AcmeChallenges("/nowhere/at/all"), std::runtime_error);
}
