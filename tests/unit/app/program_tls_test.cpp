// `videochat-server ca` and `trust` from outside, and a server that lives with what they do.
#include <algorithm>
#include <csignal>

#include "app/run_program.hpp"
#include "program.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using videochat::app::find_program;
using videochat::app::run_program;

namespace {

using Strings = std::vector<std::string>;

struct Said {
    int code;
    std::string out;
    std::string err;
};

Said say(Strings arguments, Strings environment = {}) {
    Program program(std::move(arguments), Program::Output::Pipes, std::move(environment));
    std::string out = program.rest();
    std::string err = program.errors();
    return {program.exit_code(), std::move(out), std::move(err)};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string search_path() { return "/usr/local/bin:/usr/bin:/bin"; }

// What `openssl ARGUMENTS` answers to the input.
std::string openssl(Strings arguments, const std::string& input = {}) {
    const std::string path = find_program("openssl", search_path());
    if (path.empty()) FAIL("openssl is needed for this test: scripts/install-deps test");
    arguments.insert(arguments.begin(), path);
    return run_program(arguments, input, std::nullopt).output;
}

// The line behind "SHA-256:" or of openssl's "sha256 Fingerprint=".
std::string behind(const std::string& text, const std::string& label) {
    const auto at = text.find(label);
    if (at == std::string::npos) return {};
    const auto begin = text.find_first_not_of(' ', at + label.size());
    return text.substr(begin, text.find('\n', begin) - begin);
}

struct Installation {
    Strings with(Strings arguments) const {
        arguments.insert(arguments.end(), {"--state-dir", top.file("state")});
        return arguments;
    }
    Said make() const { return say(with({"ca", "--new"})); }

    videochat::test::TempFolder top;
};

}  // namespace

TEST_CASE("ca --new: makes a CA that signed the leaf; ca --print shows it") {
    const Installation here;
    const Said made = here.make();
    CHECK(made.code == 0);
    CHECK(made.err.empty());
    const Said printed = say(here.with({"ca", "--print"}));
    CHECK(printed.code == 0);
    here.top.write("printed.pem", printed.out);
    CHECK(openssl({"verify", "-x509_strict", "-CAfile", here.top.file("printed.pem"),
                   here.top.file("state/leaf.crt")}) == here.top.file("state/leaf.crt") + ": OK\n");
    const std::string fingerprint = behind(printed.out, "SHA-256:");
    CHECK(fingerprint.size() == 95);
    CHECK(behind(made.out, "SHA-256:") == fingerprint);
    CHECK(has(openssl({"x509", "-noout", "-fingerprint", "-sha256"}, printed.out), fingerprint));
    CHECK(has(printed.out, here.top.file("state/ca.crt")));
    for (const auto* permitted : {"10.0.0.0/8", "fc00::/7", "localhost, local, lan, home.arpa"})
        CHECK(has(printed.out, permitted));
    CHECK_FALSE(has(printed.out, "PRIVATE"));
}

TEST_CASE("ca --new: takes the names of the day, keeps the old certificate, drops the old key") {
    const Installation here;
    const std::string before = behind(here.make().out, "SHA-256:");
    const std::string old_certificate = here.top.text_in("state/ca.crt");
    const std::string old_key = here.top.text_in("state/ca.key");
    const Said made = say(here.with({"ca", "--new", "--tls-name", "chat.example"}));
    CHECK(made.code == 0);
    CHECK(has(made.out, "chat.example"));
    CHECK(behind(made.out, "SHA-256:") != before);
    CHECK(here.top.text_in("state/retired.crt") == old_certificate);
    CHECK(here.top.text_in("state/ca.key") != old_key);
    const Said unconstrained = say(here.with({"ca", "--new", "--ca-unconstrained"}));
    CHECK(has(unconstrained.out, "any address and name"));
    CHECK(has(say(here.with({"ca", "--print"})).out, "any address and name"));
}

TEST_CASE("ca: wrong usage is told in one line with 2, a missing or broken CA with 1") {
    const Installation here;
    for (const auto& arguments :
         {Strings{"ca"}, Strings{"ca", "--print", "--new"}, Strings{"ca", "--prnt"},
          Strings{"ca", "--print", "--port", "x"}, Strings{"trust", "--port", "x"}}) {
        const Said said = say(here.with(arguments));
        INFO(said.err);
        CHECK(said.code == 2);
        CHECK(said.err.rfind("videochat-server: ", 0) == 0);
        CHECK(std::count(said.err.begin(), said.err.end(), '\n') == 1);
    }
    for (const auto& arguments : {Strings{"trust"}, Strings{"ca", "--print"}}) {
        const Said said = say(here.with(arguments));
        CHECK(said.code == 1);
        CHECK(has(said.err, here.top.file("state")));
        CHECK_FALSE(here.top.has("state"));
    }
    here.top.write("state/ca.crt", "junk");
    const Said said = say(here.with({"ca", "--print"}));
    CHECK(said.code == 1);
    CHECK(has(said.err, here.top.file("state/ca.crt")));
}

TEST_CASE("ca and trust: --help explains, and the program's own names them") {
    for (const auto* command : {"ca", "trust"}) {
        const Said said = say({command, "--help"});
        CHECK(said.code == 0);
        CHECK(said.err.empty());
        CHECK(has(said.out, std::string("videochat-server ") + command));
    }
    const std::string help = say({"--help"}).out;
    for (const auto* command : {"ca --print", "ca --new", "trust --remove"})
        CHECK(has(help, command));
}

TEST_CASE("ca: the folder is found by a variable and by a configuration file as well") {
    const Installation here;
    REQUIRE(here.make().code == 0);
    const std::string folder = here.top.file("state");
    here.top.write("chat.conf", "state-dir = " + folder + "\nport = 4000\n");
    CHECK(say({"ca", "--print", "--config", here.top.file("chat.conf")}, {"VIDEOCHAT_STATE_DIR="})
              .code == 0);
    CHECK(say({"ca", "--print"}, {"VIDEOCHAT_STATE_DIR=" + folder}).code == 0);
}

TEST_CASE("Program: a CA that is not private or broken ends the start, and stays as it is") {
    const Installation here;
    REQUIRE(here.make().code == 0);
    const std::string key = here.top.text_in("state/ca.key");
    const auto start = [&here] { return say(here.with({"--port", "0", "--host", "localhost"})); };
    std::filesystem::permissions(here.top.file("state/ca.key"), std::filesystem::perms(0640));
    for (const auto* content : {key.c_str(), "junk"}) {
        here.top.write("state/ca.key", content);
        const Said said = start();
        INFO(said.err);
        CHECK(said.code == 1);
        CHECK(has(said.err, here.top.file("state/ca.key")));
        CHECK(std::count(said.err.begin(), said.err.end(), '\n') == 1);
        CHECK(here.top.text_in("state/ca.key") == content);
        std::filesystem::permissions(here.top.file("state/ca.key"), std::filesystem::perms(0600));
    }
}

TEST_CASE("Program: a --tls-name that the CA does not permit ends the start with the way out") {
    const Installation here;
    REQUIRE(here.make().code == 0);
    const Said said =
        say(here.with({"--port", "0", "--host", "localhost", "--tls-name", "chat.example"}));
    CHECK(said.code == 1);
    CHECK(has(said.err, "chat.example"));
    CHECK(has(said.err, "videochat-server ca --new"));
}

TEST_CASE("Program: two starts at once make one CA") {
    const Installation here;
    const auto arguments =
        here.with({"--port", "0", "--host", "localhost", "--log-format", "json"});
    Program one(arguments);
    Program two(arguments);
    for (Program* program : {&one, &two}) {
        REQUIRE(has(program->line(), "listening"));
        program->send(SIGTERM);
        CHECK(program->exit_code() == 0);
    }
    const std::string said = one.errors() + two.errors();
    const std::string made = "made a CA of our own";
    const auto first = said.find(made);
    REQUIRE(first != std::string::npos);
    CHECK(said.find(made, first + 1) == std::string::npos);
    CHECK(openssl({"verify", "-CAfile", here.top.file("state/ca.crt"),
                   here.top.file("state/leaf.crt")}) == here.top.file("state/leaf.crt") + ": OK\n");
}
