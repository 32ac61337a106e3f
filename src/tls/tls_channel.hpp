// TlsChannel: TLS between a connection and its socket. OpenSSL reads and writes through a BIO of
// our own, which takes every write (what the socket does not take waits here), so OpenSSL never
// wants to write in the middle of a read, nor the same bytes again. One per connection, on its
// loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/channel.hpp"
#include "observe/metrics.hpp"
#include "tls/openssl.hpp"
#include "tls/tls_context.hpp"

namespace videochat::tls {

class TlsChannel final : public net::Channel {
  public:
    /// `first` are bytes that were read from the socket already.
    TlsChannel(std::shared_ptr<const TlsContext> context, std::span<const char> first,
               observe::Metrics& metrics);
    /// A handshake that was given up, by whomever, has failed.
    ~TlsChannel() override;
    TlsChannel(const TlsChannel&) = delete;
    TlsChannel& operator=(const TlsChannel&) = delete;

    net::IoResult read(int fd, std::span<char> into) override;
    net::IoResult write(int fd, std::span<const std::string_view> pieces) override;
    bool is_established() const override;
    bool has_unread() const override { return is_cut_short_ || last_word_ != net::IoStatus::Ok; }
    bool has_unsent() const override { return !unsent_.empty(); }
    net::IoStatus write_unsent(int fd) override;
    void say_goodbye(int fd) override;

    // What OpenSSL asks of the socket; `n` is not 0.
    std::size_t take(char* into, std::size_t n);
    bool put(std::string_view bytes);
    enum class Input : unsigned char { Open, Empty, Ended, Lost };
    Input input() const { return input_; }

  private:
    std::size_t write_piece(std::string_view piece);
    void read_failed(int result);
    void note_handshake();
    void note_failure();

    std::shared_ptr<const TlsContext> context_;
    Session session_;
    observe::Metrics* metrics_;  ///< as long as the handshake goes on: then the connection may move
    std::string first_;
    std::string unsent_;
    int fd_ = -1;
    Input input_ = Input::Open;
    net::IoStatus last_word_ = net::IoStatus::Ok;  ///< End or Error, once OpenSSL has said it
    bool is_cut_short_ = false;  ///< the last read() was full: OpenSSL may have more
    bool output_lost_ = false;
};

/// 22 (handshake) is the first byte of every TLS connection (RFC 8446 section 5.1) and of no HTTP
/// request.
constexpr bool is_tls(char first_byte) { return first_byte == '\x16'; }

/// Opens TLS for who begins with it, or (`always`) for everybody.
class TlsOpener final : public net::ChannelOpener {
  public:
    /// `context` is asked for each connection: certificates change.
    TlsOpener(std::function<std::shared_ptr<const TlsContext>()> context, observe::Metrics& metrics,
              bool always)
        : context_(std::move(context)), metrics_(metrics), always_(always) {}
    std::unique_ptr<net::Channel> open(std::span<const char> first) override;

  private:
    std::function<std::shared_ptr<const TlsContext>()> context_;
    observe::Metrics& metrics_;
    bool always_;
};

}  // namespace videochat::tls
