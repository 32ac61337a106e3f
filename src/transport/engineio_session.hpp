// EngineIoSession: one session of Engine.IO 3 or 4: what lives from the handshake to the close,
// while requests and WebSockets come and go under it. Owned by its loop, the one of its room; found
// by its sid in the loop's EngineIoSessions.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/connection_gate.hpp"
#include "net/loop.hpp"
#include "observe/metrics.hpp"
#include "protocol/engineio_packet.hpp"
#include "protocol/engineio_payload.hpp"
#include "protocol/websocket_frame.hpp"
#include "transport/engineio_heartbeat.hpp"
#include "transport/engineio_sessions.hpp"
#include "transport/engineio_websocket.hpp"
#include "transport/event_spelling.hpp"
#include "transport/packet_buffer.hpp"
#include "transport/polling_transport.hpp"
#include "transport/session.hpp"
#include "videochat/config.hpp"
#include "videochat/core/event.hpp"
#include "videochat/core/token_bucket.hpp"

namespace videochat::transport {

/// What the sessions of one loop share.
struct EngineIoContext {
    const EngineIoLimits& limits;
    const WebSocketLimits& websocket;
    EngineIoSessions& sessions;
    observe::Metrics& metrics;
};

/// What a client is told that a POST may hold, bytes. There has to be a number, also when there is
/// no limit.
inline std::size_t max_payload(const EngineIoLimits& limits) {
    constexpr std::size_t kUnlimited = 100'000'000;
    return limits.post == 0 ? kUnlimited : limits.post;
}

class EngineIoSession final : public net::Resident {
  public:
    /// What the handshake request said.
    struct Handshake {
        protocol::EngineIoVersion version = protocol::EngineIoVersion::V4;
        bool base64 = false;   ///< the client takes no binary (`b64`)
        bool offsets = false;  ///< events carry their offset, for recovery
        std::string sid;
        net::ConnectionGate::Ticket ticket{};  ///< its place among its address's sessions
    };
    EngineIoSession(const EngineIoContext& context, Handshake handshake);
    ~EngineIoSession() override;

    const std::string& sid() const { return handshake_.sid; }
    protocol::EngineIoVersion version() const { return handshake_.version; }
    bool is_open() const { return state_ == State::Open; }
    /// It did not end by its client's fault: a lost connection, or a close.
    bool ended_well() const { return !faulty_; }

    /// Sends the open packet; call once it is on its loop, with the WebSocket it begins with set.
    void open();
    void set_application(std::unique_ptr<Session> application) {
        application_ = std::move(application);
    }
    /// Closed unless the application confirms it within `timeout`.
    void await_confirmation(Milliseconds timeout);
    void confirm();

    // For the application.

    /// The message being handled came in a text payload of version 3: one of a 1.x client is
    /// encoded to UTF-8 twice (protocol/double_utf8.hpp).
    bool may_be_encoded_twice() const { return in_text3_; }
    /// A message; `packet` begins with "4".
    void send_text(std::string_view packet);
    void send_binary(std::string_view bytes);
    void send(const core::EncodedEvent& event);
    /// An orderly end: what is queued goes first.
    void close(protocol::CloseCode code, std::string_view reason);
    /// The client broke the protocol: ends at once. `reason` is plain ASCII.
    void fail(protocol::CloseCode code, std::string_view reason);

    // For the endpoint: requests with this sid, on this loop.

    /// False: it should have ended by now, and has.
    bool check_alive();
    bool is_polling() const { return websocket_ == nullptr; }
    bool is_upgrading() const { return candidate_ != nullptr; }
    /// A GET or POST of this session. `request` is answered now or later, by all means before the
    /// session is gone.
    void poll(PollingRequest& request);
    /// False: it was refused and answered; otherwise its body is wanted.
    bool begin_post(PollingRequest& request);
    /// `octets`: the content type says binary.
    void on_post(std::string_view body, bool octets);
    void refuse_post();
    /// The client went away before the answer.
    void forget(const PollingRequest& request);

    core::AttachmentForm attachment_form() const;
    /// The WebSocket that the session begins with.
    void begin_with(EngineIoWebSocket& websocket) { websocket_ = &websocket; }
    /// A WebSocket that asks to take over.
    void begin_upgrade(EngineIoWebSocket& candidate);
    /// nullopt: it was malformed.
    void on_websocket_packet(EngineIoWebSocket& from,
                             const std::optional<protocol::EngineIoPacket>& packet);
    /// `broke_a_rule`: it was closed for its client's fault.
    void on_websocket_gone(EngineIoWebSocket& websocket, bool broke_a_rule);

    // net::Resident
    void flush() override;
    void on_due(net::TimePoint now) override;
    void on_stop() override;
    void abandon() noexcept override;
    void on_ready(bool /*readable*/, bool /*writable*/) override {}  // it has no socket

  private:
    enum class State { Open, Closing, Over };

    void on_packet(const protocol::EngineIoPacket& packet);
    void on_probe(const std::optional<protocol::EngineIoPacket>& packet);
    void finish_upgrade();
    void drop_candidate(std::string_view reason);
    void wait_in_buffer(const core::Frame& data, bool is_binary);
    void answer_poll();
    void send_packet(std::string_view packet);
    void end(protocol::CloseCode code, std::string_view reason);
    void rearm();
    net::TimePoint now() const { return loop().now(); }

    const EngineIoContext& context_;
    Handshake handshake_;
    EngineIoHeartbeat heartbeat_;
    PollingTransport polling_;
    EventSpelling spelling_;
    EngineIoWebSocket* websocket_ = nullptr;  ///< the transport, unless it is polling
    EngineIoWebSocket* candidate_ = nullptr;
    PacketBuffer buffer_;
    core::TokenBucket messages_;
    core::TokenBucket bytes_;
    net::TimePoint upgrade_due_ = net::TimePoint::max();
    net::TimePoint confirmation_due_ = net::TimePoint::max();
    net::TimePoint closing_due_ = net::TimePoint::max();
    net::TimePoint post_due_ = net::TimePoint::max();  ///< when a POST beyond the rate is answered
    State state_ = State::Open;
    bool probed_ = false;  ///< the candidate has shown that it works: polls are released
    bool faulty_ = false;
    bool in_text3_ = false;
    std::unique_ptr<Session> application_;  // last: it leaves its room while the rest still stands
};

}  // namespace videochat::transport
