// PollingTransport: the GET that waits and the POST in work of one Engine.IO session, of each at
// most one. Owned by its session, on its loop.
#pragma once

#include <span>
#include <string_view>

#include "protocol/engineio_packet.hpp"
#include "protocol/engineio_payload.hpp"
#include "transport/polling_request.hpp"

namespace videochat::transport {

class PollingTransport {
  public:
    PollingTransport(protocol::EngineIoVersion version, bool base64_only)
        : version_(version), base64_only_(base64_only) {}
    PollingTransport(const PollingTransport&) = delete;
    PollingTransport& operator=(const PollingTransport&) = delete;

    /// False: there is one already.
    bool begin_get(PollingRequest& request);
    bool begin_post(PollingRequest& request);
    /// The client has gone before it was answered. False: not one of ours.
    bool forget(const PollingRequest& request);

    bool has_get() const { return get_ != nullptr; }
    bool has_post() const { return post_ != nullptr; }
    /// Answers the waiting GET; no effect without one.
    void answer_get(std::span<const protocol::OutgoingPacket> packets);
    void answer_get(std::string_view packet);
    /// Answers the POST with "ok", or refuses it with code 3.
    void accept_post();
    void refuse_post();

    /// How the body of a POST is framed.
    protocol::PayloadFraming framing_of(bool octets) const;

  private:
    protocol::EngineIoVersion version_;
    bool base64_only_;
    PollingRequest* get_ = nullptr;
    PollingRequest* post_ = nullptr;
};

/// Status and JSON of an Engine.IO error.
enum class EngineIoError {
    TransportUnknown = 0,
    SessionUnknown = 1,
    BadHandshakeMethod = 2,
    BadRequest = 3,
    Forbidden = 4,
    UnsupportedVersion = 5
};
std::string_view message_of(EngineIoError error);
PollingAnswer refusal(EngineIoError error);

}  // namespace videochat::transport
