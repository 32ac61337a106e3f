// HttpConversation: the requests of one connection, one after the other (RFC 9112): parse, route,
// answer, until one of them upgrades to another protocol. Owned by its connection, on its loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "http/exchange.hpp"
#include "http/incoming_body.hpp"
#include "http/message.hpp"
#include "http/outgoing_answer.hpp"
#include "http/request_address.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "http/router.hpp"
#include "net/byte_handler.hpp"
#include "net/connection.hpp"
#include "observe/metrics.hpp"
#include "protocol/ip_address.hpp"
#include "videochat/config.hpp"

namespace videochat::http {

/// What the conversations of one loop share.
struct HttpContext {
    const HttpLimits& limits;
    Milliseconds tls_handshake_timeout;
    const Router& router;
    std::string base_path;  ///< "" or "/x"
    const std::vector<protocol::Cidr>& proxies;
    observe::Metrics& metrics;
    ResponseHead head;
    RequestHead request;  ///< reused, so that a request allocates nothing
    std::string path;     ///< storage for a decoded path
    /// Takes a connection to another loop, with everything from its present request on and the
    /// number of those before it.
    std::function<void(std::size_t loop, net::Socket, std::string bytes, std::uint32_t requests)>
        relocate;
};

class HttpConversation final : public net::ByteHandler, private Exchange {
  public:
    /// `requests`: of a connection that comes from another loop, those that it has made there.
    HttpConversation(net::Connection& connection, HttpContext& context, bool over_limit,
                     std::optional<std::uint32_t> requests = {});

    std::size_t on_bytes(std::span<char> bytes) override;
    void on_handshake() override;
    void on_secured() override;
    void on_end() override;
    void on_drained() override;
    void on_due(net::TimePoint now) override;
    void on_stop() override;

  private:
    enum class Phase : std::uint8_t {
        FirstByte,
        Handshake,  ///< of TLS; then FirstByte anew
        Head,
        Body,     ///< of a request that was answered; dropped
        Receive,  ///< a body that a service wants
        Wait,     ///< for a service's answer
        Answer,
        Idle,
        Upgraded
    };
    bool is_answer_due() const;
    std::size_t drop_unwanted(std::size_t available);
    std::size_t receive(std::span<char> bytes);
    std::size_t begin_request(std::span<char> bytes);
    bool relocate(const RequestAddress& address, std::span<char> bytes);
    void handle(const RequestAddress& address, std::span<char> rest);
    void take_note();
    bool is_body_small() const;
    bool settle_body();
    void dispatch(const RequestAddress& address, std::span<char> rest);
    void serve(Service& service, const RequestAddress& address, std::span<char> rest);
    void deliver_body();
    template <typename Call>
    void call_service(Call&& call);
    template <typename TakeOver>
    void upgrade(TakeOver&& take_over, std::string_view query, std::span<char> rest);
    void reply(Response response);
    void refuse(unsigned status);
    void end_answer();
    protocol::IpAddress client() const;
    Arrival arrival() const;

    // Exchange
    void answer(Response response) override;
    void wait(std::unique_ptr<Pending> pending) override;
    void receive_body(std::size_t limit, BodyBytes bytes,
                      std::unique_ptr<Pending> pending) override;
    void enter(Phase phase, Milliseconds timeout);

    net::Connection& connection_;
    HttpContext& context_;
    OutgoingAnswer outgoing_;
    std::uint64_t body_left_ = 0;  ///< bytes of a request's body still to be dropped
    std::unique_ptr<Pending> pending_;
    std::unique_ptr<Pending> spent_;  ///< answered; it may be on the stack
    std::unique_ptr<IncomingBody> incoming_;
    std::uint32_t requests_ = 0;
    HeadScan scan_;
    Phase phase_ = Phase::FirstByte;
    bool over_limit_;
    bool close_ = false;  ///< after the present answer
    bool head_only_ = false;
    bool is_http_1_0_ = false;  ///< the present request
    bool body_unread_ = false;  ///< a body too long to be dropped is on its way; nobody wants it
    bool in_service_ = false;   ///< a service is being called: its answer comes on our own stack
};

}  // namespace videochat::http
