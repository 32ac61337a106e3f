// Every option reaches its own field, refuses what its field cannot hold, and none is forgotten.
#include "app/option_table.hpp"

#include <set>
#include <string>

#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;

namespace {

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts)
        all += text + ";";
    return all;
}

std::string shown(Milliseconds value) { return std::to_string(value.count()); }

struct Case {
    std::string name;
    std::string given;
    std::string kept;
    std::string (*field)(const Config&);
};

#define FIELD(expression) [](const Config& c) { return std::string(expression); }
#define NUMBER(expression) FIELD(std::to_string(c.expression))
#define TIME(expression) FIELD(shown(c.expression))

const std::vector<Case> kCases{
    {"port", "8080", "8080", NUMBER(listen.port)},
    {"host", "::1", "::1", FIELD(c.listen.host)},
    {"root", "/srv/x", "/srv/x", FIELD(c.pages.root)},
    {"index", "socket.html", "socket.html", FIELD(c.pages.index)},
    {"socketio-client", "/srv/x.js", "/srv/x.js", FIELD(c.socketio.client)},
    {"legacy-webrtc", "true", "1", NUMBER(socketio.legacy_webrtc)},
    {"base-path", "chat/", "/chat", FIELD(c.listen.base_path)},
    {"allow-origin", "HTTPS://A.example:443", "https://a.example;",
     FIELD(joined(c.listen.allow_origins))},
    {"embed-origin", "HTTP://A.example:80", "http://a.example;",
     FIELD(joined(c.listen.embed_origins))},
    {"trusted-proxy", "10.0.0.0/8", "10.0.0.0/8;", FIELD(joined(c.listen.trusted_proxies))},
    {"allow-host", "Chat.Example", "chat.example;", FIELD(joined(c.listen.allow_hosts))},
    {"http-port", "80", "80", NUMBER(listen.http_port)},
    {"https-port", "443", "443", NUMBER(listen.https_port)},
    {"tls", "off", "0", NUMBER(tls.enabled)},
    {"state-dir", "/srv/state", "/srv/state", FIELD(c.tls.state_dir)},
    {"tls-name", "Chat.home.arpa", "chat.home.arpa;", FIELD(joined(c.tls.names))},
    {"ca-unconstrained", "true", "1", NUMBER(tls.ca_unconstrained)},
    {"tls-cert", "/srv/a.crt", "/srv/a.crt;", FIELD(joined(c.tls.certificates))},
    {"tls-key", "/srv/a.key", "/srv/a.key;", FIELD(joined(c.tls.keys))},
    {"acme-webroot", "/srv/acme", "/srv/acme", FIELD(c.tls.acme_webroot)},
    {"hsts", "true", "1", NUMBER(tls.hsts)},
    {"insecure-pages", "true", "1", NUMBER(tls.insecure_pages)},
    {"tls-handshake-timeout", "19s", "19000", TIME(tls.handshake_timeout)},
    {"threads", "2", "2", NUMBER(listen.threads)},
    {"shutdown-timeout", "3s", "3000", TIME(shutdown_timeout)},
    {"no-ipaddr", "true", "0", NUMBER(rooms.ipaddr)},
    {"log-level", "debug", "debug", FIELD(c.log.level)},
    {"log-format", "json", "json", FIELD(c.log.format)},
    {"log-file", "/x.log", "/x.log", FIELD(c.log.file)},
    {"connections", "11", "11", NUMBER(admission.connections)},
    {"connections-per-address", "12", "12", NUMBER(admission.connections_per_address)},
    {"connect-rate", "13", "13", NUMBER(admission.connect_rate)},
    {"connect-burst", "14", "14", NUMBER(admission.connect_burst)},
    {"request-line-limit", "4KiB", "4096", NUMBER(http.request_line)},
    {"request-head-limit", "5KiB", "5120", NUMBER(http.request_head)},
    {"header-fields", "15", "15", NUMBER(http.header_fields)},
    {"drained-body-limit", "6KiB", "6144", NUMBER(http.drained_body)},
    {"requests-per-connection", "16", "16", NUMBER(http.requests_per_connection)},
    {"first-byte-timeout", "1s", "1000", TIME(http.first_byte_timeout)},
    {"request-head-timeout", "2s", "2000", TIME(http.request_head_timeout)},
    {"response-timeout", "3s", "3000", TIME(http.response_timeout)},
    {"keep-alive-timeout", "4s", "4000", TIME(http.keep_alive_timeout)},
    {"no-bandwidth-test", "true", "0", NUMBER(bandwidth.enabled)},
    {"bandwidth-limit", "40KiB", "40960", NUMBER(bandwidth.bytes)},
    {"bandwidth-rate", "41", "41", NUMBER(bandwidth.per_minute)},
    {"message-limit", "7KiB", "7168", NUMBER(websocket.message)},
    {"fragments", "17", "17", NUMBER(websocket.fragments)},
    {"fragment-timeout", "5s", "5000", TIME(websocket.fragment_timeout)},
    {"json-depth", "18", "18", NUMBER(websocket.json_depth)},
    {"event-name-limit", "19", "19", NUMBER(websocket.event_name)},
    {"message-rate", "20", "20", NUMBER(websocket.message_rate)},
    {"message-burst", "21", "21", NUMBER(websocket.message_burst)},
    {"byte-rate", "22", "22", NUMBER(websocket.byte_rate)},
    {"byte-burst", "23", "23", NUMBER(websocket.byte_burst)},
    {"control-rate", "24", "24", NUMBER(websocket.control_rate)},
    {"control-burst", "25", "25", NUMBER(websocket.control_burst)},
    {"queue-bytes", "26", "26", NUMBER(websocket.queue_bytes)},
    {"queue-messages", "27", "27", NUMBER(websocket.queue_messages)},
    {"ping-interval", "6s", "6000", TIME(websocket.ping_interval)},
    {"ping-timeout", "7s", "7000", TIME(websocket.ping_timeout)},
    {"close-timeout", "8s", "8000", TIME(websocket.close_timeout)},
    {"slow-close-timeout", "9s", "9000", TIME(websocket.slow_close_timeout)},
    {"body-timeout", "10s", "10000", TIME(http.body_timeout)},
    {"engineio-ping-interval", "11s", "11000", TIME(engineio.ping_interval)},
    {"engineio-ping-timeout", "12s", "12000", TIME(engineio.ping_timeout)},
    {"engineio-upgrade-timeout", "13s", "13000", TIME(engineio.upgrade_timeout)},
    {"engineio-connect-timeout", "14s", "14000", TIME(engineio.connect_timeout)},
    {"engineio-poll-close-timeout", "15s", "15000", TIME(engineio.poll_close_timeout)},
    {"attachments", "33", "33", NUMBER(engineio.attachments)},
    {"post-limit", "36", "36", NUMBER(engineio.post)},
    {"recovery-history", "37", "37", NUMBER(recovery.history)},
    {"packets-per-post", "34", "34", NUMBER(engineio.packets_per_post)},
    {"recovery", "true", "1", NUMBER(recovery.enabled)},
    {"recovery-duration", "16s", "16000", TIME(recovery.duration)},
    {"recovery-sessions", "35", "35", NUMBER(recovery.sessions)},
    {"room-name-limit", "28", "28", NUMBER(rooms.name_code_points)},
    {"room-name-bytes", "29", "29", NUMBER(rooms.name_bytes)},
    {"peers-per-room", "30", "30", NUMBER(rooms.peers)},
    {"rooms-per-peer", "31", "31", NUMBER(rooms.rooms_per_peer)},
    {"rooms", "32", "32", NUMBER(rooms.rooms)},
    {"call-capacity", "36", "36", NUMBER(calls.capacity)},
    {"call-waiting", "37", "37", NUMBER(calls.waiting)},
    {"call-waiting-per-address", "38", "38", NUMBER(calls.waiting_per_address)},
    {"calls", "39", "39", NUMBER(calls.calls)},
    {"ring-timeout", "17", "17000", TIME(calls.ring_timeout)},
    {"seat-grace", "1.5", "1500", TIME(calls.seat_grace)},
    {"ice-server", "stun:stun.example:3478", "stun:stun.example:3478;",
     FIELD(joined(c.ice.servers))},
    {"turn-secret", "north", "north", FIELD(c.ice.turn_secret)},
    {"turn-ttl", "18s", "18000", TIME(ice.turn_ttl)},
    {"turn-secret-file", "/srv/secret", "/srv/secret", FIELD(c.ice.turn_secret_file)},
    {"turn-url", "turn:{host}:3478", "turn:{host}:3478;", FIELD(joined(c.ice.turn_urls))},
    {"stun", "off", "0", NUMBER(stun.enabled)},
    {"stun-port", "3478", "3478", NUMBER(stun.port)},
    {"stun-rate", "40", "40", NUMBER(stun.rate)},
    {"turn", "true", "1", NUMBER(turn.enabled)},
    {"turn-program", "/usr/bin/coturn", "/usr/bin/coturn", FIELD(c.turn.program)},
    {"external-ip", "192.0.2.1", "192.0.2.1", FIELD(c.turn.external_ip)},
    {"turn-first-port", "5000", "5000", NUMBER(turn.first_port)},
    {"turn-last-port", "5001", "5001", NUMBER(turn.last_port)},
    {"turn-allow-peer", "10.0.0.0/8", "10.0.0.0/8;", FIELD(joined(c.turn.allowed_peers))},
};

#undef TIME
#undef NUMBER
#undef FIELD

const Option& option(const std::string& name) {
    const Option* const found = find_option(name);
    INFO(name);
    REQUIRE(found != nullptr);
    return *found;
}

bool accepts(const std::string& name, const std::string& value) {
    Config config;
    const auto bad = option(name).apply(config, {value});
    if (bad) CHECK(*bad == value);
    return !bad;
}

}  // namespace

TEST_CASE("Options: each one sets its own field and no other") {
    for (const Case& chosen : kCases) {
        Config config;
        INFO(chosen.name);
        REQUIRE_FALSE(option(chosen.name).apply(config, {chosen.given}).has_value());
        const Config defaults;
        CHECK(chosen.field(config) == chosen.kept);
        CHECK(chosen.field(defaults) != chosen.kept);
        for (const Case& other : kCases) {
            if (other.name == chosen.name) continue;
            INFO(other.name);
            CHECK(other.field(config) == other.field(defaults));
        }
    }
}

TEST_CASE("Options: the cases above leave none out") {
    std::set<std::string> tested{kConfigOption};
    for (const Case& chosen : kCases)
        tested.insert(chosen.name);
    std::set<std::string> existing;
    for (const OptionGroup& group : option_table()) {
        for (const Option& one : group.options)
            CHECK(existing.insert(one.name).second);
    }
    CHECK(tested == existing);
}

TEST_CASE("Options: numbers end where their fields end") {
    CHECK(accepts("port", "0"));
    CHECK(accepts("port", "65535"));
    CHECK_FALSE(accepts("port", "65536"));
    CHECK_FALSE(accepts("port", "-1"));
    CHECK(accepts("threads", "1"));
    CHECK(accepts("threads", "256"));
    CHECK_FALSE(accepts("threads", "0"));
    CHECK_FALSE(accepts("threads", "257"));
    CHECK(accepts("json-depth", "1"));
    CHECK(accepts("json-depth", "1024"));
    CHECK_FALSE(accepts("json-depth", "0"));
    CHECK_FALSE(accepts("json-depth", "1025"));
    CHECK_FALSE(accepts("event-name-limit", "0"));
    CHECK(accepts("message-rate", "0"));
    CHECK_FALSE(accepts("message-burst", "0"));
    CHECK(accepts("message-limit", "1GiB"));
    CHECK_FALSE(accepts("message-limit", "1025MiB"));
    CHECK(accepts("rooms", "1000000000"));
    CHECK_FALSE(accepts("rooms", "1000000001"));
}

TEST_CASE("Options: times are positive and at most a day; 0 where it means something") {
    CHECK(accepts("close-timeout", "1ms"));
    CHECK(accepts("close-timeout", "24h"));
    CHECK_FALSE(accepts("close-timeout", "0"));
    CHECK_FALSE(accepts("close-timeout", "25h"));
    CHECK(accepts("ping-interval", "0"));
    CHECK(accepts("shutdown-timeout", "0"));
}

TEST_CASE("Options: a host is an address or localhost") {
    Config config;
    for (const auto& [given, kept] : {std::pair{"localhost", "127.0.0.1"},
                                      {"127.0.0.1", "127.0.0.1"},
                                      {"0.0.0.0", "0.0.0.0"},
                                      {"[::1]", "::1"},
                                      {"::", "::"}}) {
        REQUIRE_FALSE(option("host").apply(config, {given}).has_value());
        CHECK(config.listen.host == kept);
    }
    for (const auto* bad : {"", "example.org", "1.2.3", "127.0.0.1:80", "*", "[", "[]"}) {
        INFO(bad);
        CHECK_FALSE(accepts("host", bad));
    }
}

TEST_CASE("Options: a name of this server is a DNS name, and is kept in small letters") {
    for (const auto* good : {"localhost", "a", "Chat.Home.Arpa", "xn--1-b.example"}) {
        INFO(good);
        CHECK(accepts("tls-name", good));
        CHECK(accepts("allow-host", good));
    }
    for (const auto* bad :
         {"", ".", "a.", ".a", "a..b", "-a", "a-", "a b", "a_b", "*.a", "a:1", "a/b", "ä", "a%b"}) {
        INFO(bad);
        CHECK_FALSE(accepts("tls-name", bad));
        CHECK_FALSE(accepts("allow-host", bad));
    }
    CHECK_FALSE(accepts("tls-name", std::string(64, 'a').c_str()));
    CHECK_FALSE(accepts("tls-name", "192.0.2.1"));
    Config config;
    for (const auto& [given, kept] :
         {std::pair{"192.0.2.1", "192.0.2.1"}, {"[2001:DB8::1]", "[2001:db8::1]"}}) {
        REQUIRE_FALSE(option("allow-host").apply(config, {given}).has_value());
        CHECK(config.listen.allow_hosts.front() == kept);
    }
}

TEST_CASE("Options: a TURN URL is one of TURN") {
    CHECK(accepts("turn-url", "turns:turn.example:5349?transport=tcp"));
    CHECK_FALSE(accepts("turn-url", "stun:stun.example"));
    CHECK(accepts("ice-server", "stun:{host}:3000"));
    CHECK(accepts("ice-server", "stun:{host}"));
    CHECK_FALSE(accepts("ice-server", "stun:{host}x"));
    CHECK_FALSE(accepts("ice-server", "stun:{hosts}"));
}

TEST_CASE("Options: a base path gets its slash in front and loses the one behind") {
    Config config;
    for (const auto& [given, kept] : {std::pair{"/", ""},
                                      {"x", "/x"},
                                      {"/x", "/x"},
                                      {"/x/", "/x"},
                                      {"x/y-1_~.z", "/x/y-1_~.z"}}) {
        REQUIRE_FALSE(option("base-path").apply(config, {given}).has_value());
        CHECK(config.listen.base_path == kept);
    }
    for (const auto* bad :
         {"//", "//x", "x//y", "..", "/x/../y", "/.x", "/a b", "/a?b", "/a%2f", "/ä"}) {
        INFO(bad);
        CHECK_FALSE(accepts("base-path", bad));
    }
}

TEST_CASE("Options: names of a fixed set, pages, origins and networks are checked") {
    for (const auto* level : {"trace", "debug", "info", "warn", "error", "off"}) {
        CHECK(accepts("log-level", level));
    }
    CHECK_FALSE(accepts("log-level", "INFO"));
    CHECK_FALSE(accepts("log-format", "xml"));
    CHECK_FALSE(accepts("index", "../x.html"));
    CHECK_FALSE(accepts("index", ".x"));
    CHECK_FALSE(accepts("index", "a/b.html"));
    CHECK_FALSE(accepts("index", ""));
    CHECK_FALSE(accepts("root", ""));
    CHECK_FALSE(accepts("socketio-client", ""));
    CHECK_FALSE(accepts("allow-origin", "*"));
    CHECK_FALSE(accepts("allow-origin", "https://a.example/path"));
    CHECK(accepts("embed-origin", "https://192.0.2.1:8443"));
    for (const auto* bad : {"*", "", "a.example", "https://*.example", "https://a.example/path",
                            "https://a.example; script-src *", "https://a.example b.example",
                            "ftp://a.example", "data://a", "null", "https://[::1]:3000"}) {
        INFO(bad);
        CHECK_FALSE(accepts("embed-origin", bad));
    }
    CHECK_FALSE(accepts("trusted-proxy", "proxy.example"));
    CHECK_FALSE(accepts("trusted-proxy", "10.0.0.0/33"));
    CHECK_FALSE(accepts("no-ipaddr", "maybe"));
}

TEST_CASE("Options: a bad element of a list is the one that is named") {
    Config config;
    const auto bad = option("trusted-proxy").apply(config, {"10.0.0.0/8", "nonsense", "::1"});
    CHECK(bad == "nonsense");
    CHECK(config.listen.trusted_proxies.empty());
}

TEST_CASE("Options: times of calls take units, and are seconds without one") {
    Config config;
    for (const auto& [given, kept] :
         {std::pair{"1500ms", 1500}, {"2", 2000}, {"0.25", 250}, {"1m", 60'000}}) {
        for (const auto* name : {"ring-timeout", "seat-grace"}) {
            REQUIRE_FALSE(option(name).apply(config, {given}).has_value());
        }
        CHECK(config.calls.ring_timeout == Milliseconds(kept));
        CHECK(config.calls.seat_grace == Milliseconds(kept));
    }
    for (const auto* bad : {"0", "-1", "", "1x", "0.0001", "25h"}) {
        INFO(bad);
        CHECK_FALSE(accepts("ring-timeout", bad));
        CHECK_FALSE(accepts("seat-grace", bad));
    }
    CHECK(accepts("turn-ttl", "1"));
    CHECK_FALSE(accepts("turn-ttl", "999ms"));
}

TEST_CASE("Options: an ICE server is a URL that browsers take; there may be several") {
    Config config;
    const auto bad = option("ice-server").apply(config, {"stun:a.example", "b.example"});
    CHECK(bad == "b.example");
    REQUIRE_FALSE(option("ice-server")
                      .apply(config, {"stun:a.example", "turn:b.example?transport=udp"})
                      .has_value());
    CHECK(config.ice.servers.size() == 2);
}
