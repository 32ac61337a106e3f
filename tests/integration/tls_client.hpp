// A TLS client whose every byte is in a test's hand: OpenSSL speaks to memory, RawClient carries.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "integration/server_fixture.hpp"
#include "tls/openssl.hpp"

namespace videochat::test {

struct TlsClientOptions {
    int least_version = TLS1_2_VERSION;
    int most_version = TLS1_3_VERSION;
    std::string ciphers{};      ///< of TLS 1.2; empty: OpenSSL's own choice
    std::string alpn{};         ///< as in the extension, "\x08http/1.1"; empty: none is offered
    std::string server_name{};  ///< SNI; empty: none
    SSL_SESSION* session = nullptr;  ///< to be resumed
};

class TlsClient {
  public:
    explicit TlsClient(std::uint16_t port, const TlsClientOptions& options = {});

    /// `piece`: our bytes go out in pieces of so many, each on its own; 0: as they are. False: the
    /// server did not want it; alert() and wire().ended() tell more.
    bool handshake(std::size_t piece = 0);
    void send(std::string_view text, std::size_t piece = 0);
    /// Reads until `done` is content with all that has come, or the server ends.
    std::string read_until(const std::function<bool(std::string_view)>& done);
    std::string read_all();
    /// One GET and its answer, which ends the connection.
    std::string get(std::string_view target, std::string_view fields = {});
    /// Our goodbye, without the end of TCP.
    void close_notify();
    /// The server has said goodbye (and not just gone).
    bool is_told_goodbye() const;
    /// The description of the alert that the server sent; -1: none.
    int alert() const { return alert_; }

    SSL* ssl() const { return ssl_.get(); }
    RawClient& wire() { return wire_; }
    /// SHA-256 of the certificate that the server showed, as hex digits.
    std::string fingerprint() const;

  private:
    void flush(std::size_t piece);
    bool fetch();

    RawClient wire_;
    tls::Context context_;
    tls::Session ssl_;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
    int alert_ = -1;
    std::string plain_;
};

/// A WebSocket over TLS, by hand. Throws std::runtime_error when the server does not play along.
class SecureSocket {
  public:
    /// `piece`: as TlsClient::handshake has it.
    explicit SecureSocket(std::uint16_t port, const std::string& target = "/socket",
                          std::size_t piece = 0, const TlsClientOptions& options = {});

    void send(std::string_view text);
    /// The payload of the next text frame; shorter than 64 KiB.
    std::string receive();

    TlsClient tls;

  private:
    std::pair<std::size_t, std::size_t> shape() const;
    bool is_whole() const;

    std::string held_;
};

}  // namespace videochat::test
