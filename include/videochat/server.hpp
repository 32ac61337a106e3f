// Server: the whole product as a library. Embedders see no Boost.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "videochat/config.hpp"

namespace videochat {

/// What people compare with their browser's warning; empty texts: there is none.
struct TrustSummary {
    std::string leaf_sha256;         ///< "AB:CD:…" of the certificate that is shown first
    std::string ca_sha256;           ///< of the server's own CA
    std::vector<std::string> names;  ///< addresses and DNS names that the first is good for
};

/// Thread-safe: every function may be called from any thread.
class Server {
  public:
    /// Checks and loads what the configuration names. Throws std::runtime_error with one line that
    /// names the culprit (an unreadable root, a malformed CIDR, ...).
    explicit Server(const Config& config);
    /// Ends at once whatever still runs.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds, starts the loops' threads and returns when connections are served.
    /// Throws std::runtime_error with one line (port in use, ...).
    void start();
    /// The port that is listened on; 0 before start().
    std::uint16_t port() const;

    /// Of the certificates in use. Any thread, at any time.
    TrustSummary trust() const;

    /// Reads again what can change while running (SIGHUP): log file, pages, certificates.
    void reload();

    /// Begins the graceful end and returns at once: no new connections, /healthz 503, WebSockets
    /// get 1001, answers in progress finish; what is left after `shutdown_timeout` is cut.
    void begin_stop();
    /// Returns when everything has ended; at once if it was never started.
    void wait();
    /// begin_stop() and wait().
    void stop();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace videochat
