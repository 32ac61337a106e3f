#include "turn/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

namespace videochat::turn {
namespace {

constexpr int kDocumentFd = 3;  // as in kDocument
constexpr int kNotRun = 127;    // as shells have it

bool is_program(const std::string& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::access(file.c_str(), X_OK) == 0;
}

// Above the numbers that the child gives out anew.
net::UniqueFd lifted(net::UniqueFd fd) {
    constexpr int kAbove = 10;
    return net::UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kAbove));
}

net::UniqueFd in_memory(std::string_view document) {
    net::UniqueFd fd(::memfd_create("document", MFD_CLOEXEC));
    while (fd && !document.empty()) {
        const ssize_t written = ::write(fd.get(), document.data(), document.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return {};
        document.remove_prefix(static_cast<std::size_t>(written));
    }
    return fd ? lifted(std::move(fd)) : std::move(fd);
}

struct User {
    uid_t user = 0;
    gid_t group = 0;
};

// Debian's coturn comes with a user, Fedora's with another.
User unprivileged_user() {
    if (::geteuid() != 0) return {};
    constexpr std::size_t kRoom = 16 * kKiB;
    for (const char* name : {"turnserver", "coturn", "nobody"}) {
        passwd entry{};
        passwd* found = nullptr;
        std::vector<char> text(kRoom);
        if (::getpwnam_r(name, &entry, text.data(), text.size(), &found) == 0 && found != nullptr) {
            return {entry.pw_uid, entry.pw_gid};
        }
    }
    return {};
}

/// Everything the child needs, prepared before it exists: between fork and exec only calls that are
/// safe in a signal handler are allowed, as other threads may have held any lock.
struct Plan {
    const char* file;
    char* const* arguments;
    int input, output, document;
    User user;
    pid_t parent;
};

void give_up_root(const User& user) {
    if (user.user == 0) return;
    // In a user namespace that knows no other user this fails, and root is nobody special there.
    if (::setgroups(0, nullptr) == 0 && ::setgid(user.group) == 0) {
        [[maybe_unused]] const int result = ::setuid(user.user);
    }
}

void restore_signals() {
    for (const int number : {SIGPIPE, SIGHUP, SIGINT, SIGTERM, SIGCHLD}) {
        std::signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Plan& plan) {
    ::setsid();  // a Ctrl-C in our terminal is for us: we end it in our own time
    restore_signals();
    give_up_root(plan.user);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after the change of user, which clears it
    if (::getppid() != plan.parent) ::_exit(kNotRun);
    ::dup2(plan.input, STDIN_FILENO);
    ::dup2(plan.output, STDOUT_FILENO);
    ::dup2(plan.output, STDERR_FILENO);
    ::dup2(plan.document, kDocumentFd);
    ::syscall(SYS_close_range, kDocumentFd + 1, ~0U, 0);  // not in every C library yet
    const std::array<char*, 1> environment{nullptr};
    ::execve(plan.file, plan.arguments, environment.data());
    ::_exit(kNotRun);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::string describe(int status) {
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) == kNotRun) return "it could not be run";
    return "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::string find_program(const std::string& name, std::string_view path) {
    if (name.find('/') != std::string::npos) return is_program(name) ? name : std::string();
    while (!name.empty() && !path.empty()) {
        const std::string_view folder = path.substr(0, path.find(':'));
        path.remove_prefix(std::min(folder.size() + 1, path.size()));
        std::string file = std::string(folder.empty() ? "." : folder) + "/" + name;
        if (is_program(file)) return file;
    }
    return {};
}

std::optional<ChildProcess> ChildProcess::start(const std::string& file,
                                                const std::vector<std::string>& arguments,
                                                std::string_view document) {
    const net::UniqueFd memory = in_memory(document);
    const net::UniqueFd input = lifted(net::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
    std::array<int, 2> pipe{-1, -1};
    if (!memory || !input || ::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::nullopt;
    net::UniqueFd reader(pipe[0]);
    const net::UniqueFd writer = lifted(net::UniqueFd(pipe[1]));
    if (!writer || ::fcntl(reader.get(), F_SETFL, O_NONBLOCK) != 0) return std::nullopt;

    std::vector<std::string> texts{file};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    const std::vector<char*> pointers = pointers_to(texts);
    const Plan plan{file.c_str(), pointers.data(),     input.get(), writer.get(),
                    memory.get(), unprivileged_user(), ::getpid()};
    // Our signals' handlers must not run in the child before it has put them back.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t id = ::fork();
    if (id == 0) become(plan);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (id < 0) return std::nullopt;
    return ChildProcess(id, std::move(reader));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : id_(std::exchange(other.id_, -1)),
      output_(std::move(other.output_)),
      ending_(std::move(other.ending_)) {}

ChildProcess::~ChildProcess() { end(0ms); }

std::optional<std::string> ChildProcess::ended() {
    int status = 0;
    if (id_ > 0) {
        const pid_t result = ::waitpid(id_, &status, WNOHANG);
        if (result == 0 || (result < 0 && errno == EINTR)) return std::nullopt;
        ending_ = result == id_ ? describe(status) : "unknown";
        id_ = -1;
    }
    return ending_;
}

// To its group, which is of its own (setsid): so no child of its keeps going.
void ChildProcess::signal(int number) const {
    if (::kill(-id_, number) != 0) ::kill(id_, number);
}

bool ChildProcess::ends_within(Milliseconds time) {
    constexpr Milliseconds kStep = 10ms;
    const auto until = std::chrono::steady_clock::now() + time;
    while (!ended()) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(kStep);
    }
    return true;
}

void ChildProcess::end(Milliseconds patience) {
    constexpr Milliseconds kForTheKernel = 500ms;
    if (ended()) return;
    if (patience > 0ms) {
        signal(SIGTERM);
        if (ends_within(patience)) return;
    }
    signal(SIGKILL);
    ends_within(kForTheKernel);
}

}  // namespace videochat::turn
