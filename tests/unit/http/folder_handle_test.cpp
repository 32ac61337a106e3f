// http/folder_handle: nothing outside of the folder is opened, by either way of looking.
#include "http/folder_handle.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::http;
using test::TempFolder;

namespace {

namespace fs = std::filesystem;

std::string message_of(const std::string& folder) {
    try {
        const FolderHandle handle(folder);
    } catch (const std::exception& error) {
        return error.what();
    }
    return "opened";
}

}  // namespace

TEST_CASE("Files beneath the folder are opened, links and all") {
    const TempFolder temp;
    temp.write("www/a.txt", "a");
    temp.write("www/sub/b.txt", "b");
    fs::create_symlink("sub/b.txt", temp.file("www/link.txt"));
    fs::create_symlink("../a.txt", temp.file("www/sub/up.txt"));
    fs::create_directory_symlink("sub", temp.file("www/link"));
    fs::create_directory_symlink("www", temp.file("root-link"));
    for (const auto lookup : {FolderHandle::Lookup::Kernel, FolderHandle::Lookup::RealPath}) {
        FolderHandle folder(temp.file("www"), lookup);
        for (const char* name :
             {"a.txt", "sub/b.txt", "link.txt", "sub/up.txt", "link/b.txt", "sub", "sub/"}) {
            CAPTURE(name);
            CHECK(folder.open(name).fd);
        }
        CHECK(FolderHandle(temp.file("root-link"), lookup).open("a.txt").fd);
    }
}

TEST_CASE("Nothing outside of the folder is opened") {
    const TempFolder temp;
    temp.write("www/sub/a.txt", "a");
    temp.write("secret.txt", "s");
    temp.write("www-private/secret.txt", "s");
    fs::create_symlink("../secret.txt", temp.file("www/relative.txt"));
    fs::create_symlink(temp.file("secret.txt"), temp.file("www/absolute.txt"));
    fs::create_directory_symlink("../www-private", temp.file("www/sibling"));
    fs::create_directory_symlink("..", temp.file("www/parent"));
    fs::create_directory_symlink("/", temp.file("www/top"));
    for (const auto lookup : {FolderHandle::Lookup::Kernel, FolderHandle::Lookup::RealPath}) {
        FolderHandle folder(temp.file("www"), lookup);
        for (const char* name :
             {"relative.txt", "absolute.txt", "sibling/secret.txt", "parent/secret.txt",
              "../secret.txt", "../www-private/secret.txt", "sub/../../secret.txt",
              "top/etc/passwd", "/etc/passwd", "parent/www-private/secret.txt"}) {
            CAPTURE(name);
            const auto opened = folder.open(name);
            CHECK_FALSE(opened.fd);
            CHECK(opened.error == EXDEV);
        }
    }
}

TEST_CASE("What is not there has a reason") {
    const TempFolder temp;
    temp.write("a.txt", "a");
    fs::create_symlink("loop", temp.file("loop"));
    for (const auto lookup : {FolderHandle::Lookup::Kernel, FolderHandle::Lookup::RealPath}) {
        FolderHandle folder(temp.path(), lookup);
        CHECK(folder.open("b.txt").error == ENOENT);
        CHECK(folder.open("a.txt/b").error == ENOTDIR);
        CHECK(folder.open(std::string(300, 'x')).error == ENAMETOOLONG);
        CHECK(folder.open(std::string(5000, 'x')).error == ENAMETOOLONG);
        CHECK(folder.open("loop").error == ELOOP);
        CHECK(folder.open("").error == ENOENT);
    }
}

TEST_CASE("Opening a pipe without a writer does not wait") {
    const TempFolder temp;
    REQUIRE(mkfifo(temp.file("pipe").c_str(), 0600) == 0);
    for (const auto lookup : {FolderHandle::Lookup::Kernel, FolderHandle::Lookup::RealPath}) {
        FolderHandle folder(temp.path(), lookup);
        CHECK(folder.open("pipe").fd);
    }
}

TEST_CASE("Running out of descriptors is told from a file that is not there") {
    const TempFolder temp;
    temp.write("a.txt", "a");
    FolderHandle folder(temp.path());
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{3, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const auto opened = folder.open("a.txt");
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(opened.error == EMFILE);
    CHECK(folder.open("a.txt").fd);
}

TEST_CASE("A folder that cannot be served is named with the reason") {
    const TempFolder temp;
    temp.write("file", "x");
    const std::string missing = temp.file("missing");
    const std::string file = temp.file("file");
    CHECK(message_of(missing) ==
          "cannot serve the folder \"" + missing + "\": " + std::strerror(ENOENT));
    CHECK(message_of(file) ==
          "cannot serve the folder \"" + file + "\": " + std::strerror(ENOTDIR));
}
