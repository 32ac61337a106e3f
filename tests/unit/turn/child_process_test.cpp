// Children: what they are given, and that they end.
#include "turn/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "unit/turn/fake_turnserver.hpp"

using namespace videochat;
using namespace videochat::test;
using turn::ChildProcess;
using turn::find_program;

namespace {

ChildProcess shell(const std::string& script, std::string_view document = {}) {
    auto child = ChildProcess::start("/bin/sh", {"-c", script}, document);
    REQUIRE(child.has_value());
    return std::move(*child);
}

/// What it writes until `enough` of it has come, or its end.
std::string read(const ChildProcess& child, std::size_t enough = std::string::npos) {
    std::string text;
    std::array<char, 4096> bytes{};
    pollfd entry{child.output(), POLLIN, 0};
    while (text.size() < enough && ::poll(&entry, 1, 10'000) == 1) {
        const ssize_t count = ::read(child.output(), bytes.data(), bytes.size());
        if (count <= 0) break;
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
}

std::string ending(ChildProcess& child) {
    REQUIRE(eventually([&] { return child.ended().has_value(); }));
    return *child.ended();
}

}  // namespace

TEST_CASE("Child: reads its document, as often as it likes, and writes to us") {
    const std::string document(100'000, 'x');
    auto child = shell("cat /proc/self/fd/3 /proc/self/fd/3; echo error >&2; exit 3", document);
    CHECK(read(child) == document + document + "error\n");
    CHECK(ending(child) == "exit 3");
    CHECK(child.ended() == "exit 3");
}

TEST_CASE("Child: gets none of our descriptors and variables") {
    const int leaky = ::fcntl(STDERR_FILENO, F_DUPFD, 50);  // without CLOEXEC
    auto child = shell("ls /proc/$$/fd; readlink /proc/$$/fd/0");
    CHECK(read(child) == "0\n1\n2\n3\n/dev/null\n");
    ::close(leaky);

    ::setenv("VIDEOCHAT_TURN_SECRET", "hush", 1);
    auto other = ChildProcess::start("/usr/bin/env", {}, "document");
    ::unsetenv("VIDEOCHAT_TURN_SECRET");
    REQUIRE(other.has_value());
    CHECK(read(*other).empty());
    CHECK(ending(*other) == "exit 0");
}

TEST_CASE("Child: is not root, even if we are") {
    auto child = shell("id -u; id -G");
    const std::string ids = read(child);
    CHECK_FALSE(ids.empty());
    CHECK_FALSE(ids.starts_with("0\n"));
    CHECK((" " + ids.substr(ids.find('\n') + 1)).find(" 0") == std::string::npos);
}

TEST_CASE("Child: is asked to end, although we hold that signal back for ourselves") {
    sigset_t terminate;
    sigset_t before;
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &terminate, &before);
    auto child = shell("echo ready; exec sleep 1000");
    CHECK(read(child, 1) == "ready\n");
    child.end(5s);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    CHECK(child.ended() == "signal 15");
}

TEST_CASE("Child: that does not care is ended, and what it has started too") {
    auto child = shell("trap '' TERM; sleep 1000 & echo $!; while :; do wait; done");
    const long grandchild = std::stol(read(child, 1));
    CHECK(is_alive(grandchild));
    child.end(50ms);
    CHECK(child.ended() == "signal 9");
    CHECK(eventually([&] { return !is_alive(grandchild); }));
}

TEST_CASE("Child: ends with its owner") {
    pid_t id = 0;
    {
        auto child = shell("exec sleep 1000");
        id = child.id();
        CHECK(is_alive(id));
        const ChildProcess moved(std::move(child));
        CHECK(is_alive(id));
    }
    CHECK_FALSE(is_alive(id));
}

TEST_CASE("Child: ends with a parent that is killed") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        auto child = ChildProcess::start("/bin/sh", {"-c", "trap '' TERM; exec sleep 1000"}, "");
        const pid_t id = child ? child->id() : 0;
        [[maybe_unused]] const auto written = ::write(pipe[1], &id, sizeof id);
        for (;;)
            ::pause();
    }
    pid_t child = 0;
    CHECK(::read(pipe[0], &child, sizeof child) == sizeof child);
    CHECK(is_alive(child));
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    CHECK(eventually([&] { return !is_alive(child); }));
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST_CASE("Child: a file that is no program ends at once") {
    auto child = ChildProcess::start("/dev/null", {}, "");
    REQUIRE(child.has_value());
    CHECK(ending(*child) == "it could not be run");
}

TEST_CASE("Programs: found as a shell finds them") {
    const FakeTurnserver fake("exit 0\n");
    const std::string folder = fake.folder().string();
    CHECK(find_program("turnserver", "/nonexistent:" + folder + ":/usr/bin") == fake.program());
    CHECK(find_program("turnserver", folder) == fake.program());
    CHECK(find_program(fake.program(), "") == fake.program());
    CHECK(find_program(fake.program() + "x", folder).empty());
    CHECK(find_program("turnserver", "").empty());
    CHECK(find_program("", folder).empty());
    CHECK(find_program(".", folder).empty());  // a folder
    ::chmod(fake.program().c_str(), 0644);
    if (::geteuid() != 0) CHECK(find_program("turnserver", folder).empty());
}
