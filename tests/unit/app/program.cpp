#include "program.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>

#include "support/catch.hpp"

namespace fs = std::filesystem;

namespace {

constexpr auto kPatience = std::chrono::seconds(10);

// Between fork and exec: only what is safe there.
[[noreturn]] void become(char* const* arguments, char* const* environment, const int* descriptors) {
    for (int i = 0; i < 3; ++i) {
        if (descriptors[i] < 0) {
            ::close(i);
        } else {
            ::dup2(descriptors[i], i);
        }
    }
    for (int i = 3; i < 64; ++i)
        ::close(i);
    ::execve(arguments[0], arguments, environment);
    ::_exit(127);
}

// One byte; false: end, or nothing within the patience.
bool read_byte(int descriptor, char& byte) {
    pollfd entry{descriptor, POLLIN, 0};
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
    if (::poll(&entry, 1, static_cast<int>(patience.count())) != 1) return false;
    return ::read(descriptor, &byte, 1) == 1;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::string read_to_end(int descriptor) {
    std::string text;
    for (char byte = 0; read_byte(descriptor, byte);)
        text.push_back(byte);
    return text;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, Output output,
                 std::vector<std::string> environment)
    : state_dir_((fs::temp_directory_path() / "program-state-XXXXXX").string()) {
    REQUIRE(::mkdtemp(state_dir_.data()) != nullptr);
    const std::string variable = "VIDEOCHAT_STATE_DIR=";
    const bool is_given = std::any_of(
        environment.begin(), environment.end(),
        [&variable](const std::string& entry) { return entry.rfind(variable, 0) == 0; });
    if (!is_given) environment.push_back(variable + state_dir_);
    arguments.insert(arguments.begin(), VIDEOCHAT_PROGRAM);
    const auto words = pointers_to(arguments);
    const auto variables = pointers_to(environment);
    std::array<int, 2> out{-1, -1};
    std::array<int, 2> err{-1, -1};
    if (output == Output::Pipes) {
        REQUIRE(::pipe(out.data()) == 0);
        REQUIRE(::pipe(err.data()) == 0);
    }
    pid_ = ::fork();
    if (pid_ == 0) {
        const std::array<int, 3> descriptors{-1, out[1], err[1]};
        become(words.data(), variables.data(), descriptors.data());
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
    std::error_code ignored;
    fs::remove_all(state_dir_, ignored);
}

void Program::send(int signal) const { REQUIRE(::kill(pid_, signal) == 0); }

std::string Program::line() {
    std::string text;
    for (char byte = 0; read_byte(out_, byte) && byte != '\n';)
        text.push_back(byte);
    return text;
}

std::string Program::rest() { return read_to_end(out_); }
std::string Program::errors() { return read_to_end(err_); }

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
