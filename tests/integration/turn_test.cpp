// A server with coturn beside it: who gets in, whom it relays to, and when it ends. Without an
// installed coturn only the first test has something to look at.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "app/hmac.hpp"
#include "integration/server_fixture.hpp"
#include "integration/turn_client.hpp"
#include "protocol/base64.hpp"
#include "support/catch.hpp"
#include "turn/child_process.hpp"
#include "turn/turn_supervisor.hpp"

using namespace videochat;
using namespace videochat::test;
using Catch::Matchers::EndsWith;
using Over = TurnClient::Over;

namespace {

constexpr const char* kSecret = "a secret = of tests ";  // what coturn's file format may spoil

bool is_installed() {
    const bool found = !turn::find_program("turnserver", "/usr/local/bin:/usr/bin").empty();
    if (!found) WARN("coturn is not installed: nothing was tested");
    return found;
}

Config turn_config(const std::string& program = "turnserver") {
    Config config = test_config();
    config.turn.enabled = true;
    config.turn.program = program;
    config.ice.turn_secret = kSecret;
    return config;
}

bool is_running(std::uint16_t port) {
    return eventually(
        [port] { return get(port, "/healthz").ends_with("\r\n\r\nok\nturn: running\n"); });
}

/// What stands for `"key":"VALUE"` behind `from`.
std::string value_in(const std::string& text, const std::string& key, std::size_t from = 0) {
    const std::string start = "\"" + key + "\":\"";
    const std::size_t begin = text.find(start, from);
    REQUIRE(begin != std::string::npos);
    const std::size_t end = text.find('"', begin + start.size());
    return text.substr(begin + start.size(), end - begin - start.size());
}

/// What a member of a call is told of TURN.
struct Told {
    explicit Told(std::uint16_t server, const std::string& call = "turn") {
        const std::string welcome = WsClient(server, "/socket?call=" + call).receive();
        const std::string url = "\"turn:{host}:";
        const std::size_t at = welcome.find(url);
        REQUIRE(at != std::string::npos);
        port = static_cast<std::uint16_t>(std::stoul(welcome.substr(at + url.size(), 5)));
        const std::string number = std::to_string(port);
        CHECK(welcome.find(url + number + "?transport=udp\"") != std::string::npos);
        CHECK(welcome.find(url + number + "?transport=tcp\"") != std::string::npos);
        credentials = {value_in(welcome, "username", at), value_in(welcome, "credential", at)};
    }
    TurnClient client(Over over = Over::Udp) const {
        return {"127.0.0.1", port, credentials, over};
    }

    std::uint16_t port = 0;
    TurnCredentials credentials;
};

TurnCredentials credentials_until(std::time_t expiry, const std::string& seat = "seat",
                                  const std::string& secret = kSecret) {
    const std::string name = std::to_string(expiry) + ":" + seat;
    return {name, protocol::base64_encode(app::hmac_sha1(secret, name))};
}

int allocation_with(const Told& told, const TurnCredentials& credentials) {
    return TurnClient("127.0.0.1", told.port, credentials).allocate();
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// coturns that this process has started and that live.
std::vector<pid_t> children() {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string number = entry.path().filename().string();
        if (number.find_first_not_of("0123456789") != std::string::npos) continue;
        const std::string stat = text_of(entry.path() / "stat");
        const std::size_t name_end = stat.rfind(") ");
        if (name_end == std::string::npos || stat.find("(turnserver") == std::string::npos)
            continue;
        const std::string rest = stat.substr(name_end + 2);  // "S 1234 ...": state, parent
        if (rest.front() == 'Z' || std::stol(rest.substr(2)) != ::getpid()) continue;
        found.push_back(static_cast<pid_t>(std::stol(number)));
    }
    return found;
}

// A network namespace for this thread alone, whose loopback interface has an address that is not a
// loopback one. False: we may not.
bool enter_network_with(const char* address) {
    if (::unshare(CLONE_NEWNET) != 0) return false;
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq up{};
    std::strcpy(up.ifr_name, "lo");
    up.ifr_flags = IFF_UP | IFF_RUNNING;
    bool done = ::ioctl(fd, SIOCSIFFLAGS, &up) == 0;
    ifreq alias{};
    std::strcpy(alias.ifr_name, "lo:1");
    sockaddr_in name{};
    name.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &name.sin_addr);
    std::memcpy(&alias.ifr_addr, &name, sizeof name);
    done = done && ::ioctl(fd, SIOCSIFADDR, &alias) == 0;
    ::close(fd);
    return done;
}

}  // namespace

TEST_CASE("TURN: without coturn the server serves, says so, and pages are told of no TURN") {
    const RunningServer server(turn_config("/nonexistent/turnserver"));
    const std::string health = get(server.port(), "/healthz");
    CHECK(health.starts_with("HTTP/1.1 200"));
    CHECK_THAT(health, EndsWith("\r\n\r\nok\nturn: missing\n"));
    CHECK(WsClient(server.port(), "/socket?call=turn").receive().find("turn:") ==
          std::string::npos);
    CHECK_THAT(get(RunningServer().port(), "/healthz"), EndsWith("\r\n\r\nok\n"));
}

TEST_CASE("TURN: credentials of a call's member make relays, over UDP and over TCP") {
    if (!is_installed()) return;
    const RunningServer server(turn_config());
    REQUIRE(is_running(server.port()));
    const Told told(server.port());
    for (const Over over : {Over::Udp, Over::Tcp}) {
        TurnClient client = told.client(over);
        CHECK(client.allocate() == 0);
        CHECK(client.relay_address() == "127.0.0.1");
        CHECK(client.relay_port() >= 49152);
        CHECK(client.relay_port() <= 49407);
    }
}

TEST_CASE("TURN: a secret that nobody has given is made up") {
    if (!is_installed()) return;
    Config config = turn_config();
    config.ice.turn_secret.clear();
    const RunningServer server(config);
    REQUIRE(is_running(server.port()));
    const Told told(server.port());
    CHECK(told.client().allocate() == 0);
    CHECK(allocation_with(told, credentials_until(std::time(nullptr) + 3600, "seat", "")) == 401);
}

TEST_CASE("TURN: credentials that have expired, or are wrong, are refused") {
    if (!is_installed()) return;
    const RunningServer server(turn_config());
    REQUIRE(is_running(server.port()));
    const Told told(server.port());
    const std::time_t now = std::time(nullptr);
    CHECK(allocation_with(told, credentials_until(now + 60)) == 0);
    CHECK(allocation_with(told, credentials_until(now - 2)) == 401);
    CHECK(allocation_with(told, {credentials_until(now + 60).username, "wrong"}) == 401);
    // Somebody else's name, or a later end, with the password of one's own.
    CHECK(allocation_with(told, {credentials_until(now + 60, "other").username,
                                 credentials_until(now + 60).password}) == 401);
    CHECK(allocation_with(told, {credentials_until(now + 3600).username,
                                 credentials_until(now + 60).password}) == 401);
    CHECK(allocation_with(told, {"", ""}) != 0);
}

TEST_CASE("TURN: peers are on the internet, not on this machine or in its networks") {
    if (!is_installed()) return;
    Config config = turn_config();
    config.turn.allowed_peers = {"10.9.0.0/16"};
    const RunningServer server(config);
    REQUIRE(is_running(server.port()));
    TurnClient client = Told(server.port()).client();
    REQUIRE(client.allocate() == 0);
    for (const auto* peer : {"127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.8.255.255",
                             "10.10.0.0", "100.64.0.1", "169.254.169.254", "172.16.0.1",
                             "172.31.255.255", "192.168.0.1", "224.0.0.1", "255.255.255.255"}) {
        INFO(peer);
        CHECK(client.permit(peer) == 403);
    }
    for (const auto* peer : {"8.8.8.8", "1.1.1.1", "172.32.0.1", "10.9.0.0", "10.9.255.255"}) {
        INFO(peer);
        CHECK(client.permit(peer) == 0);
    }
}

TEST_CASE("TURN: relays are for UDP, and only so many for one seat") {
    if (!is_installed()) return;
    Config config = turn_config();
    config.calls.capacity = 2;
    const RunningServer server(config);
    REQUIRE(is_running(server.port()));
    const Told told(server.port());
    constexpr std::uint8_t kTcp = 6;
    CHECK(told.client(Over::Tcp).allocate(kTcp) == 442);
    std::vector<std::unique_ptr<TurnClient>> clients;
    const auto allocate = [&](const TurnCredentials& credentials) {
        clients.push_back(std::make_unique<TurnClient>("127.0.0.1", told.port, credentials));
        return clients.back()->allocate();
    };
    for (int i = 0; i < 10; ++i)
        CHECK(allocate(told.credentials) == 0);
    CHECK(allocate(told.credentials) == 486);
    CHECK(allocate(Told(server.port(), "another").credentials) == 0);
}

TEST_CASE("TURN: coturn that ends comes back, at the same port; it ends with the server") {
    if (!is_installed()) return;
    std::vector<pid_t> last;
    {
        RunningServer server(turn_config());
        REQUIRE(is_running(server.port()));
        const Told told(server.port());
        const std::vector<pid_t> first = children();
        REQUIRE(first.size() == 1);
        REQUIRE(::kill(first.front(), SIGKILL) == 0);
        REQUIRE(eventually(
            [&] { return get(server.port(), "/healthz").ends_with("ok\nturn: restarting\n"); }));
        REQUIRE(is_running(server.port()));
        CHECK(told.client().allocate() == 0);
        last = children();
        REQUIRE(last.size() == 1);
        CHECK(last != first);
        const auto begin = std::chrono::steady_clock::now();
        server.server().stop();
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
        CHECK(children().empty());
        CHECK(::kill(last.front(), 0) == -1);
    }
}

TEST_CASE("TURN: the secret stands in no list of processes and no variable") {
    if (!is_installed()) return;
    const RunningServer server(turn_config());
    REQUIRE(is_running(server.port()));
    const std::vector<pid_t> processes = children();
    REQUIRE(processes.size() == 1);
    const std::filesystem::path process = "/proc/" + std::to_string(processes.front());
    const std::string line = text_of(process / "cmdline");
    CHECK(line.find("--use-auth-secret") != std::string::npos);
    CHECK(line.find(kSecret) == std::string::npos);
    CHECK(text_of(process / "environ").empty());
}

TEST_CASE("TURN: two people who reach nothing but coturn reach each other through two relays") {
    if (!is_installed()) return;
    // A thread of its own, as it does not come back from there.
    auto entered = std::async(std::launch::async, [] {
        if (!enter_network_with("10.77.0.1")) return false;
        TurnConfig config;
        config.enabled = true;
        turn::TurnSupervisor supervisor(config, {.secret = kSecret, .host = ""});
        supervisor.start();
        REQUIRE(eventually([&] { return supervisor.status() == turn::Status::Running; }));
        const std::time_t expiry = std::time(nullptr) + 60;
        // One has come by another address of the machine: relays do not depend on that.
        TurnClient ann("10.77.0.1", supervisor.port(), credentials_until(expiry, "ann"));
        TurnClient bob("127.0.0.1", supervisor.port(), credentials_until(expiry, "bob"), Over::Tcp);
        REQUIRE(ann.allocate() == 0);
        REQUIRE(bob.allocate() == 0);
        CHECK(ann.relay_address() == "10.77.0.1");
        CHECK(bob.relay_address() == "10.77.0.1");
        CHECK(ann.permit(bob.relay_address()) == 0);
        CHECK(bob.permit(ann.relay_address()) == 0);
        ann.send(bob.relay_address(), bob.relay_port(), "hello");
        CHECK(bob.receive() == "hello");
        bob.send(ann.relay_address(), ann.relay_port(), "hi");
        CHECK(ann.receive() == "hi");
        CHECK(ann.permit("10.77.0.2") == 403);  // others of the same network
        return true;
    });
    if (!entered.get()) WARN("no network namespace can be made here: nothing was tested");
}
