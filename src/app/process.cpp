#include "app/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>

extern char** environ;  // NOLINT(readability-redundant-declaration): glibc alone has it in a header

namespace videochat::app {
namespace {

sigset_t held_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&set, signal);
    return set;
}

void write_to(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

}  // namespace

void open_standard_descriptors() {
    int descriptor = STDIN_FILENO;
    while (descriptor >= 0 && descriptor <= STDERR_FILENO) {
        descriptor = ::open("/dev/null", O_RDWR);  // the lowest number that is free
    }
    if (descriptor > STDERR_FILENO) ::close(descriptor);
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

Environment environment() {
    Environment variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open()) return std::nullopt;
    std::ostringstream text;
    // Looking first: copying an empty file would count as a failure. A folder opens, but is bad.
    if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
    return file.bad() ? std::nullopt : std::optional(text.str());
}

bool is_terminal() {
    const char* const kind = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

void print(const std::string& text) { write_to(stdout, text); }
void print_error(const std::string& text) { write_to(stderr, text); }

void hold_signals() {
    const sigset_t set = held_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

Signal next_signal() {
    const sigset_t set = held_signals();
    int signal = 0;
    while (sigwait(&set, &signal) != 0) {
    }
    return signal == SIGHUP ? Signal::Reload : Signal::End;
}

void let_signals_end_process() {
    // Handlers of our own: the default action does nothing for process 1 of a container.
    for (const int signal : {SIGTERM, SIGINT}) {
        std::signal(signal, [](int number) { ::_exit(128 + number); });
    }
    sigset_t set = held_signals();
    sigdelset(&set, SIGHUP);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace videochat::app
