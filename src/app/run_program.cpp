#include "app/run_program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "net/unique_fd.hpp"

namespace videochat::app {
namespace {

constexpr int kNotStarted = 127;

struct Pipe {
    net::UniqueFd read;
    net::UniqueFd write;
};

Pipe new_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    return {net::UniqueFd(ends[0]), net::UniqueFd(ends[1])};
}

bool become(const User& user) {
    return ::initgroups(user.name.c_str(), user.group) == 0 && ::setgid(user.group) == 0 &&
           ::setuid(user.id) == 0 && ::setenv("HOME", user.home.c_str(), 1) == 0;
}

// In the child; does not return.
[[noreturn]] void execute(const std::vector<std::string>& command, const Pipe& in, const Pipe& out,
                          const std::optional<User>& user) {
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(S_IRWXG | S_IRWXO);
    ::setsid();  // away from the terminal
    ::dup2(in.read.get(), STDIN_FILENO);
    ::dup2(out.write.get(), STDOUT_FILENO);
    ::dup2(out.write.get(), STDERR_FILENO);
    if (!user || become(*user)) ::execv(arguments.front(), arguments.data());
    ::_exit(kNotStarted);
}

// A few lines fit into a pipe as a whole; a program that does not want them is no matter.
void write_input(const net::UniqueFd& descriptor, std::string_view input) {
    ::fcntl(descriptor.get(), F_SETFL, O_NONBLOCK);
    [[maybe_unused]] const auto written = ::write(descriptor.get(), input.data(), input.size());
}

std::string read_all(const net::UniqueFd& descriptor) {
    std::string text;
    std::array<char, 4096> part{};
    while (true) {
        const ssize_t size = ::read(descriptor.get(), part.data(), part.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
}

int end_of(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return kNotStarted;
    }
    constexpr int kSignalled = 128;
    return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& command, const std::string& input,
                       const std::optional<User>& user) {
    Pipe in = new_pipe();
    Pipe out = new_pipe();
    if (!in.read || !out.read) return {kNotStarted, "no more descriptors"};
    std::signal(SIGPIPE, SIG_IGN);
    const pid_t child = ::fork();
    if (child < 0) return {kNotStarted, "no more processes"};
    if (child == 0) execute(command, in, out, user);
    in.read.reset();
    out.write.reset();
    write_input(in.write, input);
    in.write.reset();
    std::string output = read_all(out.read);
    return {end_of(child), std::move(output)};
}

std::string find_program(const std::string& name, const std::string& search_path) {
    const std::string folders = search_path + ":/usr/local/sbin:/usr/sbin:/sbin";
    for (std::size_t at = 0; at <= folders.size();) {
        const auto end = std::min(folders.find(':', at), folders.size());
        const std::string folder = folders.substr(at, end - at);
        at = end + 1;
        if (!folder.starts_with('/')) continue;
        std::string path = folder;
        path.append("/").append(name);
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

std::optional<User> user_of(const std::string& name) {
    const passwd* const entry = ::getpwnam(name.c_str());
    if (entry == nullptr) return std::nullopt;
    return User{name, entry->pw_dir, entry->pw_uid, entry->pw_gid};
}

}  // namespace videochat::app
