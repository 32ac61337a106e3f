// Which arguments are a command, and `trust` with the browsers of a home of the test.
#include "app/commands.hpp"

#include "app/run_program.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/certificate_reading.hpp"
#include "tls/own_certificate.hpp"

using namespace videochat;
using namespace videochat::app;

namespace {

constexpr const char* kPath = "/usr/local/bin:/usr/bin:/bin";

// As certutil lists it.
std::string trusted_in(const std::string& home) {
    const std::string certutil = find_program("certutil", kPath);
    if (certutil.empty()) FAIL("certutil is needed for this test: scripts/install-deps test");
    return run_program({certutil, "-d", "sql:" + home + "/.pki/nssdb", "-L"}, {}, std::nullopt)
        .output;
}

Exit trust(const std::vector<std::string>& arguments, const std::string& home) {
    std::vector<std::string> all{"trust"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto exit = run_command(all, {{"HOME", home}, {"PATH", kPath}}, false);
    REQUIRE(exit);
    return *exit;
}

std::string new_ca_in(const std::string& folder) {
    TlsConfig config;
    config.state_dir = folder;
    return tls::common_name(tls::replace_ca(config).certificate.get());
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Commands: only the first argument can be one") {
    CHECK_FALSE(run_command({}, {}, false));
    CHECK_FALSE(run_command({"--port", "3000"}, {}, false));
    CHECK_FALSE(run_command({"--root", "trust"}, {}, false));
    CHECK_FALSE(run_command({"cat"}, {}, false));
    CHECK(run_command({"ca", "--help"}, {}, false));
    CHECK(run_command({"trust", "--help"}, {}, false));
}

TEST_CASE("trust: finds the CA of the user's server, and the user's browsers; --remove undoes it") {
    const videochat::test::TempFolder top;
    const std::string name = new_ca_in(top.file(".local/state/videochat-server"));
    const Exit installed = trust({}, top.path());
    CHECK(installed.code == 0);
    CHECK(installed.err.empty());
    CHECK(has(installed.out, name));
    CHECK(has(installed.out, top.file(".pki/nssdb") + " trusts it"));
    CHECK(has(trusted_in(top.path()), name));
    const Exit removed = trust({"--remove"}, top.path());
    CHECK(removed.code == 0);
    CHECK(has(removed.out, "no longer trusts it"));
    CHECK_FALSE(has(trusted_in(top.path()), name));
    CHECK(has(trust({"--remove"}, top.path()).out, "Nothing on this machine trusted it"));
}

TEST_CASE("trust: takes out what `ca --new` has replaced") {
    const videochat::test::TempFolder top;
    const std::vector<std::string> where{"--state-dir", top.file("state")};
    const std::string first = new_ca_in(top.file("state"));
    REQUIRE(trust(where, top.path()).code == 0);
    const std::string second = new_ca_in(top.file("state"));
    const Exit again = trust(where, top.path());
    CHECK(again.code == 0);
    CHECK(has(again.out, first + ", which was replaced"));
    const std::string list = trusted_in(top.path());
    CHECK_FALSE(has(list, first));
    CHECK(has(list, second));
    CHECK_FALSE(has(trust(where, top.path()).out, first));
}

TEST_CASE("trust and ca: without a home and --state-dir there is nothing to look at") {
    for (const auto& arguments :
         {std::vector<std::string>{"trust"}, std::vector<std::string>{"ca", "--print"}}) {
        const auto exit = run_command(arguments, {}, false);
        REQUIRE(exit);
        CHECK(exit->code == 2);
        CHECK(has(exit->err, "--state-dir"));
    }
}
