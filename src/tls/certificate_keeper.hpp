// CertificateKeeper: the certificates in use, always current. It has one thread of its own, which
// waits for addresses that come and go, looks at files now and then, and may block; connections
// take what is current from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include "net/address_watch.hpp"
#include "net/unique_fd.hpp"
#include "tls/certificate_source.hpp"
#include "tls/identity.hpp"
#include "tls/own_certificate.hpp"
#include "tls/tls_context.hpp"
#include "videochat/config.hpp"

namespace videochat::tls {

class CertificateKeeper {
  public:
    struct Snapshot {
        std::shared_ptr<const TlsContext> context;
        std::shared_ptr<const TrustFacts> facts;
    };
    /// For tests.
    struct Hooks {
        Surroundings surroundings{};
        std::chrono::milliseconds look_interval{2000};  ///< between two looks at files and clock
        std::chrono::milliseconds gathering{1000};      ///< of changes of addresses that follow
    };

    /// Makes a CA and a certificate, or reads the real ones. Throws std::runtime_error, one line
    /// that names what is wrong.
    explicit CertificateKeeper(const TlsConfig& config) : CertificateKeeper(config, Hooks{}) {}
    CertificateKeeper(const TlsConfig& config, Hooks hooks);
    ~CertificateKeeper();
    CertificateKeeper(const CertificateKeeper&) = delete;
    CertificateKeeper& operator=(const CertificateKeeper&) = delete;

    /// Never null. Any thread.
    Snapshot current() const;
    /// Reads the files anew, soon. Any thread.
    void reload();

  private:
    using Clock = std::chrono::steady_clock;

    void run();
    bool wait_until(Clock::time_point moment) const;
    void look(Occasion occasion);
    void publish();
    void wake() const;

    // Before the source: an address that appears while a certificate is made is not missed.
    const net::AddressWatch watch_;
    const std::unique_ptr<CertificateSource> source_;  // the thread's, once that runs
    const std::chrono::milliseconds look_interval_;
    const std::chrono::milliseconds gathering_;
    const net::UniqueFd event_;
    std::atomic<bool> is_ending_{false};
    std::atomic<bool> is_reload_wanted_{false};
    mutable std::mutex mutex_;
    Snapshot current_;  // under mutex_
    std::thread thread_;
};

}  // namespace videochat::tls
