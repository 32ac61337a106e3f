// The log as an operator and the tools that read it see it.
#include "observe/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace videochat::observe;
using nlohmann::json;
using videochat::LogConfig;

namespace {

// A folder for log files, and silence when the test has ended.
class LogFolder {
  public:
    LogFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "log-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
    }
    ~LogFolder() {
        log::start({"off", "text", ""});
        std::filesystem::remove_all(folder_);
    }
    LogFolder(const LogFolder&) = delete;
    LogFolder& operator=(const LogFolder&) = delete;

    std::string path(const std::string& name) const { return folder_ / name; }

    std::vector<std::string> lines(const std::string& name) const {
        std::ifstream file(path(name));
        std::vector<std::string> found;
        for (std::string line; std::getline(file, line);)
            found.push_back(line);
        return found;
    }

  private:
    std::filesystem::path folder_;
};

// For its lifetime standard error is a pipe, in which a write waits when it is full.
class PipeAsStandardError {
  public:
    PipeAsStandardError() : saved_(::dup(STDERR_FILENO)) {
        REQUIRE(::pipe(ends_.data()) == 0);
        REQUIRE(::dup2(ends_[1], STDERR_FILENO) == STDERR_FILENO);
        ::close(ends_[1]);
    }
    ~PipeAsStandardError() {
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
        close_reader();
    }
    PipeAsStandardError(const PipeAsStandardError&) = delete;
    PipeAsStandardError& operator=(const PipeAsStandardError&) = delete;

    int reader() const { return ends_[0]; }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }

  private:
    std::array<int, 2> ends_{-1, -1};
    int saved_;
};

// One line in the given format.
std::string line_of(const std::string& format, std::string_view message, log::Fields fields) {
    const LogFolder folder;
    log::start({"info", format, folder.path("log")});
    log::info(message, fields);
    const auto lines = folder.lines("log");
    REQUIRE(lines.size() == 1);
    return lines.front();
}

std::string error_of(const LogConfig& config) {
    try {
        log::start(config);
    } catch (const std::runtime_error& problem) {
        return problem.what();
    }
    return {};
}

constexpr std::size_t kTimeLength = 25;  // with the blank behind it

}  // namespace

TEST_CASE("Log: a text line has the time in UTC, the level, the message and the fields") {
    const std::string line = line_of(
        "text", "listening", {{"port", 3000}, {"room", "a b"}, {"base", "/x"}, {"tls", false}});
    CHECK(std::regex_search(
        line, std::regex(R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info  listening )")));
    CHECK(line.substr(kTimeLength) == R"(info  listening port=3000 room="a b" base=/x tls=false)");
}

TEST_CASE("Log: a JSON line is one object") {
    const auto line = json::parse(line_of(
        "json", "say \"hi\"", {{"n", -5}, {"big", ~std::uint64_t{0}}, {"ok", true}, {"s", "x"}}));
    CHECK(std::regex_match(line.at("time").get<std::string>(),
                           std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
    CHECK(line.at("level") == "info");
    CHECK(line.at("message") == "say \"hi\"");
    CHECK(line.at("n") == -5);
    CHECK(line.at("big") == ~std::uint64_t{0});
    CHECK(line.at("ok") == true);
    CHECK(line.at("s") == "x");
}

TEST_CASE("Log: whatever peers send stays within its field of its line") {
    const std::string evil = "\" level=error\n{}\x1b[2J\xff" + std::string(1, '\0');
    CHECK(line_of("text", "room", {{"name", evil}}).substr(kTimeLength) ==
          R"(info  room name="\" level=error\n{}\x1b[2J\xff\x00")");
    const auto line = json::parse(line_of("json", "room", {{"name", evil}}));
    CHECK(line.at("name") == "\" level=error\n{}\x1b[2J\uFFFD" + std::string(1, '\0'));
    CHECK(line_of("text", "two\nlines", {}).substr(kTimeLength) == R"(info  two\nlines)");
}

TEST_CASE("Log: long values are cut, and a line never grows past what a pipe takes at once") {
    const std::string longest(100'000, '\n');
    for (const std::string format : {"text", "json"}) {
        const std::string line = line_of(format, "long",
                                         {{"a", longest},
                                          {"b", longest},
                                          {"c", longest},
                                          {"d", longest},
                                          {"e", longest},
                                          {"f", longest},
                                          {"g", longest},
                                          {"h", longest},
                                          {"i", longest},
                                          {"j", longest},
                                          {"k", longest},
                                          {"l", longest}});
        CHECK(line.size() > 3000);
        CHECK(line.size() < 4096);
        if (format == "json") {
            CHECK(json::parse(line).at("a") == std::string(200, '\n') + "...");
        }
    }
}

TEST_CASE("Log: only lines of the chosen level and above are written") {
    const LogFolder folder;
    log::start({"warn", "text", folder.path("log")});
    CHECK_FALSE(log::enabled(log::Level::Info));
    CHECK(log::enabled(log::Level::Warn));
    log::debug("a");
    log::info("b");
    log::warn("c");
    log::error("d");
    const auto lines = folder.lines("log");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].substr(kTimeLength) == "warn  c");
    CHECK(lines[1].substr(kTimeLength) == "error d");
}

TEST_CASE("Log: every level that options accept is known, others are not") {
    for (const std::string level : {"trace", "debug", "info", "warn", "error", "off"}) {
        CHECK(error_of({level, "text", ""}).empty());
    }
    CHECK(error_of({"off", "text", ""}).empty());
    CHECK(error_of({"loud", "text", ""}) == "there is no log level \"loud\"");
    CHECK(error_of({"off", "xml", ""}) == "there is no log format \"xml\"");
}

TEST_CASE("Log: a file that cannot be opened is an error at the start, named in one line") {
    const LogFolder folder;
    const std::string missing = folder.path("missing/log");
    CHECK(error_of({"info", "text", missing}) ==
          "cannot open the log file \"" + missing + "\": No such file or directory");
    // A FIFO without a reader must not keep the server waiting.
    REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    CHECK_FALSE(error_of({"info", "text", folder.path("fifo")}).empty());
}

TEST_CASE("Log: lines are appended, and after a rotation a new file is begun") {
    const LogFolder folder;
    log::start({"info", "text", folder.path("log")});
    log::info("one");
    std::filesystem::rename(folder.path("log"), folder.path("log.1"));
    log::info("two");
    log::reopen();
    log::info("three");
    log::start({"info", "text", folder.path("log")});
    log::info("four");
    CHECK(folder.lines("log.1").size() == 2);
    const auto lines = folder.lines("log");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].substr(kTimeLength) == "info  three");
    CHECK(lines[1].substr(kTimeLength) == "info  four");
}

TEST_CASE("Log: when a new file cannot be opened the old one goes on and says so") {
    const LogFolder folder;
    std::filesystem::create_directory(folder.path("logs"));
    log::start({"info", "text", folder.path("logs/log")});
    std::filesystem::rename(folder.path("logs"), folder.path("moved"));
    log::reopen();
    log::info("still here");
    const auto lines = folder.lines("moved/log");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].find("cannot be reopened") != std::string::npos);
    CHECK(lines[1].substr(kTimeLength) == "info  still here");
}

TEST_CASE("Log: a full disk costs lines, nothing else") {
    if (::access("/dev/full", W_OK) != 0) return;
    const LogFolder folder;
    log::start({"info", "text", "/dev/full"});
    log::info("lost");
    log::start({"info", "text", folder.path("log")});
    log::info("kept");
    CHECK(folder.lines("log").size() == 1);
}

TEST_CASE("Log: a pipe that nobody reads costs lines, not time") {
    const PipeAsStandardError pipe;
    log::start({"info", "text", ""});
    for (int i = 0; i < 20'000; ++i)
        log::info("a line to fill the pipe", {{"i", i}});
    std::string first(4096, '\0');
    REQUIRE(::read(pipe.reader(), first.data(), first.size()) == 4096);
    CHECK(first.substr(kTimeLength, 33) == "info  a line to fill the pipe i=0");
    log::start({"off", "text", ""});
}

TEST_CASE("Log: a pipe whose reader has gone is no reason to end") {
    PipeAsStandardError pipe;
    log::start({"info", "text", ""});
    pipe.close_reader();
    log::info("would raise SIGPIPE if it were written");
    log::start({"off", "text", ""});
}

TEST_CASE("Log: lines of several threads do not mix") {
    const LogFolder folder;
    log::start({"info", "json", folder.path("log")});
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < 500; ++i)
                log::info("line", {{"thread", t}, {"i", i}});
        });
    }
    for (auto& thread : threads)
        thread.join();
    const auto lines = folder.lines("log");
    CHECK(lines.size() == 2000);
    for (const auto& line : lines) {
        if (!json::accept(line)) FAIL(line);
    }
}

TEST_CASE("OncePerMinute: lets one through a minute and counts the others") {
    log::OncePerMinute limit;
    const auto start = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    CHECK(limit.admit(start) == 0U);
    CHECK_FALSE(limit.admit(start).has_value());
    CHECK_FALSE(limit.admit(start + std::chrono::milliseconds(59'999)).has_value());
    CHECK(limit.admit(start + std::chrono::minutes(1)) == 2U);
    CHECK_FALSE(limit.admit(start + std::chrono::minutes(1)).has_value());
    CHECK(limit.admit(start + std::chrono::minutes(5)) == 1U);
}
