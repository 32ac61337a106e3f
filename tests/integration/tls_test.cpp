// HTTPS on the same port, over real sockets: who speaks what, what is refused, and that everything
// that works without TLS works with it.
#include <sys/socket.h>

#include <string>
#include <thread>
#include <vector>

#include "integration/server_fixture.hpp"
#include "integration/tls_client.hpp"
#include "net/listener.hpp"
#include "support/catch.hpp"
#include "support/client_frame.hpp"

using namespace videochat;
using namespace videochat::test;
using namespace std::chrono_literals;

namespace {

bool has_status(std::string_view answer, int status) {
    return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

std::string_view body_of(std::string_view answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string_view{} : answer.substr(end + 4);
}

/// A port that nobody listens on at this moment.
std::uint16_t free_port() { return net::Listener::port_of(net::Listener::open("127.0.0.1", 0)); }

Config quick_config() {
    Config config = test_config();
    config.tls.handshake_timeout = 300ms;
    config.http.first_byte_timeout = 300ms;
    return config;
}

}  // namespace

TEST_CASE("TLS: one port speaks both, whatever the pieces in which the bytes come") {
    const RunningServer server;
    for (const std::size_t piece : {0U, 1U, 2U, 7U, 100U}) {
        INFO("pieces of " << piece);
        TlsClient secure(server.port());
        REQUIRE(secure.handshake(piece));
        secure.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", piece);
        const std::string answer = secure.read_all();
        CHECK(has_status(answer, 200));
        CHECK(body_of(answer) == "ok\n");
        CHECK(secure.is_told_goodbye());
    }
    CHECK(has_status(get(server.port(), "/healthz"), 200));
    RawClient plain(server.port());
    for (const char byte : std::string("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")) {
        plain.send({&byte, 1});
    }
    CHECK(has_status(plain.read_response(), 200));
    CHECK(metric(server.port(), "videochat_tls_handshakes_total") == 5);
    CHECK(metric(server.port(), "videochat_tls_failures_total") == 0);
}

TEST_CASE("TLS: requests that come in one record are answered in turn") {
    const RunningServer server;
    TlsClient client(server.port());
    REQUIRE(client.handshake());
    std::string requests;
    for (int i = 0; i < 20; ++i)
        requests += "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(requests + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answers = client.read_all();
    std::size_t count = 0;
    for (std::size_t at = answers.find("HTTP/1.1 200"); at != std::string::npos;
         at = answers.find("HTTP/1.1 200", at + 1)) {
        ++count;
    }
    CHECK(count == 21);
}

TEST_CASE("TLS: of the protocols offered http/1.1 is chosen, and others are told no") {
    const RunningServer server;
    const auto chosen = [](const TlsClient& client) {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        ::SSL_get0_alpn_selected(client.ssl(), &name, &size);
        return std::string(reinterpret_cast<const char*>(name), size);
    };
    TlsClient both(server.port(), {.alpn = "\x02h2\x08http/1.1"});
    REQUIRE(both.handshake());
    CHECK(chosen(both) == "http/1.1");
    TlsClient none(server.port());
    REQUIRE(none.handshake());
    CHECK(chosen(none).empty());
    CHECK(has_status(none.get("/healthz"), 200));
    for (const char* others : {"\x02h2", "\x08http/1.0", "\x07http/1.", "\x09http/1.1x"}) {
        INFO(others);
        TlsClient client(server.port(), {.alpn = others});
        CHECK_FALSE(client.handshake());
        CHECK(client.alert() == SSL_AD_NO_APPLICATION_PROTOCOL);
    }
    CHECK(eventually([&] { return metric(server.port(), "videochat_tls_failures_total") == 4; }));
}

TEST_CASE("TLS: old versions and weak ciphers are refused with an alert") {
    const RunningServer server;
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        INFO("version " << std::hex << version);
        TlsClient old(server.port(), {.least_version = version, .most_version = version});
        CHECK_FALSE(old.handshake());
        CHECK(old.alert() == SSL_AD_PROTOCOL_VERSION);
    }
    for (const char* cipher :
         {"AES128-GCM-SHA256", "AES256-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384",
          "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "AECDH-AES128-SHA"}) {
        INFO(cipher);
        TlsClient weak(server.port(), {.most_version = TLS1_2_VERSION, .ciphers = cipher});
        CHECK_FALSE(weak.handshake());
        CHECK(weak.alert() == SSL_AD_HANDSHAKE_FAILURE);
    }
    for (const char* cipher : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                               "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
        INFO(cipher);
        TlsClient good(server.port(), {.most_version = TLS1_2_VERSION, .ciphers = cipher});
        REQUIRE(good.handshake());
        CHECK(std::string(::SSL_get_version(good.ssl())) == "TLSv1.2");
        CHECK(::SSL_get_current_compression(good.ssl()) == nullptr);
        CHECK(has_status(good.get("/healthz"), 200));
    }
    TlsClient newest(server.port());
    REQUIRE(newest.handshake());
    CHECK(std::string(::SSL_get_version(newest.ssl())) == "TLSv1.3");
}

TEST_CASE("TLS: nobody renegotiates") {
    const RunningServer server;
    TlsClient client(server.port(), {.most_version = TLS1_2_VERSION});
    REQUIRE(client.handshake());
    REQUIRE(::SSL_renegotiate(client.ssl()) == 1);
    CHECK_FALSE(client.handshake());
    CHECK(client.alert() == SSL_AD_NO_RENEGOTIATION);
}

TEST_CASE("TLS: who comes back with a ticket is spared the long handshake") {
    const RunningServer server;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        INFO("version " << std::hex << version);
        TlsClient first(server.port(), {.least_version = version, .most_version = version});
        REQUIRE(first.handshake());
        CHECK_FALSE(::SSL_session_reused(first.ssl()));
        CHECK(has_status(first.get("/healthz"), 200));
        SSL_SESSION* const session = ::SSL_get1_session(first.ssl());
        TlsClient second(server.port(),
                         {.least_version = version, .most_version = version, .session = session});
        REQUIRE(second.handshake());
        CHECK(::SSL_session_reused(second.ssl()) == 1);
        CHECK(has_status(second.get("/healthz"), 200));
        ::SSL_SESSION_free(session);
    }
}

TEST_CASE("TLS: what is no handshake ends with an alert or a cut, and costs nobody else anything") {
    const RunningServer server(quick_config());  // some of it could be the begin of something long
    const std::vector<std::string> garbage{
        std::string("\x16\x03\x01\x00\x05hello", 10),
        "\x16GET / HTTP/1.1\r\n\r\n",
        std::string("\x16\x03\x01\xff\xff", 5) + std::string(70000, 'x'),
        std::string("\x16\x03\x01\x00\x00", 5),
        std::string("\x16\x00\x00\x00\x00", 5) + std::string(100, '\0'),
    };
    for (const std::string& bytes : garbage) {
        RawClient client(server.port());
        client.try_send(bytes);
        client.read_all();
        CHECK(client.ended());
    }
    RawClient gone(server.port());
    gone.send("\x16\x03\x01");
    gone.end_writing();
    gone.read_all();
    CHECK(gone.ended());
    const auto expected = static_cast<long>(garbage.size()) + 1;
    CHECK(eventually(
        [&] { return metric(server.port(), "videochat_tls_failures_total") == expected; }));
    TlsClient client(server.port());
    REQUIRE(client.handshake());
    CHECK(has_status(client.get("/healthz"), 200));
}

TEST_CASE("TLS: bytes that are changed on their way end the connection, and reach nobody") {
    const RunningServer server;
    TlsClient client(server.port());
    REQUIRE(client.handshake());
    client.wire().send(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'));
    CHECK(client.read_all().empty());
    CHECK(client.alert() == SSL_AD_BAD_RECORD_MAC);
    client.wire().read_all();
    CHECK(client.wire().ended());
}

TEST_CASE("TLS: a client that refuses the certificate is everyday life") {
    const RunningServer server;
    TlsClient client(server.port());
    ::SSL_set_verify(client.ssl(), SSL_VERIFY_PEER, nullptr);
    CHECK_FALSE(client.handshake());
    CHECK(eventually([&] { return metric(server.port(), "videochat_tls_failures_total") == 1; }));
}

TEST_CASE("TLS: a handshake has its time from its first byte, and dripping does not extend it") {
    const RunningServer server(quick_config());
    RawClient silent(server.port());
    silent.read_all();
    CHECK(silent.ended());
    RawClient dripping(server.port());
    const std::string hello("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; !dripping.readable_within(20ms); ++i) {
        REQUIRE(std::chrono::steady_clock::now() - began < kPatience);
        dripping.try_send(i < hello.size() ? hello.substr(i, 1) : std::string("x"));
    }
    dripping.read_all();
    CHECK(dripping.ended());
    TlsClient idle(server.port());
    REQUIRE(idle.handshake());
    CHECK(idle.read_all().empty());  // no request came
    CHECK(idle.wire().ended());
}

TEST_CASE("TLS: who leaves without a goodbye is not told off, and a goodbye is answered") {
    const RunningServer server;
    TlsClient rude(server.port());
    REQUIRE(rude.handshake());
    rude.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    rude.wire().end_writing();
    CHECK(has_status(rude.read_all(), 200));
    TlsClient polite(server.port());
    REQUIRE(polite.handshake());
    polite.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    polite.close_notify();
    polite.read_all();
    CHECK(polite.wire().ended());
    CHECK(metric(server.port(), "videochat_tls_failures_total") == 0);
}

TEST_CASE("TLS: a long answer reaches a client that reads late, whole") {
    const RunningServer server;
    const std::string plain = get(server.port(), "/js/pages/chat.js");
    TlsClient client(server.port());
    REQUIRE(client.handshake());
    std::string requests;
    constexpr std::size_t kRequests = 300;  // more than the buffers of two sockets hold
    for (std::size_t i = 0; i < kRequests; ++i) {
        requests += "GET /js/pages/chat.js HTTP/1.1\r\nHost: x\r\n";
        requests += i + 1 == kRequests ? "Connection: close\r\n\r\n" : "\r\n";
    }
    client.send(requests);
    const std::string all = client.read_all();
    std::size_t found = 0;
    for (std::size_t at = 0; (at = all.find(body_of(plain), at)) != std::string::npos; ++at)
        ++found;
    CHECK(found == kRequests);
}

TEST_CASE("TLS: WebSockets in one room hear each other, whatever loop they came to") {
    Config config = test_config();
    config.listen.threads = 3;
    const RunningServer server(config);
    for (const char* room : {"/socket", "/socket?room=a", "/socket?room=b", "/socket?room=c"}) {
        INFO(room);
        SecureSocket a(server.port(), room);
        SecureSocket b(server.port(), room, 1);
        WsClient plain(server.port(), room);
        a.send(R"(["chat message","hello"])");
        for (SecureSocket* each : {&a, &b}) {
            CHECK(each->receive() == R"(["chat message","hello"])");
        }
        CHECK(plain.receive() == R"(["chat message","hello"])");
        plain.send(R"(["chat message","from plain"])");
        CHECK(b.receive() == R"(["chat message","from plain"])");
    }
}

TEST_CASE("TLS: long messages cross, and a flood that is slowed down arrives in order") {
    Config config = test_config();
    config.websocket.byte_rate = 400'000;
    config.websocket.byte_burst = 100'000;  // reading pauses with records in OpenSSL's hands
    config.websocket.message_rate = 0;
    const RunningServer server(config);
    SecureSocket from(server.port());
    SecureSocket to(server.port());
    std::string flood;
    constexpr int kMessages = 12;
    for (int i = 0; i < kMessages; ++i) {
        flood += client_frame(R"(["message",")" + std::to_string(i) + ":" +
                              std::string(20000, 'm') + "\"]");
    }
    from.tls.send(flood);
    for (int i = 0; i < kMessages; ++i) {
        const std::string got = to.receive();
        CHECK(got.starts_with(R"(["message",")" + std::to_string(i) + ":"));
        CHECK(got.size() > 20000);
    }
    CHECK(metric(server.port(), "videochat_reads_paused_total") > 0);
}

TEST_CASE("TLS: a peer that reads nothing is dropped, and its room goes on") {
    Config config = test_config();
    config.websocket.message_rate = 0;
    config.websocket.byte_rate = 0;
    const RunningServer server(config);
    SecureSocket slow(server.port());
    SecureSocket sender(server.port());
    WsClient other(server.port());
    const std::string message = R"(["message",")" + std::string(60000, 'm') + "\"]";
    const auto is_dropped = [&] {
        return metric(server.port(), "videochat_closed_slow_total") > 0;
    };
    for (int i = 0; i < 2000 && !is_dropped(); ++i) {
        sender.send(message);
        CHECK(other.receive() == message);
        CHECK(sender.receive().starts_with(R"(["log")"));
    }
    CHECK(is_dropped());
}

TEST_CASE("TLS: a stop says goodbye to sockets, and the server ends in time") {
    Config config = test_config();
    config.websocket.close_timeout = 200ms;  // the client does not answer
    RunningServer server(config);
    SecureSocket socket(server.port());
    std::thread stopping([&] { server.server().stop(); });
    const std::string rest = socket.tls.read_all();
    CHECK(rest.starts_with("\x88"));
    stopping.join();
}

TEST_CASE("TLS: a port may speak one of the two alone") {
    Config config = test_config();
    config.listen.http_port = free_port();
    config.listen.https_port = free_port();
    const RunningServer server(config);
    CHECK(has_status(get(config.listen.http_port, "/healthz"), 200));
    CHECK(get(config.listen.https_port, "/healthz").find("HTTP/1.1") == std::string::npos);
    TlsClient secure(config.listen.https_port);
    REQUIRE(secure.handshake());
    CHECK(has_status(secure.get("/healthz"), 200));
    TlsClient plain(config.listen.http_port);
    CHECK_FALSE(plain.handshake());
    TlsClient both(server.port());
    CHECK(both.handshake());
}

TEST_CASE("TLS: switched off, its first byte is a bad request as any other") {
    Config config = test_config();
    config.tls.enabled = false;
    const RunningServer server(config);
    TlsClient client(server.port());
    CHECK_FALSE(client.handshake());
    RawClient raw(server.port());
    raw.send("\x16\x03\x01\r\n");
    CHECK(has_status(raw.read_all(), 400));
}
