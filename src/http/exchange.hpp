// How a service answers requests: now, or later, with or without the request's body. Implemented by
// the conversation; everything runs on its loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "http/incoming_body.hpp"
#include "http/message.hpp"
#include "http/request_head.hpp"
#include "net/connection.hpp"
#include "observe/metrics.hpp"
#include "protocol/ip_address.hpp"

namespace videochat::http {

struct UpgradeRequest;

/// What waits behind a request that is not answered at once. Owned by the conversation; it goes
/// when the client is gone, or some time after the answer.
class Pending {
  public:
    virtual ~Pending() = default;
    /// The body that was asked for is complete, and was kept. Valid during the call.
    virtual void on_body(std::string_view /*body*/) {}
    /// It was dropped; so many bytes it was, without its coding.
    virtual void on_dropped(std::uint64_t /*size*/) {}
};

/// One request as a service sees it. Exactly one answer is due.
class Exchange {
  public:
    virtual ~Exchange() = default;
    /// Now or later. Never calls back into the service.
    virtual void answer(Response response) = 0;
    /// Not yet: `pending` is kept until the answer, or until the client is gone.
    virtual void wait(std::unique_ptr<Pending> pending) = 0;
    /// The same, and the body is read. One of more than `limit` bytes (413), a malformed (400) or a
    /// slow one (408) ends the conversation, and `pending` with it.
    virtual void receive_body(std::size_t limit, BodyBytes bytes,
                              std::unique_ptr<Pending> pending) = 0;
};

/// A request with its checked head. Views live only during the call that got it.
struct ServiceRequest {
    const RequestHead& head;
    std::string_view path;       ///< decoded, without the base path
    std::string_view query;      ///< as sent, without "?"
    protocol::IpAddress client;  ///< the peer, or whom a trusted proxy names
    observe::Metrics& metrics;   ///< of the conversation's loop
};

/// Answers every request, of any method, whose path begins with its prefix.
class Service {
  public:
    virtual ~Service() = default;
    /// The index of the loop on which the request is to be served; nullopt: this one. Asked before
    /// anything else.
    virtual std::optional<std::size_t> home_of(std::string_view query) const = 0;
    virtual void serve(Exchange& exchange, const ServiceRequest& request) = 0;
    /// The request wants a WebSocket. As http::Upgrade: takes the connection over, or refuses.
    virtual std::optional<Response> upgrade(net::Connection& connection,
                                            const UpgradeRequest& request) = 0;
};

}  // namespace videochat::http
