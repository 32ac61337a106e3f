// Files that must be whole, private and written by one at a time.
#include "tls/state_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::tls;
using test::TempFolder;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat state {};
    REQUIRE(::stat(path.c_str(), &state) == 0);
    return state.st_mode & 07777U;
}

template <typename Call>
std::string complaint(Call call) {
    try {
        call();
    } catch (const FileError& problem) {
        return problem.what();
    }
    return {};
}

std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path))
        names.push_back(entry.path().filename().string());
    return names;
}

}  // namespace

TEST_CASE("State folder: is made with those above it, private; one that is there stays as it is") {
    const TempFolder top;
    const StateFolder folder(top.file("a/b/state/"));
    CHECK(mode_of(top.file("a")) == 0700);
    CHECK(mode_of(top.file("a/b/state")) == 0700);
    CHECK(folder.path_of("x") == top.file("a/b/state/x"));
    REQUIRE(::chmod(top.file("a").c_str(), 0750) == 0);
    CHECK(StateFolder(top.file("a")).path_of("x") == top.file("a/x"));
    CHECK(mode_of(top.file("a")) == 0750);
}

TEST_CASE("State folder: files are private whatever the umask, whole, and nothing stays beside") {
    const TempFolder top;
    const StateFolder folder(top.path());
    test::write_file(top.file("key.new"), "left over");
    const mode_t before = ::umask(0);
    folder.write("key", "one");
    ::umask(before);
    CHECK(mode_of(top.file("key")) == 0600);
    CHECK(folder.read("key", true) == "one");
    folder.write("key", "two");
    CHECK(folder.read("key", true) == "two");
    CHECK(names_in(top.path()) == std::vector<std::string>{"key"});
    folder.remove("key");
    folder.remove("key");
    CHECK(folder.read("key") == std::nullopt);
}

TEST_CASE("State folder: a secret that others or the group can read or write is refused by name") {
    const TempFolder top;
    const StateFolder folder(top.path());
    folder.write("key", "secret");
    for (const mode_t mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0666U}) {
        REQUIRE(::chmod(top.file("key").c_str(), mode) == 0);
        CHECK(complaint([&folder] { folder.read("key", true); }).find(top.file("key")) !=
              std::string::npos);
        CHECK(folder.read("key", false) == "secret");
        CHECK(mode_of(top.file("key")) == mode);
    }
    REQUIRE(::chmod(top.file("key").c_str(), 0400) == 0);
    CHECK(folder.read("key", true) == "secret");
}

TEST_CASE("State folder: what is no file is an error that names it, at once") {
    const TempFolder top;
    const StateFolder folder(top.path());
    REQUIRE(::mkfifo(top.file("pipe").c_str(), 0600) == 0);
    fs::create_directory(top.file("folder"));
    CHECK(complaint([&folder] { folder.read("pipe"); }).find("pipe") != std::string::npos);
    CHECK(complaint([&folder] { folder.read("folder"); }).find("folder") != std::string::npos);
    test::write_file(top.file("file"), "");
    CHECK(complaint([&top] { StateFolder(top.file("file")); }).find(top.file("file")) !=
          std::string::npos);
    CHECK(complaint([&top] { StateFolder(top.file("file/below")); }).find("below") !=
          std::string::npos);
    CHECK(complaint([&folder] { folder.write("folder", "x"); }).find("folder") !=
          std::string::npos);
    CHECK(names_in(top.path()).size() == 3);
}

TEST_CASE("State folder: a symbolic link in the place of the file beside is not followed") {
    const TempFolder top;
    const StateFolder folder(top.path());
    test::write_file(top.file("victim"), "untouched");
    fs::create_symlink(top.file("victim"), top.file("key.new"));
    folder.write("key", "secret");
    CHECK(test::text_in(top.file("victim")) == "untouched");
    CHECK(folder.read("key", true) == "secret");
}

TEST_CASE("State folder: what root writes into somebody else's folder is that one's") {
    if (::geteuid() != 0) return;  // others cannot give files away
    const TempFolder top;
    constexpr uid_t kSomebody = 12345;
    REQUIRE(::chown(top.path().c_str(), kSomebody, kSomebody) == 0);
    StateFolder(top.path()).write("key", "secret");
    struct stat state {};
    REQUIRE(::stat(top.file("key").c_str(), &state) == 0);
    CHECK(state.st_uid == kSomebody);
    CHECK(state.st_gid == kSomebody);
    CHECK(mode_of(top.file("key")) == 0600);
    CHECK(StateFolder(top.path()).read("key", true) == "secret");
}

TEST_CASE("State folder: a secret of another user is refused by name") {
    if (::geteuid() != 0) return;  // others cannot give files away
    const TempFolder top;
    const StateFolder folder(top.path());
    folder.write("key", "secret");
    REQUIRE(::chown(top.file("key").c_str(), 12345, 12345) == 0);
    CHECK(complaint([&folder] { folder.read("key", true); }).find(top.file("key")) !=
          std::string::npos);
}

TEST_CASE("State folder: one lock at a time, also within a process; a patience ends") {
    const TempFolder top;
    const StateFolder folder(top.path());
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&folder, &inside, &most] {
            const auto lock = folder.lock();
            const int now = ++inside;
            if (now > most) most = now;
            std::this_thread::yield();
            --inside;
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(most == 1);
    const auto held = folder.lock();
    CHECK(complaint([&folder] { folder.lock(20ms); }).find(top.path()) != std::string::npos);
}
