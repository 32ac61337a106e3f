// VisitorRoutes: the pages, and what stands around them so that visitors come to them by https:
// the redirect to the explanation, the certificates, the hosts that may be named; and what our own
// pages ask of the server. One per loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/acme_challenges.hpp"
#include "app/page_config.hpp"
#include "http/host_rule.hpp"
#include "http/router.hpp"
#include "http/secure_redirect.hpp"
#include "http/static_files.hpp"
#include "observe/metrics.hpp"
#include "tls/identity.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

/// The present facts; null while there are none. Empty: there is no TLS.
using TrustSource = std::function<std::shared_ptr<const tls::TrustFacts>()>;

class VisitorRoutes {
  public:
    /// Throws std::runtime_error with one line that names the folder which cannot be served.
    VisitorRoutes(const Config& config, TrustSource trust, PageFacts facts,
                  observe::Metrics& metrics);
    VisitorRoutes(const VisitorRoutes&) = delete;
    VisitorRoutes& operator=(const VisitorRoutes&) = delete;

    /// The router keeps references to this object.
    void add_to(http::Router& router);

  private:
    std::optional<http::Response> early(const http::RequestHead& head,
                                        const http::RequestAddress& address);
    http::Response page(const http::Request& request);
    std::shared_ptr<const tls::TrustFacts> facts() const { return trust_ ? trust_() : nullptr; }

    http::StaticFiles pages_;
    PageConfig page_config_;
    http::SecureRedirect redirect_;
    http::HostRule hosts_;
    std::optional<AcmeChallenges> challenges_;
    TrustSource trust_;
    observe::Metrics& metrics_;
    bool has_ca_;         ///< of our own
    bool has_own_pages_;  ///< those inside the binary
};

}  // namespace videochat::app
