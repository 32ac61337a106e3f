// TlsContext: the settings and certificates of TLS (RFC 8446, RFC 5246) for the connections that
// begin from now on. Immutable, shared by all loops; a change of certificates makes a new one, and
// with it new keys for session tickets, while open connections keep the one that they began with.
#pragma once

#include <vector>

#include "tls/identity.hpp"
#include "tls/openssl.hpp"

namespace videochat::tls {

class TlsContext {
  public:
    /// The identity is chosen by the name that the client asks for (SNI, RFC 6066 section 3): the
    /// first whose leaf is good for it, the first of all for no or another name. Throws
    /// std::runtime_error with one line when a key does not fit its certificate.
    explicit TlsContext(const std::vector<Identity>& identities);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// One connection's side, as a server that waits for a ClientHello. The context must outlive
    /// its handshake.
    Session new_session() const;

  private:
    std::vector<Context> contexts_;  ///< one for each identity; the first one chooses
};

}  // namespace videochat::tls
