#include "app/option_table.hpp"

#include "app/option_kinds.hpp"
#include "app/option_values.hpp"
#include "protocol/event_text.hpp"
#include "protocol/origin.hpp"

namespace videochat::app {
namespace {

Option with_default(Option option, std::string text) {
    option.default_text = std::move(text);
    return option;
}

Option config_file_option() {
    return {.name = kConfigOption,
            .value = "FILE",
            .help = "Read settings from a file of lines `name = value`",
            .expected = "the name of a file",
            .apply = [](Config&, const std::vector<std::string>& values) {
                return as_path(values.front()) ? std::nullopt : std::optional(values.front());
            }};
}

std::vector<Option> serving() {
    using L = ListenConfig;
    return {
        count("port", "Port to listen on; 0 picks a free one", &Config::listen, &L::port, 0, 65535),
        with_default(text("host", "ADDRESS", "Address to listen on", &Config::listen, &L::host,
                          as_host, "an IP address or localhost"),
                     "every address"),
        with_default(text("root", "DIR", "Serve the pages of a folder", &Config::pages,
                          &PagesConfig::root, as_path, "a folder's name"),
                     "the built-in pages"),
        text("index", "FILE", "The page for / and for folders", &Config::pages, &PagesConfig::index,
             as_page, "a file's name without folder or leading dot"),
        with_default(
            text("base-path", "PATH", "Serve everything under this path", &Config::listen,
                 &L::base_path, as_base_path, "a path of letters, digits and -_~. such as /chat"),
            "/"),
        list("allow-origin", "ORIGIN", "Other origin whose pages may connect; repeatable",
             &Config::listen, &L::allow_origins, protocol::normalize_origin,
             "an origin such as https://chat.example:8443"),
        list("embed-origin", "ORIGIN", "Other origin whose pages may show a call; repeatable",
             &Config::listen, &L::embed_origins, as_embed_origin,
             "an origin such as https://intranet.example"),
        list("trusted-proxy", "CIDR", "Proxies whose X-Forwarded-For is believed; repeatable",
             &Config::listen, &L::trusted_proxies, as_network,
             "an address or a network such as 10.0.0.0/8"),
        list("allow-host", "NAME", "Answer under these names alone; repeatable", &Config::listen,
             &L::allow_hosts, as_host_name, "a host's name or address, without a port"),
        with_default(count("http-port", "One more port, that speaks plain HTTP alone",
                           &Config::listen, &L::http_port, 1, 65535),
                     "none"),
        with_default(count("https-port", "One more port, that speaks HTTPS alone", &Config::listen,
                           &L::https_port, 1, 65535),
                     "none"),
        count("threads", "Threads that serve connections", &Config::listen, &L::threads, 1, 256),
        time(
            "shutdown-timeout", "Time for a graceful end; then what is left is cut",
            [](auto& config) -> auto& { return config.shutdown_timeout; }, 0ms),
        off_switch("no-ipaddr", "Keep the server's addresses secret (event ipaddr)", &Config::rooms,
                   &RoomLimits::ipaddr),
        config_file_option(),
    };
}

std::vector<Option> https() {
    using T = TlsConfig;
    const auto slice = &Config::tls;
    return {
        on_off("tls", "Speak HTTPS on the same port", slice, &T::enabled),
        with_default(text("state-dir", "DIR", "Where the server keeps its own CA", slice,
                          &T::state_dir, as_path, "a folder's name"),
                     "/var/lib or ~/.local/state"),
        list("tls-name", "NAME", "A name of this server for its certificate; repeatable", slice,
             &T::names, as_dns_name, "a name such as chat.home.arpa"),
        on_switch("ca-unconstrained", "Let a new CA sign for any address and name", slice,
                  &T::ca_unconstrained),
        list("tls-cert", "FILE", "A real certificate with its chain (PEM); repeatable", slice,
             &T::certificates, as_path, "a file's name"),
        list("tls-key", "FILE", "Its private key (PEM); repeatable, in the same order", slice,
             &T::keys, as_path, "a file's name"),
        text("acme-webroot", "DIR", "Serve /.well-known/acme-challenge/ of this folder", slice,
             &T::acme_webroot, as_path, "a folder's name"),
        on_switch("hsts", "Tell browsers to come by HTTPS alone (with --tls-cert)", slice,
                  &T::hsts),
        on_switch("insecure-pages", "Do not send visitors without HTTPS to the explanation", slice,
                  &T::insecure_pages),
        time("tls-handshake-timeout", "Time for a TLS handshake, from its first byte", slice,
             &T::handshake_timeout),
    };
}

std::vector<Option> logging() {
    return {
        text("log-level", "LEVEL", "trace, debug, info, warn, error or off", &Config::log,
             &LogConfig::level, as_level, "one of trace, debug, info, warn, error, off"),
        text("log-format", "FORMAT", "text, or json: one object a line", &Config::log,
             &LogConfig::format, as_format, "text or json"),
        with_default(text("log-file", "FILE", "Write the log there; opened anew on SIGHUP",
                          &Config::log, &LogConfig::file, as_path, "a file's name"),
                     "standard error"),
    };
}

std::vector<Option> admission() {
    using A = AdmissionLimits;
    const auto slice = &Config::admission;
    return {
        with_default(count("connections", "Most connections in all", slice, &A::connections),
                     "90 % of the descriptor limit"),
        count("connections-per-address", "Most connections of one address (IPv6: of one /64)",
              slice, &A::connections_per_address),
        count("connect-rate", "New connections a second from one address", slice, &A::connect_rate),
        count("connect-burst", "New connections at once before that rate counts", slice,
              &A::connect_burst, 1),
    };
}

std::vector<Option> http() {
    using H = HttpLimits;
    const auto slice = &Config::http;
    return {
        size("request-line-limit", "Longest request line", slice, &H::request_line),
        size("request-head-limit", "Longest request line and header fields together", slice,
             &H::request_head),
        count("header-fields", "Most header fields of a request", slice, &H::header_fields),
        size("drained-body-limit", "Largest unwanted body that is read and dropped; 0: none", slice,
             &H::drained_body),
        count("requests-per-connection", "Most requests on one connection", slice,
              &H::requests_per_connection),
        time("first-byte-timeout", "Time for the first byte of a new connection", slice,
             &H::first_byte_timeout),
        time("request-head-timeout", "Time for a request head, from its first byte", slice,
             &H::request_head_timeout),
        time("body-timeout", "Time for a request body that is wanted", slice, &H::body_timeout),
        time("response-timeout", "Time without any progress while answering", slice,
             &H::response_timeout),
        time("keep-alive-timeout", "Time between two requests", slice, &H::keep_alive_timeout),
        off_switch("no-bandwidth-test", "Let no browser measure the way to this server",
                   &Config::bandwidth, &BandwidthConfig::enabled),
        size("bandwidth-limit", "Most bytes that are moved to measure it", &Config::bandwidth,
             &BandwidthConfig::bytes, 1),
        count("bandwidth-rate", "Such transfers a minute for one address", &Config::bandwidth,
              &BandwidthConfig::per_minute),
    };
}

std::vector<Option> websocket() {
    using W = WebSocketLimits;
    const auto slice = &Config::websocket;
    return {
        size("message-limit", "Largest message", slice, &W::message),
        count("fragments", "Most frames of one message", slice, &W::fragments),
        time("fragment-timeout", "Time from a message's first frame to its last", slice,
             &W::fragment_timeout),
        count("json-depth", "Deepest nesting of a message's JSON", slice, &W::json_depth, 1,
              protocol::kMaxDepth),
        size("event-name-limit", "Longest name of an event", slice, &W::event_name, 1),
        count("message-rate", "Messages a second from one connection", slice, &W::message_rate),
        count("message-burst", "Messages at once before that rate counts", slice, &W::message_burst,
              1),
        size("byte-rate", "Bytes a second from one connection; beyond it reading pauses", slice,
             &W::byte_rate),
        size("byte-burst", "Bytes at once before that rate counts", slice, &W::byte_burst, 1),
        count("control-rate", "Control frames a second from one connection", slice,
              &W::control_rate),
        count("control-burst", "Control frames at once before that rate counts", slice,
              &W::control_burst, 1),
        size("queue-bytes", "Most bytes waiting for a slow receiver", slice, &W::queue_bytes),
        count("queue-messages", "Most messages waiting for a slow receiver", slice,
              &W::queue_messages),
        time("ping-interval", "Silence after which a ping is sent; 0: never", slice,
             &W::ping_interval, 0ms),
        time("ping-timeout", "Silence after which a connection is cut", slice, &W::ping_timeout),
        time("close-timeout", "Time for the closing handshake", slice, &W::close_timeout),
        time("slow-close-timeout", "Time for the goodbye to a slow receiver", slice,
             &W::slow_close_timeout),
    };
}

std::vector<Option> socketio() {
    using E = EngineIoLimits;
    const auto slice = &Config::engineio;
    return {
        with_default(text("socketio-client", "FILE", "Serve this as /socket.io/socket.io.js",
                          &Config::socketio, &SocketIoConfig::client, as_path, "a file's name"),
                     "the built-in script"),
        on_switch("legacy-webrtc", "Let that script bring back the WebRTC of 2017",
                  &Config::socketio, &SocketIoConfig::legacy_webrtc),
        time("engineio-ping-interval", "Time between two pings of a Socket.IO session", slice,
             &E::ping_interval),
        time("engineio-ping-timeout", "Time for the answer to such a ping", slice,
             &E::ping_timeout),
        time("engineio-upgrade-timeout", "Time for the change from polling to a WebSocket", slice,
             &E::upgrade_timeout),
        time("engineio-connect-timeout", "Time for a Socket.IO client to join", slice,
             &E::connect_timeout),
        time("engineio-poll-close-timeout", "Time for a polling client to learn of the end", slice,
             &E::poll_close_timeout),
        on_switch("recovery", "Let Socket.IO clients (4.6+) come back as who they were",
                  &Config::recovery, &RecoveryConfig::enabled),
        time("recovery-duration", "Time in which a lost client may come back", &Config::recovery,
             &RecoveryConfig::duration),
        size("recovery-history", "Most bytes of events that are kept for one client",
             &Config::recovery, &RecoveryConfig::history),
        count("recovery-sessions", "Most lost clients that are waited for, for each thread",
              &Config::recovery, &RecoveryConfig::sessions),
        count("attachments", "Most binary attachments of one Socket.IO packet; 0: none", slice,
              &E::attachments),
        size("post-limit", "Largest POST of a polling client; 0: 100 MB", slice, &E::post),
        count("packets-per-post", "Most packets in one POST of a polling client", slice,
              &E::packets_per_post, 1),
    };
}

std::vector<Option> rooms() {
    using R = RoomLimits;
    const auto slice = &Config::rooms;
    return {
        count("room-name-limit", "Longest name of a room, in characters", slice,
              &R::name_code_points),
        size("room-name-bytes", "Longest name of a room, in bytes of UTF-8", slice, &R::name_bytes),
        count("peers-per-room", "Most people in one room, the lobby too", slice, &R::peers),
        count("rooms-per-peer", "Most rooms that one connection may join", slice,
              &R::rooms_per_peer),
        count("rooms", "Most rooms in all", slice, &R::rooms),
    };
}

std::vector<Option> calls() {
    using C = CallLimits;
    const auto slice = &Config::calls;
    return {
        count("call-capacity", "Most people in one call", slice, &C::capacity),
        time("ring-timeout", "Time for somebody inside to answer who rings", slice,
             &C::ring_timeout),
        time("seat-grace", "Time for who lost the connection to come back", slice, &C::seat_grace),
        count("call-waiting", "Most people that wait at one call", slice, &C::waiting),
        count("call-waiting-per-address", "Most of them from one address (IPv6: of one /64)", slice,
              &C::waiting_per_address),
        count("calls", "Most calls in all", slice, &C::calls),
    };
}

std::vector<Option> media() {
    using I = IceConfig;
    using T = TurnConfig;
    const auto slice = &Config::turn;
    return {
        list("ice-server", "URL", "STUN or TURN server for people in calls; repeatable",
             &Config::ice, &I::servers, as_ice_url,
             "a URL such as stun:stun.example:3478 or turn:turn.example?transport=tcp"),
        text("turn-secret", "SECRET", "The TURN servers' shared secret (coturn: use-auth-secret)",
             &Config::ice, &I::turn_secret, as_secret, "a secret of one byte at least"),
        time("turn-ttl", "Time for which a TURN password holds", &Config::ice, &I::turn_ttl, 1s),
        text("turn-secret-file", "FILE",
             "A file with that secret, so that no list of processes shows it", &Config::ice,
             &I::turn_secret_file, as_path, "a file's name"),
        list("turn-url", "URL", "TURN server for people in calls; repeatable", &Config::ice,
             &I::turn_urls, as_turn_url,
             "a URL such as turn:{host}:3478 or turn:turn.example?transport=tcp"),
        on_off("stun", "Tell browsers their address (STUN, over UDP)", &Config::stun,
               &StunConfig::enabled),
        with_default(count("stun-port", "Port of STUN", &Config::stun, &StunConfig::port, 1, 65535),
                     "that of --port"),
        count("stun-rate", "STUN answers a second to one address", &Config::stun,
              &StunConfig::rate),
        on_switch("turn", "Run an installed coturn beside the server", slice, &T::enabled),
        text("turn-program", "FILE", "The program of coturn", slice, &T::program, as_path,
             "a file's name"),
        text("external-ip", "ADDRESS", "The address under which the internet reaches coturn", slice,
             &T::external_ip, as_address, "an IP address"),
        count("turn-first-port", "First port of coturn's relays", slice, &T::first_port, 1024,
              65535),
        count("turn-last-port", "Last port of coturn's relays", slice, &T::last_port, 1024, 65535),
        list("turn-allow-peer", "CIDR", "Network that coturn may relay to; repeatable", slice,
             &T::allowed_peers, as_network, "an address or a network such as 10.0.0.0/8"),
    };
}

}  // namespace

std::string Option::variable() const {
    std::string text = "VIDEOCHAT_";
    for (const char byte : name) {
        const bool is_letter = byte >= 'a' && byte <= 'z';
        text.push_back(byte == '-' ? '_' : static_cast<char>(is_letter ? byte - 'a' + 'A' : byte));
    }
    return text;
}

const std::vector<OptionGroup>& option_table() {
    static const std::vector<OptionGroup> table{
        {"Serving", serving()},    {"HTTPS", https()},
        {"Log", logging()},        {"Who may connect", admission()},
        {"HTTP requests", http()}, {"WebSocket connections", websocket()},
        {"Socket.IO", socketio()}, {"Rooms", rooms()},
        {"Calls", calls()},        {"STUN and TURN", media()},
    };
    return table;
}

const Option* find_option(const std::string& name) {
    for (const OptionGroup& group : option_table()) {
        for (const Option& option : group.options) {
            if (option.name == name) return &option;
        }
    }
    return nullptr;
}

}  // namespace videochat::app
