// Hosts that a request may name (RFC 9110 section 7.2). What is no host at all, parse_request_head
// has refused. Values, shared by all loops.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace videochat::http {

/// localhost, *.localhost, 127.0.0.0/8 and [::1]: whoever opens a page there needs no TLS, as
/// browsers call it a secure context. `host` is the value of a Host field.
bool is_loopback_host(std::string_view host);

/// A page of somebody else whose name suddenly resolves to our address (DNS rebinding) is of our
/// origin in the eyes of a browser, and may do what our pages may. Its Host tells.
class HostRule {
  public:
    /// Names and addresses without a port; an IPv6 address with or without brackets. None: any
    /// host will do.
    explicit HostRule(const std::vector<std::string>& allowed);

    /// Ports and the case of letters do not count, nor does a dot at the end. No host is allowed
    /// only where any is.
    bool allows(std::string_view host) const;

    /// 421 and the end of the connection, unless what Host names is allowed and, if the target is
    /// absolute, its authority too.
    std::optional<Response> refusal(std::string_view host, std::string_view authority) const;

  private:
    std::vector<std::string> names_;  // as protocol::host_name spells them
};

}  // namespace videochat::http
