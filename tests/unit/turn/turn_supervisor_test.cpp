// The supervisor with scripts in the place of coturn. With coturn itself:
// integration/turn_test.cpp.
#include "turn/turn_supervisor.hpp"

#include <sys/wait.h>

#include <mutex>
#include <set>
#include <string>

#include "observe/log.hpp"
#include "support/catch.hpp"
#include "unit/turn/fake_turnserver.hpp"
#include "unit/turn/stun_responder.hpp"

using namespace videochat;
using namespace videochat::test;
using turn::Status;
using turn::TurnSupervisor;

namespace {

constexpr const char* kSecret = "a-secret-of-many-letters";
constexpr const char* kLives = "echo $$ >> runs\nexec sleep 1000\n";

TurnConfig config(const std::string& program) {
    TurnConfig result;
    result.enabled = true;
    result.program = program;
    return result;
}

TurnSupervisor::Hooks hooks() {
    TurnSupervisor::Hooks result;
    result.addresses = [] {
        return std::vector<net::InterfaceAddress>{
            {"lo", protocol::IpAddress::parse("127.0.0.1").value()}};
    };
    result.restart = {.first = 1ms, .longest = 20ms, .healthy = 60s};
    return result;
}

struct Supervised {
    explicit Supervised(const std::string& script, const TurnSupervisor::Hooks& with = hooks())
        : fake(script), supervisor(config(fake.program()), {.secret = kSecret, .host = ""}, with) {
        supervisor.start();
    }
    bool runs_are(std::size_t count) const {
        return eventually([&] { return fake.runs().size() >= count; });
    }

    const FakeTurnserver fake;
    TurnSupervisor supervisor;
};

}  // namespace

TEST_CASE("TURN supervisor: without coturn there are no URLs, and that is all") {
    TurnSupervisor supervisor(config("/nonexistent/turnserver"), {.secret = kSecret, .host = ""},
                              hooks());
    CHECK(supervisor.status() == Status::Missing);
    CHECK(supervisor.urls().empty());
    supervisor.start();
    CHECK(supervisor.status() == Status::Missing);
    supervisor.stop();
}

TEST_CASE("TURN supervisor: refuses at once what coturn would refuse") {
    const FakeTurnserver fake("exit 0\n");
    CHECK_THROWS_AS(TurnSupervisor(config(fake.program()), {.secret = "a\nb", .host = ""}, hooks()),
                    std::runtime_error);
}

TEST_CASE("TURN supervisor: tells URLs of its port, over UDP and TCP") {
    const Supervised it(kLives);
    const std::string port = std::to_string(it.supervisor.port());
    CHECK(it.supervisor.urls() ==
          std::vector<std::string>{"turn:{host}:" + port + "?transport=udp",
                                   "turn:{host}:" + port + "?transport=tcp"});
}

TEST_CASE("TURN supervisor: gives coturn its configuration, and no list of processes the secret") {
    const Supervised it(
        "tr '\\0' ' ' < /proc/$$/cmdline > arguments\ncat \"$2\" > document\n"
        "echo $$ >> runs\nexec sleep 1000\n");
    REQUIRE(it.runs_are(1));
    CHECK(it.fake.file("document").find(std::string("static-auth-secret=\"") + kSecret + "\"\n") !=
          std::string::npos);
    CHECK(it.fake.file("document")
              .find("listening-port=" + std::to_string(it.supervisor.port()) + "\n") !=
          std::string::npos);
    CHECK(it.fake.file("arguments").find(" -c /proc/self/fd/3 --use-auth-secret") !=
          std::string::npos);
    CHECK(it.fake.file("arguments").find(kSecret) == std::string::npos);
}

TEST_CASE("TURN supervisor: coturn runs when it answers, and no longer when it has ended") {
    Supervised it(kLives);
    REQUIRE(it.runs_are(1));
    CHECK(it.supervisor.status() == Status::Restarting);
    {
        const StunResponder coturn(it.supervisor.port());
        CHECK(eventually([&] { return it.supervisor.status() == Status::Running; }));
    }
    const long first = it.fake.runs().front();
    REQUIRE(::kill(static_cast<pid_t>(first), SIGKILL) == 0);
    REQUIRE(it.runs_are(2));
    CHECK(it.supervisor.status() == Status::Restarting);
    CHECK(it.fake.runs().at(1) != first);
    it.supervisor.stop();
    CHECK_FALSE(is_alive(it.fake.runs().back()));
}

TEST_CASE("TURN supervisor: starts again and again what ends again and again, ever more slowly") {
    auto with = hooks();
    with.restart = {.first = 20ms, .longest = 10s, .healthy = 60s};
    const auto begin = std::chrono::steady_clock::now();
    Supervised it("echo $$ >> runs\nexit 3\n", with);
    REQUIRE(it.runs_are(5));
    // 20 + 40 + 80 + 160 ms lie between them at least.
    CHECK(std::chrono::steady_clock::now() - begin >= 300ms);
    const auto runs = it.fake.runs();
    CHECK(std::set<long>(runs.begin(), runs.end()).size() == runs.size());
    CHECK(it.supervisor.status() == Status::Restarting);
}

TEST_CASE("TURN supervisor: a wait for the next start does not hold up the end") {
    auto with = hooks();
    with.restart = {.first = 1h, .longest = 1h, .healthy = 2h};
    Supervised it("echo $$ >> runs\nexit 3\n", with);
    REQUIRE(it.runs_are(1));
    CHECK(eventually([&] { return !is_alive(it.fake.runs().front()); }));
    const auto begin = std::chrono::steady_clock::now();
    it.supervisor.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE("TURN supervisor: ends what does not want to end within 2 s") {
    Supervised it("trap '' TERM\necho $$ >> runs\nwhile :; do sleep 1000; done\n");
    REQUIRE(it.runs_are(1));
    const auto begin = std::chrono::steady_clock::now();
    it.supervisor.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK_FALSE(is_alive(it.fake.runs().front()));
}

TEST_CASE("TURN supervisor: a machine with other addresses gets another configuration") {
    std::mutex mutex;
    std::vector<std::string> texts{"127.0.0.1"};
    auto with = hooks();
    with.restart = {.first = 1h, .longest = 1h, .healthy = 2h};  // it does not count as a failure
    with.address_interval = 10ms;
    with.addresses = [&] {
        const std::lock_guard lock(mutex);
        std::vector<net::InterfaceAddress> list;
        for (const auto& text : texts) {
            list.push_back({"lo", protocol::IpAddress::parse(text).value()});
        }
        return list;
    };
    Supervised it("cat \"$2\" > document.$$\necho $$ >> runs\nexec sleep 1000\n", with);
    REQUIRE(it.runs_are(1));
    const auto document = [&](std::size_t run) {
        return it.fake.file("document." + std::to_string(it.fake.runs().at(run)));
    };
    CHECK(document(0).find("listening-ip=127.0.0.2\n") == std::string::npos);
    const std::uint16_t port = it.supervisor.port();
    {
        const std::lock_guard lock(mutex);
        texts.emplace_back("127.0.0.2");
    }
    REQUIRE(it.runs_are(2));
    CHECK(document(1).find("listening-ip=127.0.0.2\n") != std::string::npos);
    CHECK(document(1).find("listening-port=" + std::to_string(port) + "\n") != std::string::npos);
    CHECK_FALSE(is_alive(it.fake.runs().front()));
    it.supervisor.stop();
    CHECK(it.fake.runs().size() == 2);
}

TEST_CASE("TURN supervisor: the log has coturn's last words, never the secret") {
    const FakeTurnserver folder("");
    observe::log::start(
        {.level = "debug", .format = "text", .file = (folder.folder() / "log").string()});
    {
        const Supervised it(std::string("echo 'Cannot bind'\necho ") + kSecret +
                            "\necho $$ >> runs\nexit 3\n");
        REQUIRE(it.runs_are(2));
    }
    observe::log::start({.level = "off", .format = "text", .file = ""});
    const std::string log = folder.file("log");
    CHECK(log.find("reason=\"exit 3\" said=\"Cannot bind\"") != std::string::npos);
    CHECK(log.find(kSecret) == std::string::npos);
}

TEST_CASE("TURN supervisor: coturn does not outlive a server that is killed") {
    const FakeTurnserver fake("trap '' TERM\necho $$ >> runs\nexec sleep 1000\n");
    const pid_t server = ::fork();
    if (server == 0) {
        TurnSupervisor supervisor(config(fake.program()), {.secret = kSecret, .host = ""}, hooks());
        supervisor.start();
        for (;;)
            ::pause();
    }
    CHECK(eventually([&] { return !fake.runs().empty(); }));
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
    for (const long run : fake.runs())
        CHECK(eventually([&] { return !is_alive(run); }));
}
