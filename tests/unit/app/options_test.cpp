// Flags, environment and file together: who wins, and what a mistake is told.
#include "app/options.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;

namespace {

using Arguments = std::vector<std::string>;
using Strings = std::vector<std::string>;

const std::string kPath = "/etc/chat.conf";

std::variant<Config, Exit> parse(const Arguments& arguments, const Environment& environment = {},
                                 const std::string& file = "") {
    return parse_options(arguments, environment,
                         [&file](const std::string& path) -> std::optional<std::string> {
                             if (path != kPath) return std::nullopt;
                             return file;
                         });
}

Config config_of(const Arguments& arguments, const Environment& environment = {},
                 const std::string& file = "") {
    const auto outcome = parse(arguments, environment, file);
    if (const auto* exit = std::get_if<Exit>(&outcome)) FAIL(exit->err);
    return std::get<Config>(outcome);
}

// The line without the program's name and the line's end, both of which are checked here.
std::string complaint_of(const Arguments& arguments, const Environment& environment = {},
                         const std::string& file = "") {
    const auto outcome = parse(arguments, environment, file);
    REQUIRE(std::holds_alternative<Exit>(outcome));
    const Exit& exit = std::get<Exit>(outcome);
    CHECK(exit.code == 2);
    CHECK(exit.out.empty());
    CHECK(std::count(exit.err.begin(), exit.err.end(), '\n') == 1);
    REQUIRE(exit.err.back() == '\n');
    const std::string program = "videochat-server: ";
    REQUIRE(exit.err.substr(0, program.size()) == program);
    return exit.err.substr(program.size(), exit.err.size() - program.size() - 1);
}

}  // namespace

TEST_CASE("Options: without any the defaults hold") {
    const Config config = config_of({});
    CHECK(config.listen.port == 3000);
    CHECK(config.listen.host.empty());
    CHECK(config.websocket.message == 256 * kKiB);
    CHECK(config.rooms.ipaddr);
}

TEST_CASE("Options: flags take their value behind a blank or an equals sign") {
    CHECK(config_of({"--port", "8080"}).listen.port == 8080);
    CHECK(config_of({"--port=8080"}).listen.port == 8080);
    CHECK(config_of({"--no-ipaddr"}).rooms.ipaddr == false);
    CHECK(config_of({"--no-ipaddr=false"}).rooms.ipaddr == true);
}

TEST_CASE("Options: the last of a repeated flag counts, lists collect") {
    CHECK(config_of({"--port", "1", "--port", "2"}).listen.port == 2);
    CHECK(
        config_of({"--allow-origin", "http://a", "--allow-origin=http://b"}).listen.allow_origins ==
        Strings{"http://a", "http://b"});
}

TEST_CASE("Options: flag, environment, file, default, in this order") {
    const std::string file = "port = 1\nthreads = 11\nrooms = 111\n";
    const Environment environment{
        {"VIDEOCHAT_CONFIG", kPath}, {"VIDEOCHAT_PORT", "2"}, {"VIDEOCHAT_THREADS", "22"}};
    const Config config = config_of({"--port", "3"}, environment, file);
    CHECK(config.listen.port == 3);
    CHECK(config.listen.threads == 22);
    CHECK(config.rooms.rooms == 111);
    CHECK(config.rooms.peers == 64);
}

TEST_CASE("Options: a list of a stronger source replaces the weaker one's") {
    const Environment environment{{"VIDEOCHAT_ALLOW_ORIGIN", "http://b, http://c"}};
    const std::string file = "allow-origin = http://a";
    const Arguments named{"--config", kPath};
    CHECK(config_of(named, environment, file).listen.allow_origins ==
          Strings{"http://b", "http://c"});
    CHECK(config_of({"--config", kPath, "--allow-origin", "http://d"}, environment, file)
              .listen.allow_origins == Strings{"http://d"});
}

TEST_CASE("Options: PORT counts where nothing of ours is closer") {
    CHECK(config_of({}, {{"PORT", "5000"}}).listen.port == 5000);
    CHECK(config_of({}, {{"PORT", "5000"}, {"VIDEOCHAT_PORT", "6000"}}).listen.port == 6000);
    CHECK(config_of({}, {{"VIDEOCHAT_PORT", "6000"}, {"PORT", "junk"}}).listen.port == 6000);
    CHECK(config_of({"--port", "7000"}, {{"PORT", "5000"}}).listen.port == 7000);
    CHECK(config_of({"--config", kPath}, {{"PORT", "5000"}}, "port = 4000").listen.port == 5000);
}

TEST_CASE("Options: an empty variable is one that is not set") {
    CHECK(config_of({}, {{"VIDEOCHAT_PORT", ""}, {"PORT", "5000"}}).listen.port == 5000);
    CHECK(config_of({}, {{"PORT", ""}}).listen.port == 3000);
    CHECK(config_of({"--config", kPath}, {{"VIDEOCHAT_HOST", ""}}, "host = ::1").listen.host ==
          "::1");
}

TEST_CASE("Options: variables of others are none of our business") {
    CHECK(config_of({}, {{"HOST", "x"}, {"NODE_ENV", "y"}, {"VIDEO", "z"}}).listen.host.empty());
}

TEST_CASE("Options: a switch is a variable and a line too") {
    CHECK(config_of({}, {{"VIDEOCHAT_NO_IPADDR", "1"}}).rooms.ipaddr == false);
    CHECK(config_of({"--config", kPath}, {}, "no-ipaddr = true").rooms.ipaddr == false);
}

TEST_CASE("Options: a name repeated in the file makes a list longer") {
    const std::string file = "trusted-proxy = 10.0.0.0/8\ntrusted-proxy = [\"::1\", fd00::/8]\n";
    CHECK(config_of({"--config", kPath}, {}, file).listen.trusted_proxies ==
          Strings{"10.0.0.0/8", "::1", "fd00::/8"});
}

TEST_CASE("Options: a flag names another file than the environment") {
    const Environment environment{{"VIDEOCHAT_CONFIG", "/not/there"}};
    CHECK(config_of({"--config", kPath}, environment, "port = 9").listen.port == 9);
}

TEST_CASE("Options: --version and --help leave with 0") {
    auto outcome = parse({"--version"});
    REQUIRE(std::holds_alternative<Exit>(outcome));
    CHECK(std::get<Exit>(outcome).code == 0);
    CHECK(std::get<Exit>(outcome).out == "videochat-server 0.1.0\n");
    for (const auto* flag : {"--help", "-h"}) {
        outcome = parse({flag});
        REQUIRE(std::holds_alternative<Exit>(outcome));
        CHECK(std::get<Exit>(outcome).code == 0);
        CHECK(std::get<Exit>(outcome).err.empty());
        CHECK(std::get<Exit>(outcome).out.find("--message-rate N") != std::string::npos);
    }
}

TEST_CASE("Options: an unknown flag or a stray argument names itself") {
    CHECK(complaint_of({"--prot", "80"}) == "--prot: there is no such option, see --help");
    CHECK(complaint_of({"--prot=80"}) == "--prot: there is no such option, see --help");
    CHECK(complaint_of({"-p", "80"}) == "-p: there is no such option, see --help");
    CHECK(complaint_of({"3000"}) == "3000: there is no such option, see --help");
    CHECK(complaint_of({"--allow-origin", "http://a", "http://b"}) ==
          "http://b: there is no such option, see --help");
}

TEST_CASE("Options: a missing value names its flag") {
    CHECK(complaint_of({"--port"}) == "--port: a value is missing");
    CHECK(complaint_of({"--port=", "--host", "::1"}) == "--port: a value is missing");
}

TEST_CASE("Options: a bad value names itself and where it came from") {
    CHECK(complaint_of({"--port", "http"}) == "--port: \"http\" is not a number from 0 to 65535");
    CHECK(complaint_of({"--port", "-5"}) == "--port: \"-5\" is not a number from 0 to 65535");
    CHECK(complaint_of({}, {{"VIDEOCHAT_LOG_FORMAT", "xml"}}) ==
          "VIDEOCHAT_LOG_FORMAT: \"xml\" is not text or json");
    CHECK(complaint_of({}, {{"PORT", "x"}}) == "PORT: \"x\" is not a number from 0 to 65535");
    CHECK(complaint_of({"--config", kPath}, {}, "\nport = 99999\n") ==
          "/etc/chat.conf:2: port: \"99999\" is not a number from 0 to 65535");
}

TEST_CASE("Options: a value that is overruled must be right all the same") {
    CHECK(complaint_of({"--port", "80"}, {{"VIDEOCHAT_PORT", "x"}}) ==
          "VIDEOCHAT_PORT: \"x\" is not a number from 0 to 65535");
}

TEST_CASE("Options: an unknown variable or line names itself") {
    CHECK(complaint_of({}, {{"VIDEOCHAT_PROT", "80"}}) ==
          "VIDEOCHAT_PROT: there is no such setting, see --help");
    CHECK(complaint_of({"--config", kPath}, {}, "port = 80\nprot = 80\n") ==
          "/etc/chat.conf:2: there is no setting \"prot\", see --help");
    CHECK(complaint_of({"--config", kPath}, {}, "config = x\n") ==
          "/etc/chat.conf:1: there is no setting \"config\", see --help");
}

TEST_CASE("Options: a file that cannot be read or understood is named") {
    CHECK(complaint_of({"--config", "/not/there"}) == "--config: cannot read \"/not/there\"");
    CHECK(complaint_of({}, {{"VIDEOCHAT_CONFIG", "/not/there"}}) ==
          "VIDEOCHAT_CONFIG: cannot read \"/not/there\"");
    CHECK(complaint_of({"--config", kPath}, {}, "port 80") ==
          "/etc/chat.conf:1: expected a line `name = value`");
    CHECK(complaint_of({"--config", kPath}, {}, "port = 80\nport = 81\n") ==
          "/etc/chat.conf:2: port: is given a second time");
    CHECK(complaint_of({"--config", kPath}, {}, "port = 80, 81\n") ==
          "/etc/chat.conf:1: port: one value is expected (quote its commas)");
}

TEST_CASE("Options: control characters in a mistake stay on its line") {
    CHECK(complaint_of({"--port", "8\n0\x1b[31m"}) ==
          R"(--port: "8\n0\x1b[31m" is not a number from 0 to 65535)");
    CHECK(complaint_of({"--a\nb"}) == R"(--a\nb: there is no such option, see --help)");
}

TEST_CASE("Options: the ping timeout must be longer than the ping interval") {
    CHECK(complaint_of({"--ping-timeout", "15s"}) ==
          "--ping-timeout: the ping timeout (15s) must be longer than the ping interval (15s)");
    CHECK(complaint_of({}, {{"VIDEOCHAT_PING_INTERVAL", "1m"}}) ==
          "VIDEOCHAT_PING_INTERVAL: the ping timeout (30s) must be longer than the ping interval "
          "(1m)");
    CHECK(config_of({"--ping-interval", "0", "--ping-timeout", "1s"}).websocket.ping_timeout == 1s);
}

TEST_CASE("Options: the very values that --help shows are accepted") {
    const Config config = config_of({"--message-limit", "256KiB", "--ping-interval", "300ms",
                                     "--keep-alive-timeout", "1.5m", "--message-rate", "0"});
    CHECK(config.websocket.message == 256 * kKiB);
    CHECK(config.websocket.ping_interval == 300ms);
    CHECK(config.http.keep_alive_timeout == 90s);
    CHECK(config.websocket.message_rate == 0);
}

TEST_CASE("Options: a TURN server needs a secret, and no complaint shows one") {
    CHECK(complaint_of({"--ice-server", "turn:t.example"}) ==
          "--ice-server: \"turn:t.example\" needs --turn-secret");
    CHECK(config_of({"--ice-server", "stun:s.example"}).ice.servers.size() == 1);
    const Config config =
        config_of({"--ice-server", "turn:t.example"}, {{"VIDEOCHAT_TURN_SECRET", "hidden"}});
    CHECK(config.ice.turn_secret == "hidden");
    for (const auto& complaint :
         {complaint_of({"--turn-secret", "hidden", "--port", "x"}),
          complaint_of({"--turn-secret=hidden", "--ping-timeout", "1s"}),
          complaint_of({"--config", kPath}, {}, "turn-secret = hidden, hidden\n"),
          complaint_of({"--config", kPath}, {}, "turn-secret = hidden\nturn-secret = hidden\n"),
          complaint_of({"--config", kPath}, {}, "turn-secret = \"hidden\n")}) {
        INFO(complaint);
        CHECK(complaint.find("hidden") == std::string::npos);
    }
    CHECK(complaint_of({"--turn-secret="}) == "--turn-secret: a value is missing");
}
