// Certificates of the operator's: which one a client is shown, and what a change of them costs
// nobody.
#include <chrono>
#include <string>
#include <vector>

#include "integration/server_fixture.hpp"
#include "integration/tls_client.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/certificate_making.hpp"
#include "tls/certificate_reading.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::test;

namespace {

/// Files of certificates that a CA elsewhere has signed, and a server that shows them.
class Certificates {
  public:
    Certificates() : ca_key_(tls::make_key()), ca_(tls::make_ca(ca_key_.get(), {}, now())) {}

    /// A new pair for `name`; returns the fingerprint as digits alone.
    std::string issue(const std::string& name) const {
        const tls::Key key = tls::make_key();
        const tls::Certificate leaf =
            tls::make_leaf(key.get(), {{}, {name}}, ca_.get(), ca_key_.get(), now());
        folder.write(name + ".crt", tls::to_pem(leaf.get()));
        folder.write(name + ".key", tls::to_pem(key.get()));
        std::string digits = tls::sha256_fingerprint(leaf.get());
        std::erase(digits, ':');
        return digits;
    }
    Config config_for(const std::vector<std::string>& names) const {
        Config config = test_config();
        for (const std::string& name : names) {
            config.tls.certificates.push_back(folder.file(name + ".crt"));
            config.tls.keys.push_back(folder.file(name + ".key"));
        }
        return config;
    }

    const TempFolder folder;

  private:
    static tls::Time now() { return std::chrono::system_clock::now(); }
    tls::Key ca_key_;
    tls::Certificate ca_;
};

std::string shown_for(std::uint16_t port, const std::string& name) {
    TlsClient client(port, {.server_name = name});
    REQUIRE(client.handshake());
    return client.fingerprint();
}

}  // namespace

TEST_CASE("Certificates: the client's name for the server chooses, the first is for all others") {
    const Certificates certificates;
    const std::string first = certificates.issue("first.example");
    const std::string second = certificates.issue("second.example");
    const RunningServer server(certificates.config_for({"first.example", "second.example"}));
    CHECK(shown_for(server.port(), "first.example") == first);
    CHECK(shown_for(server.port(), "second.example") == second);
    CHECK(shown_for(server.port(), "SECOND.example") == second);
    CHECK(shown_for(server.port(), "") == first);
    for (const char* other :
         {"third.example", "x.second.example", "example", "second.example.org"}) {
        INFO(other);
        CHECK(shown_for(server.port(), other) == first);
    }
}

TEST_CASE("Certificates: a change leaves connections alone and loses no frame; tickets end") {
    const Certificates certificates;
    const std::string before = certificates.issue("chat.example");
    RunningServer server(certificates.config_for({"chat.example"}));
    SecureSocket a(server.port(), "/socket?room=r");
    SecureSocket b(server.port(), "/socket?room=r");
    TlsClient early(server.port());
    REQUIRE(early.handshake());
    CHECK(early.get("/healthz").starts_with("HTTP/1.1 200"));
    SSL_SESSION* const ticket = ::SSL_get1_session(early.ssl());

    const std::string after = certificates.issue("chat.example");
    server.server().reload();
    int number = 0;
    const auto exchange = [&] {
        const std::string text = R"(["chat message",")" + std::to_string(++number) + "\"]";
        a.send(text);
        CHECK(a.receive() == text);
        CHECK(b.receive() == text);
    };
    REQUIRE(eventually([&] {  // traffic goes on meanwhile
        exchange();
        return shown_for(server.port(), "") == after;
    }));
    CHECK(before != after);
    exchange();
    CHECK(a.tls.fingerprint() == before);

    TlsClient late(server.port(), {.session = ticket});
    REQUIRE(late.handshake());
    CHECK_FALSE(::SSL_session_reused(late.ssl()));
    CHECK(late.fingerprint() == after);
    ::SSL_SESSION_free(ticket);
}

TEST_CASE("Certificates: one that cannot be used changes nothing, and the next good one is taken") {
    const Certificates certificates;
    const std::string before = certificates.issue("chat.example");
    RunningServer server(certificates.config_for({"chat.example"}));
    certificates.folder.write("chat.example.key", "no key");
    server.server().reload();
    SecureSocket socket(server.port());
    for (int i = 0; i < 20; ++i) {  // whenever it looks, it shows the old one
        REQUIRE(shown_for(server.port(), "") == before);
        socket.send(R"(["chat message","x"])");
        CHECK(socket.receive() == R"(["chat message","x"])");
    }
    const std::string after = certificates.issue("chat.example");
    server.server().reload();
    CHECK(eventually([&] { return shown_for(server.port(), "") == after; }));
}
