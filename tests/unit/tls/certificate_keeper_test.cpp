// The keeper's own thread: what is current changes by itself, on demand, and with the network.
#include "tls/certificate_keeper.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "certificates.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/temp_folder.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::tls;
using namespace std::chrono_literals;
using test::kNow;
using test::TempFolder;

namespace {

using Strings = std::vector<std::string>;

bool has(const CertificateKeeper& keeper, const std::string& name) {
    const auto names = keeper.current().facts->names;
    return std::find(names.begin(), names.end(), name) != names.end();
}

CertificateKeeper::Hooks quick() {
    CertificateKeeper::Hooks hooks;
    hooks.surroundings.addresses = [] { return std::vector<OwnAddress>{}; };
    hooks.surroundings.host_name = [] { return "den"; };
    hooks.surroundings.now = [] { return kNow; };
    hooks.look_interval = 5ms;
    hooks.gathering = 5ms;
    return hooks;
}

void write_pair(const TempFolder& top, const std::string& host) {
    const Key ca_key = make_key();
    const Certificate ca = make_ca(ca_key.get(), {}, kNow);
    const Key key = make_key();
    const Certificate leaf = make_leaf(key.get(), {{}, {host}}, ca.get(), ca_key.get(), kNow);
    test::write_file(top.file("a.crt"), to_pem(leaf.get()));
    test::write_file(top.file("a.key"), to_pem(key.get()));
}

TlsConfig real_pair(const TempFolder& top) {
    TlsConfig config;
    config.certificates = {top.file("a.crt")};
    config.keys = {top.file("a.key")};
    return config;
}

// A network of one's own, in which addresses come and go. Runs `part` in a child process there:
// its result, or nullopt where the system gives no network namespace.
enum class Part : int { Done = 0, Failed = 1, NoNamespace = 2 };

Part in_network_of_its_own(const std::function<bool()>& part) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const bool is_alone =
            ::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
        if (!is_alone) ::_exit(static_cast<int>(Part::NoNamespace));
        ::_exit(static_cast<int>(part() ? Part::Done : Part::Failed));
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? static_cast<Part>(WEXITSTATUS(status)) : Part::Failed;
}

// Puts an IPv4 address on the loopback interface, under a label of its own.
bool add_address(const char* label, const char* text) {
    ifreq request{};
    std::strncpy(request.ifr_name, label, IFNAMSIZ - 1);
    sockaddr_in wanted{};
    wanted.sin_family = AF_INET;
    ::inet_pton(AF_INET, text, &wanted.sin_addr);
    std::memcpy(&request.ifr_addr, &wanted, sizeof wanted);
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    const bool is_done = ::ioctl(socket, SIOCSIFADDR, &request) == 0;
    ::close(socket);
    return is_done;
}

bool set_up(const char* name, bool is_up) {
    ifreq request{};
    std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    bool is_done = ::ioctl(socket, SIOCGIFFLAGS, &request) == 0;
    const auto up = static_cast<short>(IFF_UP);
    request.ifr_flags =
        static_cast<short>(is_up ? request.ifr_flags | up : request.ifr_flags & ~up);
    is_done = is_done && ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
    ::close(socket);
    return is_done;
}

}  // namespace

TEST_CASE("Keeper: has a certificate from the start, with facts that fit it") {
    const CertificateKeeper keeper(TlsConfig{}, quick());
    const auto current = keeper.current();
    REQUIRE(current.context);
    REQUIRE(current.facts);
    CHECK(current.context->new_session() != nullptr);
    CHECK(current.facts->names.front() == "localhost");
    CHECK(current.facts->ca_sha256.size() == 95);
    CHECK(keeper.current().context == current.context);
}

TEST_CASE("Keeper: what it cannot start with is thrown in one line") {
    const TempFolder top;
    CHECK_THROWS_WITH(CertificateKeeper(real_pair(top), quick()),
                      Catch::Matchers::Contains(top.file("a.crt")));
}

TEST_CASE("Keeper: changed files are read by themselves; who has the old context keeps it") {
    const TempFolder top;
    write_pair(top, "old.example");
    const CertificateKeeper keeper(real_pair(top), quick());
    const auto before = keeper.current();
    CHECK(before.facts->names == Strings{"old.example"});
    write_pair(top, "new.example");
    CHECK(test::eventually([&keeper] { return has(keeper, "new.example"); }));
    CHECK(keeper.current().context != before.context);
    CHECK(before.context->new_session() != nullptr);
    CHECK(before.facts->names == Strings{"old.example"});
}

TEST_CASE("Keeper: reads anew when told so, without waiting for a look") {
    const TempFolder top;
    write_pair(top, "old.example");
    auto hooks = quick();
    hooks.look_interval = std::chrono::hours(1);
    CertificateKeeper keeper(real_pair(top), hooks);
    write_pair(top, "new.example");
    keeper.reload();
    CHECK(test::eventually([&keeper] { return has(keeper, "new.example"); }));
}

TEST_CASE("Keeper: takes up a CA that `ca --new` has made") {
    const TempFolder top;
    TlsConfig config;
    config.state_dir = top.path();
    const CertificateKeeper keeper(config, quick());
    const auto before = keeper.current();
    const LocalCa made = replace_ca(config, quick().surroundings);
    const std::string wanted = sha256_fingerprint(made.certificate.get());
    CHECK(test::eventually(
        [&keeper, &wanted] { return keeper.current().facts->ca_sha256 == wanted; }));
    CHECK(before.facts->ca_sha256 != wanted);
}

TEST_CASE("Keeper: an address that appears is in the certificate, one that goes changes nothing") {
    const auto part = in_network_of_its_own([] {
        std::atomic<int> looks{0};
        auto hooks = quick();
        hooks.surroundings.addresses = [&looks] {
            ++looks;
            return own_addresses();
        };
        hooks.look_interval = std::chrono::hours(1);  // the system has to tell
        hooks.gathering = 100ms;
        CertificateKeeper keeper(TlsConfig{}, hooks);
        const auto leaf = [&keeper] { return keeper.current().facts->leaf_sha256; };
        const auto first = leaf();
        if (has(keeper, "10.1.2.3")) return false;
        // A burst, with one that the CA does not permit.
        if (!set_up("lo", true) || !add_address("lo:1", "10.1.2.3") ||
            !add_address("lo:2", "203.0.113.7") || !add_address("lo:3", "192.168.7.7")) {
            return false;
        }
        if (!test::eventually([&keeper] { return has(keeper, "192.168.7.7"); })) return false;
        const auto second = leaf();
        if (second == first || !has(keeper, "10.1.2.3") || has(keeper, "203.0.113.7")) return false;
        if (!set_up("lo:1", false)) return false;
        // The last of these looks began after the first of them was done with.
        for (int i = 0; i < 3; ++i) {
            const int looks_before = looks;
            keeper.reload();
            if (!test::eventually([&looks, looks_before] { return looks > looks_before; }))
                return false;
        }
        return leaf() == second && has(keeper, "10.1.2.3");
    });
    if (part == Part::NoNamespace) {
        WARN("this system gives no network namespace: not tried");
        return;
    }
    CHECK(part == Part::Done);
}
