// protocol/request_target: what a target may be, and that no path leaves the root.
#include "protocol/request_target.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

/// The resolved path, or what became of the target instead.
std::string path_of(std::string_view target) {
    std::string storage;
    const RequestTarget result = parse_request_target(target, storage);
    if (result.outcome == TargetOutcome::BadRequest) return "400";
    if (result.outcome == TargetOutcome::Asterisk) return "*";
    return std::string(result.path);
}

std::string query_of(std::string_view target) {
    std::string storage;
    return std::string(parse_request_target(target, storage).query);
}

}  // namespace

TEST_CASE("A plain target is its own path and needs no storage") {
    std::string storage = "untouched";
    const std::string target = "/js/call/machine.js?v=1";
    const RequestTarget result = parse_request_target(target, storage);
    CHECK(result.outcome == TargetOutcome::Ok);
    CHECK(result.path == "/js/call/machine.js");
    CHECK(result.path.data() == target.data());
    CHECK(result.query == "v=1");
    CHECK(result.authority.empty());
    CHECK(storage == "untouched");
}

TEST_CASE("A path is percent-decoded exactly once") {
    CHECK(path_of("/a%20b") == "/a b");
    CHECK(path_of("/%61%2Fb") == "/a/b");
    CHECK(path_of("/%252e%252e/x") == "/%2e%2e/x");
    CHECK(path_of("/a+b") == "/a+b");
    CHECK(path_of("/%E2%82%AC") == "/\xE2\x82\xAC");
    CHECK(path_of("/\xE2\x82\xAC") == "/\xE2\x82\xAC");
    CHECK(path_of("/a%3Fb?c") == "/a?b");
}

TEST_CASE("An escape that is none is refused") {
    for (const char* target :
         {"/%", "/%4", "/%zz", "/%4g", "/%g4", "/a%2", "/%%41", "/%-1", "/% 41"}) {
        CAPTURE(target);
        CHECK(path_of(target) == "400");
    }
}

TEST_CASE("A path that is not UTF-8 is refused") {
    for (const char* target :
         {"/%FF", "/%C0%AF", "/%ED%A0%80", "/%E2%82", "/\xFF", "/%F4%90%80%80"}) {
        CAPTURE(target);
        CHECK(path_of(target) == "400");
    }
}

TEST_CASE("NUL, control bytes and backslashes are refused, escaped or not") {
    for (const char* target : {"/a%00", "/%00", "/a%0d%0ab", "/%1f", "/%7f", "/a\\b", "/a%5cb",
                               "/..%5c..%5cetc", "/a\tb", "/a\x01", "/a b"}) {
        CAPTURE(target);
        CHECK(path_of(target) == "400");
    }
    CHECK(path_of(std::string_view("/a\0b", 4)) == "400");
}

TEST_CASE("Dot segments are resolved") {
    CHECK(path_of("/a/./b") == "/a/b");
    CHECK(path_of("/a/../b") == "/b");
    CHECK(path_of("/a/b/../../c") == "/c");
    CHECK(path_of("/a/%2e%2E/b") == "/b");
    CHECK(path_of("/a/.%2e/b") == "/b");
    CHECK(path_of("/a%2f..%2fb") == "/b");
    CHECK(path_of("/long-name/../x/y") == "/x/y");
    CHECK(path_of("/.a/..b/...") == "/.a/..b/...");
    CHECK(path_of("/a/.") == "/a/");
    CHECK(path_of("/a/b/..") == "/a/");
    CHECK(path_of("/a/..") == "/");
    CHECK(path_of("/.") == "/");
}

TEST_CASE("A path that climbs over the root is refused, even if it comes back") {
    for (const char* target :
         {"/..", "/../", "/../a", "/a/../..", "/a/../../b", "/%2e%2e/etc/passwd", "/..%2f..%2fetc",
          "/./..", "//..", "/a/..//../b"}) {
        CAPTURE(target);
        CHECK(path_of(target) == "400");
    }
}

TEST_CASE("Repeated slashes are one, so that no path reads as another host") {
    CHECK(path_of("//evil.example/..") == "/");
    CHECK(path_of("//evil.example/a") == "/evil.example/a");
    CHECK(path_of("/%2Fevil.example") == "/evil.example");
    CHECK(path_of("/a//b///") == "/a/b/");
}

TEST_CASE("A folder is told by the slash at its end") {
    std::string storage;
    CHECK(parse_request_target("/", storage).is_folder());
    CHECK(parse_request_target("/a/", storage).is_folder());
    CHECK(parse_request_target("/a/%2e", storage).is_folder());
    CHECK_FALSE(parse_request_target("/a", storage).is_folder());
}

TEST_CASE("The query is what follows the first question mark, as sent") {
    CHECK(query_of("/a?b=%41?c&d") == "b=%41?c&d");
    CHECK(query_of("/a?").empty());
    CHECK(query_of("/a?../..").size() == 5);
    CHECK(query_of("/a").empty());
}

TEST_CASE("An absolute target gives its path and the authority that replaces Host") {
    std::string storage;
    const RequestTarget result = parse_request_target("HTTP://Example.com:8080/a/../b?c", storage);
    CHECK(result.outcome == TargetOutcome::Ok);
    CHECK(result.path == "/b");
    CHECK(result.query == "c");
    CHECK(result.authority == "Example.com:8080");
    CHECK(path_of("http://host") == "/");
    CHECK(path_of("https://[::1]:1?x") == "/");
    CHECK(query_of("http://host?x=1") == "x=1");
}

TEST_CASE("Everything else is no target") {
    for (const char* target : {"", "a", "host:443", "ftp://host/", "http:/host", "http:///a",
                               "://a", "http://user@host/", "http://ho st/", "http://host:port/",
                               "?a", "**", "/a#b", "*/", "http//x"}) {
        CAPTURE(target);
        CHECK(path_of(target) == "400");
    }
    CHECK(path_of("*") == "*");
}

TEST_CASE("An encoded path parses to the path it was made from") {
    for (const char* path :
         {"/", "/a b/", "/\xE2\x82\xAC.html", "/a?b", "/50%", "/a+b=c&d;e", "/#"}) {
        CAPTURE(path);
        CHECK(path_of(encode_path(path)) == path);
    }
    CHECK(encode_path("/a b/\"<>") == "/a%20b/%22%3C%3E");
    CHECK(encode_path("//evil.example/") == "/evil.example/");
    CHECK(encode_path("///x") == "/x");
}

TEST_CASE("The base path is stripped at a segment's end only") {
    CHECK(strip_base_path("/x/a", "/x").path == "/a");
    CHECK(strip_base_path("/x/", "/x").path == "/");
    CHECK(strip_base_path("/x/y/z", "/x/y").path == "/z");
    CHECK(strip_base_path("/x", "/x").outcome == BasePathOutcome::MissingSlash);
    CHECK(strip_base_path("/xy", "/x").outcome == BasePathOutcome::Outside);
    CHECK(strip_base_path("/", "/x").outcome == BasePathOutcome::Outside);
    CHECK(strip_base_path("/X/a", "/x").outcome == BasePathOutcome::Outside);
}

TEST_CASE("Without a base path everything is inside") {
    const BasePathResult result = strip_base_path("/a", "");
    CHECK(result.outcome == BasePathOutcome::Inside);
    CHECK(result.path == "/a");
}

TEST_CASE("A query parameter is found once and decoded once") {
    CHECK(find_parameter("room=a%20b", "room").value == "a b");
    CHECK(find_parameter("x=1&room=a+b&y", "room").value == "a+b");
    CHECK(find_parameter("room=%2541", "room").value == "%41");
    CHECK(find_parameter("room=a=b", "room").value == "a=b");
    CHECK(find_parameter("%72oom=x", "room").value == "x");
    CHECK(find_parameter("room=%00%FF", "room").value == std::string("\0\xFF", 2));
}

TEST_CASE("A parameter without a value is there, and empty") {
    for (const char* query : {"room", "room=", "&room&", "a&room="}) {
        CAPTURE(query);
        const Parameter parameter = find_parameter(query, "room");
        CHECK(parameter.outcome == ParameterOutcome::One);
        CHECK(parameter.value.empty());
    }
}

TEST_CASE("Only the very name counts") {
    for (const char* query : {"", "&", "=room", "Room=a", "rooms=a", "roo=a", "xroom=a", "x=room",
                              "room%20=a", "r%zzm=a", "room%=a"}) {
        CAPTURE(query);
        CHECK(find_parameter(query, "room").outcome == ParameterOutcome::Absent);
    }
}

TEST_CASE("A repeated parameter is told from a malformed one") {
    CHECK(find_parameter("room=a&room=a", "room").outcome == ParameterOutcome::Repeated);
    CHECK(find_parameter("room=a&x&%72oom", "room").outcome == ParameterOutcome::Repeated);
    CHECK(find_parameter("room=a&room=b", "room").value.empty());
    CHECK(find_parameter("room=%", "room").outcome == ParameterOutcome::Malformed);
    CHECK(find_parameter("room=a%4", "room").outcome == ParameterOutcome::Malformed);
    CHECK(find_parameter("room=a%zz", "room").value.empty());
    CHECK(find_parameter("room=a&x=%zz", "room").outcome == ParameterOutcome::One);
}
