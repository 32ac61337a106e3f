#include "app/polling_exchange.hpp"

#include <utility>

#include "protocol/engineio_jsonp.hpp"

namespace videochat::app {
namespace {

using transport::PollingAnswer;

const char* content_type(PollingAnswer::Body kind) {
    switch (kind) {
        case PollingAnswer::Body::Text:
            return "Content-Type: text/plain; charset=UTF-8\r\nCache-Control: no-store\r\n";
        case PollingAnswer::Body::Bytes:
            return "Content-Type: application/octet-stream\r\nCache-Control: no-store\r\n";
        case PollingAnswer::Body::Script:
            return "Content-Type: text/javascript; charset=UTF-8\r\nCache-Control: no-store\r\n";
        case PollingAnswer::Body::Ok:
            return "Content-Type: text/html\r\nCache-Control: no-store\r\n";
        case PollingAnswer::Body::Refusal:
            break;
    }
    return "Content-Type: application/json\r\nCache-Control: no-store\r\n";
}

}  // namespace

http::Response polling_response(const PollingAnswer& answer, std::string fields) {
    http::Response response;
    response.status = answer.status;
    response.fields = core::Frame::of_static(content_type(answer.kind));
    response.extra_fields = std::move(fields);
    response.content_length = answer.body.size();
    response.body = core::Frame::copy_of(answer.body);
    return response;
}

PollingExchange::~PollingExchange() {
    if (!answered_) session_.forget(*this);
}

void PollingExchange::on_body(std::string_view body) {
    if (request_.jsonp_index.empty()) {
        session_.on_post(body, request_.octets);
        return;
    }
    const auto payload = protocol::jsonp_payload(body);
    if (payload) {
        session_.on_post(*payload, false);
    } else {
        session_.refuse_post();
    }
}

void PollingExchange::answer(PollingAnswer answer) {
    answered_ = true;
    exchange_.answer(polling_response(answer, std::move(request_.fields)));
}

}  // namespace videochat::app
