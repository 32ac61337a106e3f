#include "program.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include "support/catch.hpp"

namespace {

constexpr auto kPatience = std::chrono::seconds(10);

// Between fork and exec: only what is safe there.
[[noreturn]] void become(char* const* arguments, const int* descriptors) {
    for (int i = 0; i < 3; ++i) {
        if (descriptors[i] < 0) {
            ::close(i);
        } else {
            ::dup2(descriptors[i], i);
        }
    }
    for (int i = 3; i < 64; ++i)
        ::close(i);
    char* const no_environment[] = {nullptr};
    ::execve(arguments[0], arguments, no_environment);
    ::_exit(127);
}

// One byte; false: end, or nothing within the patience.
bool read_byte(int descriptor, char& byte) {
    pollfd entry{descriptor, POLLIN, 0};
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
    if (::poll(&entry, 1, static_cast<int>(patience.count())) != 1) return false;
    return ::read(descriptor, &byte, 1) == 1;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, Output output) {
    arguments.insert(arguments.begin(), VIDEOCHAT_PROGRAM);
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (auto& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    std::array<int, 2> out{-1, -1};
    std::array<int, 2> err{-1, -1};
    if (output == Output::Pipes) {
        REQUIRE(::pipe(out.data()) == 0);
        REQUIRE(::pipe(err.data()) == 0);
    }
    pid_ = ::fork();
    if (pid_ == 0) {
        const std::array<int, 3> descriptors{-1, out[1], err[1]};
        become(pointers.data(), descriptors.data());
    }
    REQUIRE(pid_ > 0);
    out_ = out[0];
    err_ = err[0];
    if (output == Output::Pipes) {
        ::close(out[1]);
        ::close(err[1]);
    }
}

Program::~Program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int descriptor : {out_, err_}) {
        if (descriptor >= 0) ::close(descriptor);
    }
}

void Program::send(int signal) const { REQUIRE(::kill(pid_, signal) == 0); }

std::string Program::line() {
    std::string text;
    for (char byte = 0; read_byte(out_, byte) && byte != '\n';)
        text.push_back(byte);
    return text;
}

std::string Program::errors() {
    std::string text;
    for (char byte = 0; read_byte(err_, byte);)
        text.push_back(byte);
    return text;
}

int Program::exit_code() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > deadline) return -1;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
