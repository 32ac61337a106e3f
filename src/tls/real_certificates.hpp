// RealCertificates: certificates of a public or a company's CA, in files that somebody else renews
// (certbot, an administrator). Used by one thread.
#pragma once

#include <string>
#include <vector>

#include "tls/certificate_reading.hpp"
#include "tls/certificate_source.hpp"
#include "tls/file_stamp.hpp"
#include "tls/own_certificate.hpp"
#include "videochat/config.hpp"

namespace videochat::tls {

/// A certificate with its chain, and its key. Throws FileError that names the file that is missing,
/// broken, encrypted, too weak for TLS, or does not fit the other.
Identity load_real(const std::string& certificate_path, const std::string& key_path);

class RealCertificates final : public CertificateSource {
  public:
    /// Throws FileError, or std::runtime_error if there are not as many keys as certificates.
    explicit RealCertificates(const TlsConfig& config, Surroundings surroundings = {});

    bool look(Occasion occasion) override;
    const std::vector<Identity>& identities() const override { return identities_; }
    TrustFacts facts() const override;

  private:
    struct Files {
        std::string certificate;
        std::string key;
        std::vector<FileStamp> read{};  // when they were read last, in vain or not
        std::vector<FileStamp> seen{};  // at the last look
        bool is_told_expired = false;
    };

    static bool is_due(Files& files, Occasion occasion);
    bool read_again(std::size_t index);
    void tell_expired(std::size_t index);

    const Surroundings surroundings_;
    std::vector<Files> files_;
    std::vector<Identity> identities_;  // of the files of the same index
};

}  // namespace videochat::tls
