#include "transport/polling_transport.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "protocol/engineio_jsonp.hpp"

namespace videochat::transport {

using protocol::EngineIoVersion;
using protocol::OutgoingPacket;
using protocol::PayloadFraming;

bool PollingTransport::begin_get(PollingRequest& request) {
    if (get_ != nullptr) return false;
    get_ = &request;
    return true;
}

bool PollingTransport::begin_post(PollingRequest& request) {
    if (post_ != nullptr) return false;
    post_ = &request;
    return true;
}

bool PollingTransport::forget(const PollingRequest& request) {
    if (get_ == &request) {
        get_ = nullptr;
    } else if (post_ == &request) {
        post_ = nullptr;
    } else {
        return false;
    }
    return true;
}

void PollingTransport::answer_get(std::string_view packet) {
    const OutgoingPacket only{packet, false};
    answer_get({&only, 1});
}

void PollingTransport::answer_get(std::span<const OutgoingPacket> packets) {
    if (get_ == nullptr) return;
    PollingRequest& get = *std::exchange(get_, nullptr);
    const bool binary = std::ranges::any_of(packets, &OutgoingPacket::is_binary);
    const bool script = !get.jsonp_index().empty();
    PollingAnswer answer;
    if (version_ == EngineIoVersion::V4) {
        answer.body = protocol::encode_payload(packets, PayloadFraming::Text4);
    } else if (binary && !base64_only_ && !script) {
        answer.kind = PollingAnswer::Body::Bytes;
        answer.body = protocol::encode_payload(packets, PayloadFraming::Binary3);
    } else {
        answer.body = protocol::encode_payload(packets, PayloadFraming::Text3);
    }
    if (script) {
        answer.kind = PollingAnswer::Body::Script;
        answer.body = protocol::jsonp_answer(get.jsonp_index(), answer.body);
    }
    get.answer(std::move(answer));
}

void PollingTransport::accept_post() {
    if (post_ == nullptr) return;
    PollingAnswer answer;
    answer.kind = PollingAnswer::Body::Ok;
    answer.body = "ok";
    std::exchange(post_, nullptr)->answer(std::move(answer));
}

void PollingTransport::refuse_post() {
    if (post_ != nullptr) {
        std::exchange(post_, nullptr)->answer(refusal(EngineIoError::BadRequest));
    }
}

PayloadFraming PollingTransport::framing_of(bool octets) const {
    if (version_ == EngineIoVersion::V4) return PayloadFraming::Text4;
    return octets ? PayloadFraming::Binary3 : PayloadFraming::Text3;
}

std::string_view message_of(EngineIoError error) {
    switch (error) {
        case EngineIoError::TransportUnknown:
            return "Transport unknown";
        case EngineIoError::SessionUnknown:
            return "Session ID unknown";
        case EngineIoError::BadHandshakeMethod:
            return "Bad handshake method";
        case EngineIoError::BadRequest:
            return "Bad request";
        case EngineIoError::Forbidden:
            return "Forbidden";
        case EngineIoError::UnsupportedVersion:
            return "Unsupported protocol version";
    }
    return {};
}

PollingAnswer refusal(EngineIoError error) {
    PollingAnswer answer;
    answer.status = error == EngineIoError::Forbidden ? 403 : 400;
    answer.kind = PollingAnswer::Body::Refusal;
    answer.body = R"({"code":)" + std::to_string(static_cast<int>(error)) + R"(,"message":")";
    answer.body.append(message_of(error)).append(R"("})");
    return answer;
}

}  // namespace videochat::transport
