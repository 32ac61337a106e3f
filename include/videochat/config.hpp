// Everything that can be set, as plain values with their defaults. No behaviour: app/options.cpp
// fills it from flags, environment and file; each object is handed the slice that it uses.
// A rate, count or size of 0 lifts that limit, unless its line says otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace videochat {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

/// Where and to whom the server speaks.
struct ListenConfig {
    std::uint16_t port = 3000;  ///< 0: the system picks one
    std::string host;           ///< address literal; empty: every address, IPv6 and IPv4
    std::string base_path;      ///< "" or "/x": the prefix under which everything is served
    std::vector<std::string> allow_origins;    ///< origins besides the request's own Host
    std::vector<std::string> embed_origins;    ///< whose pages may show chat.html in a frame
    std::vector<std::string> trusted_proxies;  ///< CIDR; whose X-Forwarded-For is believed
    std::vector<std::string> allow_hosts;  ///< in small letters; other Hosts get 421; empty: any
    std::uint16_t http_port = 0;           ///< one more port, without TLS; 0: none
    std::uint16_t https_port = 0;          ///< one more port, with TLS alone; 0: none
    unsigned threads = 1;                  ///< loops; a room lives on one of them
};

/// HTTPS on the same port, with certificates of one's own or with real ones.
struct TlsConfig {
    bool enabled = true;             ///< false: no TLS, no certificates, nobody is sent to https
    std::string state_dir;           ///< where a CA of one's own is kept; empty: in memory alone
    std::vector<std::string> names;  ///< DNS names of this server for its certificate
    bool ca_unconstrained = false;   ///< a new CA may sign for any address and name
    std::vector<std::string> certificates;  ///< PEM files of real certificates, with their chains
    std::vector<std::string> keys;          ///< the n-th belongs to the n-th certificate
    std::string acme_webroot;     ///< folder behind /.well-known/acme-challenge/; empty: none
    bool hsts = false;            ///< Strict-Transport-Security; only with real certificates
    bool insecure_pages = false;  ///< visitors without https get the pages, not an explanation
    Milliseconds handshake_timeout = 10s;  ///< from its first byte to its end
};

/// The pages that are served.
struct PagesConfig {
    std::string root;                  ///< a folder; empty: the pages inside the binary
    std::string index = "index.html";  ///< the page for "/" and for folders
};

/// What browsers measure the way to this server with (/bandwidth).
struct BandwidthConfig {
    bool enabled = true;
    std::size_t bytes = 8 * kMiB;  ///< of one transfer; 0 is not allowed
    std::size_t per_minute = 60;   ///< transfers of one address; beyond: 429
};

/// How the process speaks to its operator.
struct LogConfig {
    std::string level = "info";   ///< trace debug info warn error off
    std::string format = "text";  ///< text or json (one object a line)
    std::string file;             ///< empty: standard error; reopened on SIGHUP
};

/// RFC 9112 requests. Beyond a size: 414 or 431; beyond a time: 408 or a plain cut.
struct HttpLimits {
    std::size_t request_line = 8 * kKiB;
    std::size_t request_head = 16 * kKiB;  ///< request line and header fields together
    std::size_t header_fields = 100;
    std::size_t drained_body = 64 * kKiB;  ///< of a body nobody wants; more: 413, cut; 0: none
    std::size_t requests_per_connection = 1000;
    Milliseconds first_byte_timeout = 10s;
    Milliseconds request_head_timeout = 10s;  ///< from its first byte to its last
    Milliseconds body_timeout = 20s;          ///< of a polling POST, in all
    Milliseconds response_timeout = 20s;      ///< without any progress
    Milliseconds keep_alive_timeout = 65s;
};

/// RFC 6455 connections.
struct WebSocketLimits {
    std::size_t message = 256 * kKiB;  ///< payload bytes of one message; beyond: close 1009
    std::size_t fragments = 1024;      ///< frames of one message; beyond: close 1008
    Milliseconds fragment_timeout = 30s;
    std::size_t json_depth = 64;           ///< nested arrays and objects; 0 is not allowed
    std::size_t event_name = 64;           ///< bytes of UTF-8; beyond: 1008; 0 is not allowed
    std::size_t message_rate = 50;         ///< messages a second, sustained; beyond: close 1008
    std::size_t message_burst = 200;       ///< messages
    std::size_t byte_rate = kMiB;          ///< bytes a second; beyond: reading is paused
    std::size_t byte_burst = 4 * kMiB;     ///< bytes
    std::size_t control_rate = 20;         ///< control frames a second; beyond: close 1008
    std::size_t control_burst = 100;       ///< control frames
    std::size_t queue_bytes = kMiB;        ///< waiting for one peer; beyond: close 1013
    std::size_t queue_messages = 1024;     ///< waiting for one peer; beyond: close 1013
    Milliseconds ping_interval = 15s;      ///< without inbound data before a ping is sent; 0: never
    Milliseconds ping_timeout = 30s;       ///< after the last byte heard; then the peer is cut
    Milliseconds close_timeout = 5s;       ///< for the closing handshake
    Milliseconds slow_close_timeout = 1s;  ///< for the 1013 of a peer that does not read
};

/// What pages that were written for Socket.IO find at /socket.io/.
struct SocketIoConfig {
    std::string client;          ///< file served as socket.io.js; empty: the script in the binary
    bool legacy_webrtc = false;  ///< in front of it: what browsers of 2017 did otherwise
};

/// Engine.IO sessions, the ground under Socket.IO. Message sizes, rates and queues are those of
/// WebSocketLimits, over polling too. No time here may be 0.
struct EngineIoLimits {
    Milliseconds ping_interval = 25s;
    Milliseconds ping_timeout = 20s;     ///< for the answer to a ping; then the session is closed
    Milliseconds upgrade_timeout = 10s;  ///< from the probing WebSocket's start to its end
    Milliseconds connect_timeout = 10s;  ///< for joining the namespace (Engine.IO 4)
    Milliseconds poll_close_timeout = 30s;  ///< for the poll that fetches the news of the close
    std::size_t attachments = 10;         ///< of one packet; beyond: the session is closed; 0: none
    std::size_t post = 1'000'000;         ///< bytes of a POST body; told as maxPayload; beyond: 413
    std::size_t packets_per_post = 4096;  ///< beyond: the session is closed
};

/// Socket.IO's connection state recovery (clients from 4.6 on): who lost the connection comes back
/// as the same peer and gets what it missed, at most WebSocketLimits::queue_messages packets.
struct RecoveryConfig {
    bool enabled = false;  ///< every event to clients of protocol 5 then ends with its offset
    Milliseconds duration = 2min;
    std::size_t sessions = 256;        ///< absent peers of one loop; beyond: forgotten at once
    std::size_t history = 256 * kKiB;  ///< bytes of events kept for one peer
};

/// Broadcast domains.
struct RoomLimits {
    std::size_t name_code_points = 64;  ///< of Unicode
    std::size_t name_bytes = 256;       ///< of UTF-8
    std::size_t peers = 64;             ///< in one room, the lobby too; beyond: "full", close 1008
    std::size_t rooms_per_peer = 8;     ///< joined by `create or join`; beyond: close 1008
    std::size_t rooms = 100'000;        ///< in all; beyond: close 1013
    bool ipaddr = true;                 ///< answer `ipaddr` with the server's IPv4 addresses
};

/// Calls (`/socket?call=NAME`). No time here may be 0.
struct CallLimits {
    std::size_t capacity = 6;  ///< members of one call: an honest limit for a mesh
    std::size_t waiting = 16;  ///< who waits at one call; beyond: refused, close 4008
    std::size_t waiting_per_address = 8;
    Milliseconds ring_timeout =
        30s;                        ///< then "no answer"; who does not ring waits ten times as long
    Milliseconds seat_grace = 30s;  ///< for who lost the socket; then the seat is over
    std::size_t calls = 10'000;     ///< in all; beyond: close 1013
};

/// STUN and TURN servers that members of calls are told of. "{host}" in a URL stands for the host
/// under which the page was opened.
struct IceConfig {
    std::vector<std::string> servers;    ///< URLs, such as "stun:192.0.2.1:3478"
    std::vector<std::string> turn_urls;  ///< URLs, such as "turn:{host}:3478?transport=tcp"
    std::string turn_secret;             ///< coturn's static-auth-secret; empty: no credentials
    std::string turn_secret_file;        ///< its first line is the secret
    Milliseconds turn_ttl = 12h;         ///< how long credentials hold, of seconds
};

/// STUN inside (RFC 8489): tells who asks over UDP under which address it is seen.
struct StunConfig {
    bool enabled = true;
    std::uint16_t port = 0;  ///< 0: the number of ListenConfig::port
    std::size_t rate = 20;   ///< answers a second and address
};

/// coturn as a child of this process.
struct TurnConfig {
    bool enabled = false;
    std::string program = "turnserver";
    std::string external_ip;           ///< address under which the internet sees this machine
    std::uint16_t first_port = 49152;  ///< of the relayed addresses
    std::uint16_t last_port = 49407;
    std::vector<std::string> allowed_peers;  ///< CIDR; besides the networks of this machine
};

/// Who may connect. An address is an IPv4 address or an IPv6 /64.
struct AdmissionLimits {
    std::size_t connections = 0;  ///< 0: 90 % of the descriptor limit; beyond: 503 and cut
    std::size_t connections_per_address = 256;  ///< beyond: 503, upgrades 429
    std::size_t connect_rate = 50;              ///< a second and address; beyond: cut at accept
    std::size_t connect_burst = 500;
};

struct Config {
    ListenConfig listen;
    TlsConfig tls;
    PagesConfig pages;
    BandwidthConfig bandwidth;
    LogConfig log;
    HttpLimits http;
    WebSocketLimits websocket;
    SocketIoConfig socketio;
    EngineIoLimits engineio;
    RecoveryConfig recovery;
    RoomLimits rooms;
    CallLimits calls;
    IceConfig ice;
    StunConfig stun;
    TurnConfig turn;
    AdmissionLimits admission;
    Milliseconds shutdown_timeout = 10s;  ///< for a graceful end; then what is left is cut
};

}  // namespace videochat
