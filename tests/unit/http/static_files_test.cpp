// http/static_files: what a path names, over the pages of the binary and over a folder.
#include "http/static_files.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "http/embedded_public.hpp"
#include "http/page_source.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::http;
using test::TempFolder;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMib = std::size_t{1024} * 1024;

PagesConfig folder_config(const TempFolder& temp, const std::string& index = "index.html") {
    PagesConfig config;
    config.root = temp.path();
    config.index = index;
    return config;
}

Response get(StaticFiles& files, std::string_view path, std::string_view query = {}) {
    Request request;
    request.path = path;
    request.query = query;
    return files.answer(request);
}

std::string body_of(StaticFiles& files, std::string_view path) {
    return std::string(get(files, path).body.view());
}

std::string read_all(BodySource& source) {
    std::string all;
    for (;;) {
        const core::Frame frame = source.next();
        if (frame.empty()) return all;
        REQUIRE(frame.size() <= BodySource::kChunk);
        all += frame.view();
    }
}

std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 31 % 251);
    return bytes;
}

bool is_for_authors(const std::string& path) {
    return path.find("/.") != std::string::npos || fs::path(path).extension() == ".md" ||
           fs::path(path).filename() == "jsconfig.json";
}

}  // namespace

TEST_CASE("The binary holds the pages, byte by byte, and nothing else") {
    std::set<std::string> expected;
    for (const auto& entry : fs::recursive_directory_iterator(VIDEOCHAT_PUBLIC)) {
        const std::string path = "/" + fs::relative(entry.path(), VIDEOCHAT_PUBLIC).string();
        if (entry.is_regular_file() && !is_for_authors(path)) expected.insert(path);
    }
    std::set<std::string> found;
    for (const EmbeddedFile& file : embedded_files()) {
        found.emplace(file.path);
        std::ifstream stream(VIDEOCHAT_PUBLIC + std::string(file.path), std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(stream), {});
        CAPTURE(file.path);
        CHECK(file.bytes == bytes);
        CHECK(file.modified > 0);
    }
    CHECK(found == expected);
    CHECK(std::is_sorted(
        embedded_files().begin(), embedded_files().end(),
        [](const EmbeddedFile& a, const EmbeddedFile& b) { return a.path < b.path; }));
}

TEST_CASE("Every page of the binary is served under its path") {
    StaticFiles files{PagesConfig{}};
    for (const EmbeddedFile& file : embedded_files()) {
        CAPTURE(file.path);
        const Response response = get(files, file.path);
        CHECK(response.status == 200);
        CHECK(response.body.data() == file.bytes.data());
    }
    CHECK(body_of(files, "/") == body_of(files, "/index.html"));
    CHECK(get(files, "/nothing").status == 404);
    CHECK(body_of(files, "/nothing") == body_of(files, "/404.html"));
    CHECK(get(files, "/js").status == 308);
    CHECK(get(files, "/js/").status == 404);
    CHECK(get(files, "/j").status == 404);
    CHECK(get(files, "/jsconfig.json").status == 404);
}

TEST_CASE("A folder's files are served, with an index for each folder") {
    const TempFolder temp;
    temp.write("index.html", "home");
    temp.write("socket.html", "socket");
    temp.write("sub/index.html", "sub");
    temp.write("sub/a b.txt", "spaced");
    StaticFiles files{folder_config(temp)};
    CHECK(body_of(files, "/") == "home");
    CHECK(body_of(files, "/index.html") == "home");
    CHECK(body_of(files, "/sub/") == "sub");
    CHECK(body_of(files, "/sub/a b.txt") == "spaced");
    CHECK(get(files, "/index.html/").status == 404);
    StaticFiles socket{folder_config(temp, "socket.html")};
    CHECK(body_of(socket, "/") == "socket");
    CHECK(body_of(socket, "/sub/") == "sub");
}

TEST_CASE("Which paths are pages is known without an answer") {
    StaticFiles own{PagesConfig{}};
    for (const char* path : {"/", "/index.html", "/chat.html", "/404.html"}) {
        CAPTURE(path);
        CHECK(own.is_page(path));
    }
    for (const char* path : {"/nothing.html", "/nothing", "/js", "/js/", "/main.js", "/favicon.svg",
                             "/index.html/", "/.html", "/healthz"}) {
        CAPTURE(path);
        CHECK_FALSE(own.is_page(path));
    }
    const TempFolder temp;
    temp.write("sub/index.html", "sub");
    temp.write(".hidden/index.html", "hidden");
    temp.write("start", "no page by its name");
    StaticFiles files{folder_config(temp, "start")};
    CHECK(files.is_page("/sub/"));
    CHECK_FALSE(files.is_page("/"));
    CHECK_FALSE(files.is_page("/sub"));
    CHECK_FALSE(files.is_page("/.hidden/"));
}

TEST_CASE("A folder without an index, or with a folder in its place, is not listed") {
    const TempFolder temp;
    temp.write("sub/a.txt", "a");
    temp.write("odd/index.html/a.txt", "a");
    StaticFiles files{folder_config(temp)};
    CHECK(get(files, "/").status == 404);
    CHECK(get(files, "/sub/").status == 404);
    CHECK(get(files, "/odd/").status == 404);
}

TEST_CASE("A folder without its slash redirects, with the query and below the base path") {
    const TempFolder temp;
    temp.write("a b/index.html", "x");
    StaticFiles plain{folder_config(temp)};
    CHECK(get(plain, "/a b").status == 308);
    CHECK(get(plain, "/a b").extra_fields == "Location: /a%20b/\r\n");
    CHECK(get(plain, "/a b", "room=1&x").extra_fields == "Location: /a%20b/?room=1&x\r\n");
    StaticFiles based(folder_config(temp), "/x");
    CHECK(get(based, "/a b").extra_fields == "Location: /x/a%20b/\r\n");
}

TEST_CASE("Hidden segments are not there, except for well-known ones") {
    const TempFolder temp;
    for (const char* name : {".env", ".git/config", "sub/.hidden", "sub/.d/a", ".well-known/a",
                             ".well-known/.b", ".well-knownx", "sub/.well-known/a", "..a"}) {
        temp.write(name, "x");
        CAPTURE(name);
        StaticFiles files{folder_config(temp)};
        const bool is_public = std::string_view(name) == ".well-known/a";
        CHECK(get(files, "/" + std::string(name)).status == (is_public ? 200 : 404));
    }
}

TEST_CASE("Only regular files are served") {
    const TempFolder temp;
    REQUIRE(mkfifo(temp.file("pipe").c_str(), 0600) == 0);
    fs::create_symlink("/dev/zero", temp.file("zero"));
    fs::create_symlink("/etc/passwd", temp.file("passwd"));
    StaticFiles files{folder_config(temp)};
    CHECK(get(files, "/pipe").status == 404);
    CHECK(get(files, "/zero").status == 404);
    CHECK(get(files, "/passwd").status == 404);
    CHECK(get(files, "/" + std::string(300, 'x')).status == 404);
    CHECK(get(files, "/" + std::string(7000, 'x')).status == 404);
}

TEST_CASE("A changed file shows with the next request, though its size and time are set back") {
    const TempFolder temp;
    temp.write("a.txt", "first");
    StaticFiles files{folder_config(temp)};
    CHECK(body_of(files, "/a.txt") == "first");
    for (const char* text : {"again", "third", "longer than before", "x"}) {
        temp.write("a.txt", text);
        temp.set_time("a.txt", 1'000'000'000);
        CHECK(body_of(files, "/a.txt") == text);
    }
    fs::remove(temp.file("a.txt"));
    CHECK(get(files, "/a.txt").status == 404);
    temp.write("a.txt", "back");
    CHECK(body_of(files, "/a.txt") == "back");
}

TEST_CASE("A file that is only touched keeps its tag and tells its new time") {
    const TempFolder temp;
    temp.write("a.txt", "text");
    temp.set_time("a.txt", 784'111'777);
    StaticFiles files{folder_config(temp)};
    const std::string before(get(files, "/a.txt").fields.view());
    CHECK(before.find("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT") != std::string::npos);
    temp.set_time("a.txt", 784'111'778);
    const std::string after(get(files, "/a.txt").fields.view());
    CHECK(after.find("Last-Modified: Sun, 06 Nov 1994 08:49:38 GMT") != std::string::npos);
    CHECK(before.substr(0, before.find("Last-")) == after.substr(0, after.find("Last-")));
}

TEST_CASE("An unchanged file is prepared once") {
    const TempFolder temp;
    temp.write("a.txt", "text");
    StaticFiles files{folder_config(temp)};
    const Response first = get(files, "/a.txt");
    const Response second = get(files, "/a.txt");
    CHECK(first.fields.data() == second.fields.data());
    CHECK(first.body.data() == second.body.data());
}

TEST_CASE("Files up to 1 MiB are answered from memory, larger ones are streamed") {
    const TempFolder temp;
    const std::string large = pattern(kMib + 1);
    temp.write("small.bin", large.substr(1));
    temp.write("large.bin", large);
    StaticFiles files{folder_config(temp)};
    CHECK(get(files, "/small.bin").body.size() == kMib);
    const Response response = get(files, "/large.bin");
    CHECK(response.status == 200);
    CHECK(response.content_length == kMib + 1);
    CHECK(response.body.empty());
    REQUIRE(response.source);
    CHECK(read_all(*response.source) == large);
}

TEST_CASE("A streamed file has ranges, a strong tag and no body for HEAD") {
    const TempFolder temp;
    const std::string large = pattern(kMib + 100);
    temp.write("a.bin", large);
    StaticFiles files{folder_config(temp)};
    Request request;
    request.path = "/a.bin";
    request.range = "bytes=100000-299999";
    const Response part = files.answer(request);
    CHECK(part.status == 206);
    CHECK(part.content_length == 200'000);
    REQUIRE(part.source);
    CHECK(read_all(*part.source) == large.substr(100'000, 200'000));

    const std::string fields(part.fields.view());
    const std::size_t tag = fields.find("ETag: \"") + 6;
    const std::string etag = fields.substr(tag, fields.find("\r\n", tag) - tag);
    request.range = {};
    request.if_none_match = etag;
    CHECK(files.answer(request).status == 304);
    temp.write("a.bin", large + "x");
    CHECK(files.answer(request).status == 200);

    Request head;
    head.method = Method::Head;
    head.path = "/a.bin";
    CHECK(files.answer(head).content_length == kMib + 101);
    CHECK(files.answer(head).no_body);
    CHECK_FALSE(files.answer(head).source);
}

TEST_CASE("A streamed file that becomes shorter ends early") {
    const TempFolder temp;
    temp.write("a.bin", pattern(2 * kMib));
    StaticFiles files{folder_config(temp)};
    const Response response = get(files, "/a.bin");
    REQUIRE(response.source);
    CHECK(response.source->next().size() == BodySource::kChunk);
    REQUIRE(truncate(temp.file("a.bin").c_str(), 100'000) == 0);
    CHECK(read_all(*response.source).size() == 100'000 - BodySource::kChunk);
}

TEST_CASE("Out of descriptors means try again, not that a file is gone") {
    const TempFolder temp;
    temp.write("a.txt", "a");
    StaticFiles files{folder_config(temp)};
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{3, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const Response response = get(files, "/a.txt");
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(response.status == 503);
    CHECK(response.extra_fields == "Retry-After: 1\r\n");
    CHECK(get(files, "/a.txt").status == 200);
}

TEST_CASE("A folder may bring its own page for what is not there") {
    const TempFolder temp;
    StaticFiles files{folder_config(temp)};
    CHECK(get(files, "/x").status == 404);
    StaticFiles embedded{PagesConfig{}};
    CHECK(body_of(files, "/x") == body_of(embedded, "/404.html"));
    temp.write("404.html", "own");
    CHECK(get(files, "/x").status == 404);
    CHECK(body_of(files, "/x") == "own");
    CHECK(get(files, "/404.html").status == 200);
}

TEST_CASE("The page for what is not there is told the base path") {
    const TempFolder temp;
    temp.write("404.html", R"(<base href="/"><a href="index.html">)");
    StaticFiles plain{folder_config(temp)};
    CHECK(body_of(plain, "/a/b") == R"(<base href="/"><a href="index.html">)");
    StaticFiles based(folder_config(temp), "/x/y");
    CHECK(body_of(based, "/a/b") == R"(<base href="/x/y/"><a href="index.html">)");
    temp.write("404.html", "changed");
    CHECK(body_of(based, "/a/b") == "changed");
}

TEST_CASE("The cache of a folder is bounded and full of nothing for ever") {
    const TempFolder temp;
    for (const char* name : {"a", "b", "c", "d"})
        temp.write(name, std::string(10'000, *name));
    const auto source = make_root_folder(temp.path(), 35'000);
    const std::weak_ptr<const ServedFile> first = source->find("/a").file;
    source->find("/b");
    source->find("/c");
    CHECK_FALSE(first.expired());
    source->find("/d");
    CHECK(first.expired());
    CHECK(source->find("/a").file->plain.body.view() == std::string(10'000, 'a'));
}
