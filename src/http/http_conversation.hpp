// HttpConversation: the requests of one connection, one after the other (RFC 9112): parse, route,
// answer, until one of them upgrades to another protocol. Owned by its connection, on its loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "http/message.hpp"
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
    const Router& router;
    std::string base_path;  ///< "" or "/x"
    const std::vector<protocol::Cidr>& proxies;
    observe::Metrics& metrics;
    ResponseHead head;
    RequestHead request;  ///< reused, so that a request allocates nothing
    std::string path;     ///< storage for a decoded path
};

class HttpConversation final : public net::ByteHandler {
  public:
    HttpConversation(net::Connection& connection, HttpContext& context, bool over_limit);

    std::size_t on_bytes(std::span<char> bytes) override;
    void on_end() override;
    void on_drained() override;
    void on_due(net::TimePoint now) override;
    void on_stop() override;

  private:
    enum class Phase : std::uint8_t { FirstByte, Head, Body, Answer, Idle, Upgraded };

    std::size_t drop_body(std::size_t available);
    std::size_t begin_request(std::span<char> bytes);
    void handle(std::span<char> rest);
    bool settle_body();
    void dispatch(std::string_view path, std::string_view query, std::span<char> rest);
    void upgrade(const Upgrade& target, std::string_view query, std::span<char> rest);
    Response respond(std::string_view path, std::string_view query);
    void answer(Response response);
    void refuse(unsigned status);
    void end_answer();
    void enter(Phase phase, Milliseconds timeout);

    net::Connection& connection_;
    HttpContext& context_;
    std::unique_ptr<BodySource> source_;
    std::uint64_t source_left_ = 0;  ///< bytes of the body still to be read from the source
    std::uint64_t body_left_ = 0;    ///< bytes of a request's body still to be dropped
    std::uint32_t requests_ = 0;
    HeadScan scan_;
    Phase phase_ = Phase::FirstByte;
    bool over_limit_;
    bool close_ = false;  ///< after the present answer
    bool head_only_ = false;
};

}  // namespace videochat::http
