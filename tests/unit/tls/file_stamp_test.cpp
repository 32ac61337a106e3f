// Whether a file is still the one that was read.
#include "tls/file_stamp.hpp"

#include <filesystem>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::tls;
namespace fs = std::filesystem;

TEST_CASE("File stamp: another content, file or link's end is another stamp; the same is equal") {
    const test::TempFolder top;
    const std::string path = top.file("live");
    CHECK_FALSE(stamp_of(path).is_there);
    test::write_file(top.file("one"), "1");
    test::write_file(top.file("two"), "2");
    fs::create_symlink("one", path);
    const FileStamp one = stamp_of(path);
    CHECK(one.is_there);
    CHECK(stamp_of(path) == one);
    CHECK(stamp_of(top.file("one")) == one);
    fs::remove(path);
    fs::create_symlink("two", path);
    CHECK_FALSE(stamp_of(path) == one);
    const FileStamp two = stamp_of(path);
    test::write_file(top.file("two"), "longer");
    CHECK_FALSE(stamp_of(path) == two);
    fs::remove(top.file("two"));
    CHECK(stamps_of({path, top.file("one")}) == std::vector<FileStamp>{{}, one});
}
