// Visitors and their way to https, over real sockets: who is redirected, hosts that may be named,
// what is told of certificates, challenges. The rule itself is tested as a table in unit/http.
#include <openssl/x509v3.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "integration/server_fixture.hpp"
#include "integration/tls_client.hpp"
#include "protocol/base64.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "tls/certificate_making.hpp"
#include "tls/pem.hpp"

using namespace videochat;
using namespace videochat::test;

namespace {

constexpr const char* kAccept =
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";
constexpr const char* kLanHost = "192.168.1.5:3000";

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

unsigned status_of(const std::string& answer) {
    return answer.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(answer.substr(9, 3)));
}

std::string body_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

/// The value of a header line; "-" without one.
std::string field_of(const std::string& answer, const std::string& name) {
    const std::string head = answer.substr(0, answer.find("\r\n\r\n") + 2);
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "-";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

/// What a browser gets that opens `target` under that host.
std::string visit(std::uint16_t port, const std::string& target, const std::string& host = kLanHost,
                  const std::string& fields = {}, const std::string& method = "GET") {
    RawClient client(port);
    std::string request = method + " " + target + " HTTP/1.1\r\nConnection: close\r\n";
    if (!host.empty()) request += "Host: " + host + "\r\n";
    client.send(request + kAccept + fields + "\r\n");
    return client.read_all();
}

/// A pair for chat.example, of a CA that nobody hands out.
Config with_real_certificate(const TempFolder& folder) {
    const auto now = std::chrono::system_clock::now();
    const tls::Key ca_key = tls::make_key();
    const tls::Certificate ca = tls::make_ca(ca_key.get(), {}, now);
    const tls::Key key = tls::make_key();
    const tls::Certificate leaf =
        tls::make_leaf(key.get(), {{}, {"chat.example"}}, ca.get(), ca_key.get(), now);
    folder.write("chat.crt", tls::to_pem(leaf.get()));
    folder.write("chat.key", tls::to_pem(key.get()));
    Config config = test_config();
    config.tls.certificates = {folder.path() + "/chat.crt"};
    config.tls.keys = {folder.path() + "/chat.key"};
    return config;
}

Config without_tls() {
    Config config = test_config();
    config.tls.enabled = false;
    return config;
}

/// The same request over TLS; `fields` begin with Host.
std::string secure_get(std::uint16_t port, const std::string& target, const std::string& fields) {
    TlsClient client(port);
    REQUIRE(client.handshake());
    client.send("GET " + target + " HTTP/1.1\r\nConnection: close\r\n" + fields + "\r\n");
    return client.read_all();
}

}  // namespace

TEST_CASE("Visitors: who opens a page over plain HTTP is led to the explanation") {
    const RunningServer server;
    const std::string answer = visit(server.port(), "/chat.html?room=a%20b&x=1");
    CHECK(answer.starts_with("HTTP/1.1 307 Temporary Redirect\r\n"));
    CHECK(field_of(answer, "Location") ==
          "/secure.html?next=%2Fchat.html%3Froom%3Da%2520b%26x%3D1");
    CHECK(field_of(answer, "Cache-Control") == "no-store");
    CHECK(field_of(answer, "Strict-Transport-Security") == "-");
    CHECK(status_of(visit(server.port(), "/")) == 307);
    CHECK(status_of(visit(server.port(), "/secure.html?next=%2F")) == 200);
    CHECK(status_of(visit(server.port(), "/", kLanHost, "Cookie: insecure_ok=1\r\n")) == 200);
    CHECK(status_of(visit(server.port(), "/", "localhost:3000")) == 200);
    CHECK(status_of(visit(server.port(), "/", kLanHost, {}, "HEAD")) == 200);
}

TEST_CASE("Visitors: over TLS nobody is led anywhere") {
    const RunningServer server;
    const std::string answer =
        secure_get(server.port(), "/", std::string("Host: ") + kLanHost + "\r\n" + kAccept);
    CHECK(status_of(answer) == 200);
    CHECK(field_of(answer, "Strict-Transport-Security") == "-");
}

TEST_CASE("Visitors: probes, scripts and sockets are answered as ever") {
    const RunningServer server;
    for (const char* target : {"/generate_204", "/hotspot-detect.html", "/connecttest.txt"}) {
        CAPTURE(target);
        CHECK(status_of(visit(server.port(), target)) == 404);
    }
    for (const char* target : {"/healthz", "/metrics", "/main.js", "/ca.crt", "/ca.mobileconfig",
                               "/secure.json", "/socket.io/socket.io.js"}) {
        CAPTURE(target);
        CHECK(status_of(visit(server.port(), target)) == 200);
    }
    CHECK(status_of(visit(server.port(), "/socket")) == 426);
    CHECK(status_of(visit(server.port(), "/socket.io/?EIO=4&transport=polling")) == 200);
}

TEST_CASE("Visitors: a trusted proxy, and one that says https, get the pages") {
    Config config = test_config();
    config.listen.trusted_proxies = {"127.0.0.1"};
    const RunningServer trusted(config);
    CHECK(status_of(visit(trusted.port(), "/")) == 200);
    const RunningServer server;
    CHECK(status_of(visit(server.port(), "/", kLanHost, "X-Forwarded-Proto: https\r\n")) == 200);
    CHECK(status_of(visit(server.port(), "/", kLanHost, "Forwarded: for=a;proto=https\r\n")) ==
          200);
    CHECK(status_of(visit(server.port(), "/", kLanHost, "X-Forwarded-Proto: http\r\n")) == 307);
}

TEST_CASE("Visitors: without TLS, with one's own pages or by wish there is no redirect") {
    const RunningServer off(without_tls());
    const TempFolder folder;
    folder.write("index.html", "own page");
    Config with_root = test_config();
    with_root.pages.root = folder.path();
    const RunningServer own(with_root);
    Config by_wish = test_config();
    by_wish.tls.insecure_pages = true;
    const RunningServer insecure(by_wish);
    for (const RunningServer* server : {&off, &own, &insecure})
        CHECK(status_of(visit(server->port(), "/")) == 200);
}

TEST_CASE("Visitors: no target and no field leads anywhere but to a path of ours") {
    Config config = test_config();
    config.listen.base_path = "/x";
    const RunningServer server(config);
    for (const char* target :
         {"/x/", "http://evil.example/x/", "http://evil.example:80/x/?next=//evil", "/x//", "//x/",
          "//x//evil.example/..", "/x/%2e/", "/x/?a=\\\\evil.example",
          "/x/chat.html?next=http://evil.example", "/x/?%0d%0aLocation:%20//evil"}) {
        const std::string answer =
            visit(server.port(), target, kLanHost,
                  "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http\r\n"
                  "Forwarded: host=evil.example;proto=http\r\n");
        CAPTURE(target, answer);
        CHECK(status_of(answer) == 307);
        CHECK(field_of(answer, "Location").starts_with("/x/secure.html?next=%2Fx%2F"));
        CHECK_FALSE(has(field_of(answer, "Location"), "\\"));
        CHECK_FALSE(has(answer, "192.168.1.5"));
    }
    for (const char* target : {"/x/\\evil.example", "/x/%5c%5cevil", "/x/%0d%0aa", "/x/../../..",
                               "http://u@evil/x/", "http:///x/", "/x/%zz"}) {
        CAPTURE(target);
        CHECK(status_of(visit(server.port(), target)) == 400);
    }
}

TEST_CASE("Visitors: a very long address is cut, and where it leads can be asked for") {
    const RunningServer server;
    const std::string query(7000, '&');
    const std::string location = field_of(visit(server.port(), "/?" + query), "Location");
    CHECK(location == "/secure.html?next=%2F");
    const std::string fitting =
        field_of(visit(server.port(), "/?" + query.substr(0, 2500)), "Location");
    CHECK(fitting.size() > 7500);
    CHECK(status_of(visit(server.port(), fitting)) == 200);
}

TEST_CASE("Hosts: what is no host is refused, whatever is asked for") {
    const RunningServer server;
    for (const char* host :
         {"[fe80::1%25eth0]", "[fe80::1%eth0]:3000", "user@192.168.1.5", "a b", "a/b", "a\\b",
          "a..b", ".a", "a:", "a:x", "a:65536", "a:-1", "[::1", "::1", "a,b", "a#b", "http://a"}) {
        CAPTURE(host);
        CHECK(status_of(visit(server.port(), "/", host)) == 400);
        CHECK(status_of(visit(server.port(), "/healthz", host)) == 400);
    }
    CHECK(status_of(visit(server.port(), "/", "")) == 400);
    CHECK(status_of(visit(server.port(), "/", "a", "Host: b\r\n")) == 400);
}

TEST_CASE("Hosts: with a list, every other one is misdirected, and the connection ends") {
    Config config = test_config();
    config.listen.allow_hosts = {"chat.lan", "127.0.0.1"};
    const RunningServer server(config);
    CHECK(status_of(visit(server.port(), "/healthz", "chat.lan:3000")) == 200);
    CHECK(status_of(visit(server.port(), "/healthz", "CHAT.lan.")) == 200);
    CHECK(status_of(visit(server.port(), "/healthz", "127.0.0.1:1")) == 200);
    for (const char* target : {"/", "/healthz", "/nothing", "/socket", "/ca.crt", "/%zz",
                               "/socket.io/?EIO=4&transport=polling"}) {
        CAPTURE(target);
        CHECK(visit(server.port(), target, "evil.example")
                  .starts_with("HTTP/1.1 421 Misdirected Request\r\n"));
    }
    CHECK(status_of(visit(server.port(), "http://evil.example/", "chat.lan")) == 421);
    CHECK(status_of(visit(server.port(), "/healthz", "localhost")) == 421);

    RawClient socket(server.port());  // its Host is localhost
    socket.send(upgrade_request("/socket"));
    CHECK(socket.read_all().starts_with("HTTP/1.1 421 "));
    RawClient nobody(server.port());
    nobody.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(nobody.read_all().starts_with("HTTP/1.1 421 "));
    RawClient pipelined(server.port());
    pipelined.send("GET / HTTP/1.1\r\nHost: evil\r\n\r\nGET / HTTP/1.1\r\nHost: chat.lan\r\n\r\n");
    const std::string all = pipelined.read_all();
    CHECK(all.starts_with("HTTP/1.1 421 "));
    CHECK(all.find("HTTP/1.1", 8) == std::string::npos);
    CHECK(status_of(secure_get(server.port(), "/healthz", "Host: evil.example\r\n")) == 421);
}

TEST_CASE("Trust: the CA, its profile and the summary tell of the certificate that is shown") {
    RunningServer server;
    TlsClient tls(server.port());
    REQUIRE(tls.handshake());
    const TrustSummary trust = server.server().trust();
    std::string digits;
    for (const char c : trust.leaf_sha256) {
        if (c != ':') digits += c;
    }
    CHECK(digits == tls.fingerprint());
    CHECK(digits.size() == 64);

    const std::string summary = body_of(get(server.port(), "/secure.json"));
    CHECK(has(summary, R"({"leaf":{"sha256":")" + trust.leaf_sha256 + R"("},"ca":{"sha256":")" +
                           trust.ca_sha256 + R"("},"names":[)"));
    CHECK(has(summary, R"("localhost")"));
    CHECK(has(summary, R"("httpsPort":0})"));

    const std::string answer = get(server.port(), "/ca.crt");
    CHECK(field_of(answer, "Content-Type") == "application/x-x509-ca-cert");
    CHECK(field_of(answer, "Cache-Control") == "no-store");
    const std::string der = body_of(answer);
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const tls::Certificate ca(::d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
    REQUIRE(ca);
    CHECK(::X509_check_ca(ca.get()) == 1);
    const tls::Certificate leaf(::SSL_get1_peer_certificate(tls.ssl()));
    CHECK(::X509_verify(leaf.get(), ::X509_get0_pubkey(ca.get())) == 1);

    const std::string profile = get(server.port(), "/ca.mobileconfig");
    CHECK(field_of(profile, "Content-Type") == "application/x-apple-aspen-config");
    CHECK(has(profile, "<data>" + protocol::base64_encode(der) + "</data>"));
}

TEST_CASE("Trust: without TLS there is nothing to take") {
    RunningServer server(without_tls());
    for (const char* target : {"/ca.crt", "/ca.mobileconfig", "/secure.json"}) {
        CAPTURE(target);
        CHECK(status_of(get(server.port(), target)) == 404);
    }
    CHECK(server.server().trust().leaf_sha256.empty());
}

TEST_CASE("Trust: with a real certificate there is no CA to take, and visitors are led on") {
    const TempFolder folder;
    const RunningServer server(with_real_certificate(folder));
    for (const char* target : {"/ca.crt", "/ca.mobileconfig"}) {
        CAPTURE(target);
        CHECK(status_of(get(server.port(), target)) == 404);
        CHECK(status_of(secure_get(server.port(), target, "Host: chat.example\r\n")) == 404);
    }
    CHECK(has(body_of(get(server.port(), "/secure.json")),
              R"(,"ca":null,"names":["chat.example"],"httpsPort":0})"));
    CHECK(status_of(visit(server.port(), "/", "chat.example")) == 307);
}

TEST_CASE("Trust: browsers are bound to https by wish, over TLS, with a real certificate alone") {
    const TempFolder folder;
    Config config = with_real_certificate(folder);
    const auto bound = [](std::uint16_t port, bool secure, const std::string& target) {
        return field_of(
            secure ? secure_get(port, target, "Host: chat.example\r\n") : get(port, target),
            "Strict-Transport-Security");
    };
    const RunningServer unwilling(config);
    CHECK(bound(unwilling.port(), true, "/") == "-");
    config.tls.hsts = true;
    const RunningServer server(config);
    for (const char* target : {"/", "/nothing", "/healthz", "/%zz"}) {
        CAPTURE(target);
        CHECK(bound(server.port(), true, target) == "max-age=31536000");
        CHECK(bound(server.port(), false, target) == "-");
    }
    Config own = test_config();
    own.tls.hsts = true;
    const RunningServer own_ca(own);
    CHECK(bound(own_ca.port(), true, "/") == "-");
}

TEST_CASE("Trust: the plain twin of its host may read the health over TLS, nobody else") {
    const RunningServer server;
    const auto allowed = [&server](const std::string& origin) {
        const std::string answer =
            secure_get(server.port(), "/healthz",
                       std::string("Host: ") + kLanHost + "\r\nOrigin: " + origin + "\r\n");
        CHECK(status_of(answer) == 200);
        CHECK(field_of(answer, "Vary") == "Origin");
        return field_of(answer, "Access-Control-Allow-Origin");
    };
    CHECK(allowed("http://192.168.1.5:3000") == "http://192.168.1.5:3000");
    CHECK(allowed("https://192.168.1.5:3000") == "-");
    CHECK(allowed("http://192.168.1.5") == "-");
    CHECK(allowed("http://evil.example") == "-");
    CHECK(allowed("null") == "-");
    const std::string plain =
        visit(server.port(), "/healthz", kLanHost, "Origin: http://192.168.1.5:3000\r\n");
    CHECK(status_of(plain) == 200);
    CHECK(field_of(plain, "Access-Control-Allow-Origin") == "-");
    const std::string page =
        secure_get(server.port(), "/secure.json",
                   std::string("Host: ") + kLanHost + "\r\nOrigin: http://192.168.1.5:3000\r\n");
    CHECK(field_of(page, "Access-Control-Allow-Origin") == "-");
}

TEST_CASE("Challenges: come from the webroot over plain HTTP, whatever else is set") {
    const TempFolder folder;
    folder.write(".well-known/acme-challenge/tok_en-1", "tok_en-1.print");
    Config config = test_config();
    config.tls.acme_webroot = folder.path();
    config.listen.base_path = "/x";
    const RunningServer server(config);
    const std::string answer =
        visit(server.port(), "/.well-known/acme-challenge/tok_en-1", "chat.example");
    CHECK(status_of(answer) == 200);
    CHECK(body_of(answer) == "tok_en-1.print");
    CHECK(field_of(answer, "Content-Type") == "text/plain; charset=utf-8");
    for (const char* token : {"", "none", "tok_en-1.x", "%2e%2e%2f%2e%2e%2fy", "tok_en-1/"}) {
        CAPTURE(token);
        CHECK(status_of(visit(server.port(), std::string("/.well-known/acme-challenge/") + token,
                              "chat.example")) == 404);
    }
    const std::string head =
        visit(server.port(), "/.well-known/acme-challenge/tok_en-1", "a", {}, "HEAD");
    CHECK(field_of(head, "Content-Length") == "14");
    CHECK(body_of(head).empty());
}

TEST_CASE("Challenges: a webroot that is not there is named at start") {
    Config config = test_config();
    config.tls.acme_webroot = "/nowhere/at/all";
    std::string said;
    try {
        const Server server(config);
    } catch (const std::runtime_error& problem) {
        said = problem.what();
    }
    CHECK(has(said, "\"/nowhere/at/all\""));
}

TEST_CASE("Codes: addresses of this server are drawn, others are not") {
    const RunningServer server;
    const std::string mine = visit(server.port(), "/qr?text=http%3A%2F%2F192.168.1.5%3A3000%2F");
    CHECK(status_of(mine) == 200);
    CHECK(field_of(mine, "Content-Type") == "image/svg+xml");
    CHECK(body_of(mine).starts_with("<svg "));
    CHECK(status_of(visit(server.port(), "/qr?text=https://localhost/")) == 200);  // of the leaf
    CHECK(status_of(visit(server.port(), "/qr?text=https://evil.example/")) == 404);
    CHECK(status_of(visit(server.port(), "/qr?text=javascript:alert(1)")) == 400);
    CHECK(status_of(visit(server.port(), "/qr")) == 400);
}
