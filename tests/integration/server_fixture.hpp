// A server in process on a free port, and peers that speak to it over real sockets. Every wait is
// bounded, so that a lost answer fails a test instead of hanging it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/eventually.hpp"
#include "videochat/server.hpp"

namespace videochat::test {

/// A configuration for tests: a free port on loopback, no limit on how fast one address may come.
Config test_config();

class RunningServer {
  public:
    explicit RunningServer(Config config = test_config());
    std::uint16_t port() const { return server_.port(); }
    Server& server() { return server_; }

  private:
    Server server_;
};

/// Plain bytes over TCP.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes);
    /// False: the peer has closed. Never raises a signal.
    bool try_send(std::string_view bytes);
    /// Reads until `done` is content with all that has come, or the peer ends, or patience ends.
    std::string read_until(const std::function<bool(std::string_view)>& done);
    /// Reads until the peer ends.
    std::string read_all();
    /// Waits for something to read, at most so long.
    bool readable_within(std::chrono::milliseconds time) const;
    /// True once the peer has ended and everything has been read.
    bool ended() const { return ended_; }
    /// One response with Content-Length; what follows stays for the next call.
    std::string read_response(bool head_only = false);
    void end_writing();
    int fd() const { return fd_; }

  private:
    int fd_ = -1;
    std::string held_;
    bool ended_ = false;
};

/// Upgrades by hand; frames are written with client_frame.hpp.
std::string upgrade_request(std::string_view target, std::string_view fields = {});

/// Beast's WebSocket client: a peer that shares no code with the server's codec.
class WsClient {
  public:
    explicit WsClient(std::uint16_t port, const std::string& target = "/socket");

    void send(std::string_view text);
    void send_binary(std::string_view bytes);
    void ping(std::string_view payload);
    /// The next text message. Throws when the connection was closed instead, or nothing came.
    std::string receive();
    /// The close code that ends the stream, after dropping whatever comes before it.
    unsigned await_close();
    void close();
    /// Payloads of the pongs that have come while reading.
    const std::vector<std::string>& pongs() const { return pongs_; }
    boost::beast::websocket::stream<boost::beast::tcp_stream>& stream() { return stream_; }

  private:
    template <typename Start>
    boost::system::error_code run(Start&& start);

    boost::asio::io_context io_;
    boost::beast::websocket::stream<boost::beast::tcp_stream> stream_;
    std::vector<std::string> pongs_;
};

/// The value of one counter on /metrics.
long metric(std::uint16_t port, std::string_view name);

/// One GET on a connection of its own; the whole response.
std::string get(std::uint16_t port, std::string_view target, std::string_view fields = {});

}  // namespace videochat::test
