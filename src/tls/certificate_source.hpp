// CertificateSource: where the server's certificates come from, a CA of our own or files of the
// operator's. Owned by the CertificateKeeper, whose thread calls it; it may block.
#pragma once

#include <vector>

#include "tls/identity.hpp"

namespace videochat::tls {

/// Why it is asked whether something has changed.
enum class Occasion {
    Tick,       ///< some time has passed
    Addresses,  ///< addresses of this machine may have come or gone
    Reload      ///< the operator says so
};

class CertificateSource {
  public:
    CertificateSource() = default;
    CertificateSource(const CertificateSource&) = delete;
    CertificateSource& operator=(const CertificateSource&) = delete;
    virtual ~CertificateSource() = default;

    /// Brings identities() up to date: whether they have changed. What goes wrong is logged, and
    /// what was there stays.
    virtual bool look(Occasion occasion) = 0;
    /// One at least; the first is for who asks for none.
    virtual const std::vector<Identity>& identities() const = 0;
    virtual TrustFacts facts() const = 0;
};

}  // namespace videochat::tls
