// The program from outside: exit codes, the line that says why, signals, descriptors.
#include "program.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/temp_folder.hpp"

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kListening{"--port",       "0",   "--host", "localhost",
                                          "--log-format", "json"};

std::vector<std::string> listening_and(const std::vector<std::string>& more) {
    auto arguments = kListening;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::uint16_t port_of(Program& program) {
    const std::string line = program.line();
    INFO(line);
    const auto said = nlohmann::json::parse(line);
    CHECK(said.at("event") == "listening");
    return said.at("port").get<std::uint16_t>();
}

// Whether the file holds the text, sooner or later.
bool comes_to_hold(const fs::path& path, const std::string& text) {
    return videochat::test::eventually(
        [&] { return videochat::test::text_in(path.string()).find(text) != std::string::npos; });
}

// A WebSocket that says hello and never answers again.
class SilentPeer {
  public:
    explicit SilentPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* const any = reinterpret_cast<const sockaddr*>(&address);
        REQUIRE(::connect(socket_, any, sizeof address) == 0);
        const std::string hello =
            "GET /socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        REQUIRE(::send(socket_, hello.data(), hello.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(hello.size()));
    }
    ~SilentPeer() { ::close(socket_); }
    SilentPeer(const SilentPeer&) = delete;
    SilentPeer& operator=(const SilentPeer&) = delete;

    /// Reads until the text has come; false: the connection ended before.
    bool hears(const std::string& text) {
        while (heard_.find(text) == std::string::npos) {
            char byte = 0;
            if (::recv(socket_, &byte, 1, 0) != 1) return false;
            heard_.push_back(byte);
        }
        return true;
    }

  private:
    int socket_;
    std::string heard_;
};

// Status 1 or 2 within two seconds, and one line that names the culprit.
void check_refusal(const std::vector<std::string>& arguments, int code,
                   const std::string& culprit) {
    const auto begin = std::chrono::steady_clock::now();
    Program program(arguments);
    const std::string errors = program.errors();
    INFO(errors);
    CHECK(program.exit_code() == code);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
    CHECK(errors.rfind("videochat-server: ", 0) == 0);
    CHECK(errors.find(culprit) != std::string::npos);
    CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("Program: says its port and ends with 0 on SIGTERM and on SIGINT") {
    for (const int signal : {SIGTERM, SIGINT}) {
        Program program(listening_and({"--close-timeout", "100ms"}));
        const std::uint16_t port = port_of(program);
        CHECK(port != 0);
        SilentPeer peer(port);
        CHECK(peer.hears("101 "));
        program.send(signal);
        CHECK(peer.hears("\x03\xE9"));  // 1001, going away
        CHECK(program.exit_code() == 0);
    }
}

TEST_CASE("Program: a second signal ends a drain that takes long") {
    Program program(listening_and({"--close-timeout", "1h", "--shutdown-timeout", "1h"}));
    SilentPeer peer(port_of(program));
    REQUIRE(peer.hears("101 "));
    program.send(SIGTERM);
    REQUIRE(peer.hears("\x03\xE9"));
    program.send(SIGINT);
    CHECK(program.exit_code() == 128 + SIGINT);
}

TEST_CASE("Program: SIGHUP begins a new log file and the server goes on") {
    const videochat::test::TempFolder folder;
    Program program(listening_and({"--log-file", folder.file("log")}));
    const std::uint16_t port = port_of(program);
    REQUIRE(comes_to_hold(folder.file("log"), "\"message\":\"listening\""));
    fs::rename(folder.file("log"), folder.file("log.1"));
    program.send(SIGHUP);
    REQUIRE(comes_to_hold(folder.file("log.1"), "reloading"));
    program.send(SIGTERM);
    CHECK(comes_to_hold(folder.file("log"), "stopping"));
    CHECK(program.exit_code() == 0);
    CHECK(port != 0);
}

TEST_CASE("Program: runs with all standard descriptors closed and gives their numbers to nobody") {
    const videochat::test::TempFolder folder;
    const auto log = folder.file("log");
    Program program(listening_and({"--log-file", log}), Program::Output::Closed);
    REQUIRE(comes_to_hold(log, "\"message\":\"listening\""));
    const fs::path descriptors = fs::path("/proc") / std::to_string(program.pid()) / "fd";
    if (fs::exists(descriptors)) {
        for (const auto* number : {"0", "1", "2"}) {
            CHECK(fs::read_symlink(descriptors / number) == "/dev/null");
        }
    }
    program.send(SIGTERM);
    CHECK(program.exit_code() == 0);
}

TEST_CASE("Program: a UDP port that is taken is told once and costs STUN alone") {
    const int squatter = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(squatter, any, length) == 0);
    REQUIRE(::getsockname(squatter, any, &length) == 0);
    const std::string taken = std::to_string(ntohs(address.sin_port));

    Program program({"--port", "0", "--host", "127.0.0.1", "--stun-port", taken, "--log-format",
                     "json", "--close-timeout", "100ms"});
    SilentPeer peer(port_of(program));
    CHECK(peer.hears("101 "));
    program.send(SIGTERM);
    CHECK(program.exit_code() == 0);
    ::close(squatter);
    const std::string log = program.errors();
    INFO(log);
    const std::size_t at = log.find("UDP port " + taken + " is already in use");
    REQUIRE(at != std::string::npos);
    CHECK(log.find("UDP port", at + 1) == std::string::npos);
    CHECK(log.rfind("\"warn\"", at) != std::string::npos);
}

TEST_CASE("Program: what it cannot start with is named in one line, exit code 1") {
    Program first(kListening);
    const std::string port = std::to_string(port_of(first));
    check_refusal({"--port", port, "--host", "localhost"}, 1, port);
    check_refusal({"--port", "0", "--root", "/not/there"}, 1, "/not/there");
    check_refusal({"--port", "0", "--root", VIDEOCHAT_PROGRAM}, 1, VIDEOCHAT_PROGRAM);
    check_refusal({"--port", "0", "--socketio-client", "/not/there.js"}, 1, "/not/there.js");
    check_refusal({"--port", "0", "--log-file", "/not/there/log"}, 1, "/not/there/log");
}

TEST_CASE("Program: wrong usage is named in one line, exit code 2") {
    check_refusal({"--prot", "80"}, 2, "--prot");
    check_refusal({"--port", "80000"}, 2, "--port");
    check_refusal({"--config", "/not/there"}, 2, "/not/there");
    check_refusal({"--config", "/"}, 2, "\"/\"");
}

TEST_CASE("Program: --help and --version end with 0 and leave standard error empty") {
    for (const auto* flag : {"--help", "--version"}) {
        Program program({flag});
        CHECK_FALSE(program.line().empty());
        CHECK(program.errors().empty());
        CHECK(program.exit_code() == 0);
    }
}
