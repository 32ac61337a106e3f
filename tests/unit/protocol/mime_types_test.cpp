// protocol/mime_types: the types that pages depend on.
#include "protocol/mime_types.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

TEST_CASE("Modules, styles and pages have the type that browsers insist on") {
    CHECK(mime_type_of("/index.html").name == "text/html; charset=utf-8");
    CHECK(mime_type_of("/js/a.js").name == "text/javascript; charset=utf-8");
    CHECK(mime_type_of("/js/a.mjs").name == "text/javascript; charset=utf-8");
    CHECK(mime_type_of("/a.css").name == "text/css; charset=utf-8");
    CHECK(mime_type_of("/a.wasm").name == "application/wasm");
    CHECK(mime_type_of("/a.webmanifest").name == "application/manifest+json");
    CHECK(mime_type_of("/a.svg").name == "image/svg+xml; charset=utf-8");
}

TEST_CASE("Text is worth compressing, pictures and films are not") {
    CHECK(mime_type_of("/a.html").compressible);
    CHECK(mime_type_of("/a.json").compressible);
    CHECK_FALSE(mime_type_of("/a.png").compressible);
    CHECK_FALSE(mime_type_of("/a.mp4").compressible);
    CHECK_FALSE(mime_type_of("/a.woff2").compressible);
}

TEST_CASE("The extension is that of the last segment, without regard to case") {
    CHECK(mime_type_of("/A.HTML").name == "text/html; charset=utf-8");
    CHECK(mime_type_of("/a.min.js").name == "text/javascript; charset=utf-8");
    CHECK(mime_type_of("a.png").name == "image/png");
    CHECK(mime_type_of("/v1.html/file").name == "application/octet-stream");
}

TEST_CASE("What is unknown is bytes") {
    for (const char* path :
         {"", "/", "/file", "/file.", "/a.unknown", "/.html", "/htmlx", "/a.htmlx"}) {
        CAPTURE(path);
        CHECK(mime_type_of(path).name == "application/octet-stream");
        CHECK_FALSE(mime_type_of(path).compressible);
    }
}

TEST_CASE("What is no document of its own is a part of pages") {
    for (const char* path :
         {"/a.css", "/a.js", "/a.mjs", "/a.png", "/a.ico", "/a.woff2", "/a.webmanifest"}) {
        CAPTURE(path);
        CHECK(is_part_of_pages(mime_type_of(path).name));
    }
    for (const char* path : {"/a.html", "/a.svg", "/a.xml", "/a.txt", "/a.pdf", "/a.unknown"}) {
        CAPTURE(path);
        CHECK_FALSE(is_part_of_pages(mime_type_of(path).name));
    }
    CHECK_FALSE(is_part_of_pages(""));
}
