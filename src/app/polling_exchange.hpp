// PollingExchange: a poll or POST of a session as an HTTP exchange. Owned by the HTTP conversation
// that it is answered on; on the session's loop.
#pragma once

#include <string>
#include <string_view>

#include "http/exchange.hpp"
#include "transport/engineio_session.hpp"
#include "transport/polling_request.hpp"

namespace videochat::app {

/// The HTTP answer; `fields` are more header lines.
http::Response polling_response(const transport::PollingAnswer& answer, std::string fields);

class PollingExchange final : public http::Pending, public transport::PollingRequest {
  public:
    struct Request {
        std::string fields;       ///< header lines of the answer
        std::string jsonp_index;  ///< digits, or empty
        bool octets = false;      ///< the body's type is application/octet-stream
    };
    PollingExchange(http::Exchange& exchange, transport::EngineIoSession& session, Request request)
        : exchange_(exchange), session_(session), request_(std::move(request)) {}
    PollingExchange(const PollingExchange&) = delete;
    PollingExchange& operator=(const PollingExchange&) = delete;
    ~PollingExchange() override;

    void on_body(std::string_view body) override;
    void answer(transport::PollingAnswer answer) override;
    const std::string& jsonp_index() const override { return request_.jsonp_index; }

  private:
    http::Exchange& exchange_;
    transport::EngineIoSession& session_;  ///< answers before it ends
    Request request_;
    bool answered_ = false;
};

}  // namespace videochat::app
