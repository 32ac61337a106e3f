#include "transport/engineio_session.hpp"

#include <algorithm>
#include <utility>

#include "observe/log.hpp"

namespace videochat::transport {
namespace {

using observe::Counter;
using protocol::CloseCode;
using protocol::EngineIoPacket;
using protocol::EngineIoPacketType;
using protocol::EngineIoVersion;
using protocol::OutgoingPacket;

constexpr std::string_view kClose = "1";
constexpr std::string_view kPing = "2";
constexpr std::string_view kPong = "3";
constexpr std::string_view kNoop = "6";
constexpr std::string_view kProbe = "probe";
constexpr std::string_view kProbeAnswer = "3probe";

constexpr auto kNever = net::TimePoint::max();

}  // namespace

EngineIoSession::EngineIoSession(const EngineIoContext& context, Handshake handshake)
    : context_(context),
      handshake_(std::move(handshake)),
      heartbeat_(handshake_.version, context.limits, net::Clock::now()),
      polling_(handshake_.version, handshake_.base64),
      spelling_(EventSpelling::of(handshake_.version, handshake_.offsets)) {
    context_.sessions.add(sid(), *this);
    context_.metrics.add(Counter::SessionsOpened);
}

EngineIoSession::~EngineIoSession() {
    end(CloseCode::GoingAway, "server stops");  // no effect on one that has ended
    context_.metrics.add(Counter::SessionsClosed);
}

void EngineIoSession::open() {
    send_packet(protocol::open_packet({.sid = sid(),
                                       .can_upgrade = is_polling(),
                                       .ping_interval = context_.limits.ping_interval,
                                       .ping_timeout = context_.limits.ping_timeout,
                                       .max_payload = max_payload(context_.limits)}));
    rearm();
}

void EngineIoSession::await_confirmation(Milliseconds timeout) {
    confirmation_due_ = now() + timeout;
    rearm();
}

void EngineIoSession::confirm() { confirmation_due_ = kNever; }

// ---- Out

void EngineIoSession::send_text(std::string_view packet) { send_packet(packet); }

void EngineIoSession::send_packet(std::string_view packet) {
    if (state_ != State::Open) return;
    if (websocket_ != nullptr) {
        websocket_->send(OutgoingPacket{packet, false});
    } else {
        wait_in_buffer(core::Frame::copy_of(packet), false);
    }
}

void EngineIoSession::send_binary(std::string_view bytes) {
    if (state_ != State::Open) return;
    if (websocket_ != nullptr) {
        websocket_->send(OutgoingPacket{bytes, true});
    } else {
        wait_in_buffer(core::Frame::copy_of(bytes), true);
    }
}

void EngineIoSession::send(const core::EncodedEvent& event) {
    if (state_ != State::Open) return;
    if (websocket_ != nullptr) {
        websocket_->send(event, spelling_);
        return;
    }
    context_.metrics.add(Counter::FramesQueued);
    wait_in_buffer(event.frame(spelling_.polling, spelling_.encode_polling), false);
    for (const core::Frame& attachment : event.attachments())
        wait_in_buffer(attachment, true);
}

void EngineIoSession::wait_in_buffer(const core::Frame& data, bool is_binary) {
    const core::QueueLimits limits{.bytes = context_.websocket.queue_bytes,
                                   .frames = context_.websocket.queue_messages};
    loop().mark_dirty(*this);
    if (buffer_.push(data, is_binary, limits) == core::Push::Accepted) return;
    // A turn may bring more than the limit: only what a waiting poll does not take makes it slow.
    answer_poll();
    if (buffer_.push(data, is_binary, limits) == core::Push::Accepted) return;
    context_.metrics.add(Counter::ClosedSlow);
    observe::log::debug("slow polling client dropped", {});
    faulty_ = true;
    end(CloseCode::TryAgainLater, "too slow");
}

void EngineIoSession::answer_poll() {
    if (!polling_.has_get()) return;
    if (!buffer_.empty()) {
        polling_.answer_get(buffer_.packets());
        buffer_.clear();
    } else if (probed_) {
        // Every poll must come back until the client has stopped: one that hung would hold up the
        // upgrade until the next ping.
        polling_.answer_get(kNoop);
    }
}

// Everything that a turn brings goes out in one answer.
void EngineIoSession::flush() {
    if (state_ == State::Closing) application_.reset();
    if (state_ == State::Open && is_polling()) answer_poll();
}

// ---- In

void EngineIoSession::on_packet(const EngineIoPacket& packet) {
    if (!heartbeat_.on_packet(packet.type, now())) {
        fail(CloseCode::PolicyViolation, "invalid heartbeat direction");
        return;
    }
    switch (packet.type) {
        case EngineIoPacketType::Message:
            if (application_ == nullptr) return;
            if (context_.websocket.message != 0 &&
                packet.data.size() > context_.websocket.message) {  // a POST may be larger
                fail(CloseCode::MessageTooBig, "message too big");
                return;
            }
            if (packet.is_binary) {
                application_->on_binary(packet.data);
            } else {
                application_->on_text(packet.data);
            }
            return;
        case EngineIoPacketType::Ping:
            send_packet(kPong);
            return;
        case EngineIoPacketType::Close:
            if (polling_.has_get()) polling_.answer_get(kNoop);
            end(CloseCode::Normal, {});
            return;
        case EngineIoPacketType::Open:
        case EngineIoPacketType::Pong:
        case EngineIoPacketType::Upgrade:
        case EngineIoPacketType::Noop:
            return;
    }
}

void EngineIoSession::poll(PollingRequest& request) {
    if (!polling_.begin_get(request)) {
        fail(CloseCode::PolicyViolation, "two polls at once");
        request.answer(refusal(EngineIoError::BadRequest));
        return;
    }
    if (state_ == State::Closing) {
        end(CloseCode::Normal, {});
    } else {
        loop().mark_dirty(*this);
    }
}

// The timer that would have ended it is coarser than what a request can tell.
bool EngineIoSession::check_alive() {
    if (state_ == State::Open && now() >= heartbeat_.next()) on_due(now());
    return state_ != State::Over;
}

bool EngineIoSession::begin_post(PollingRequest& request) {
    if (state_ == State::Open && polling_.begin_post(request)) return true;
    if (state_ == State::Open) fail(CloseCode::PolicyViolation, "two POSTs at once");
    request.answer(refusal(EngineIoError::BadRequest));
    return false;
}

void EngineIoSession::refuse_post() {
    polling_.refuse_post();
    fail(CloseCode::InvalidData, "parse error");
}

void EngineIoSession::on_post(std::string_view body, bool octets) {
    if (octets && version() == EngineIoVersion::V4) {
        refuse_post();
        return;
    }
    protocol::PayloadParser payload;
    if (!payload.parse(body, polling_.framing_of(octets), context_.limits.packets_per_post)) {
        refuse_post();
        return;
    }
    const auto packets = payload.packets();
    const WebSocketLimits& limits = context_.websocket;
    context_.metrics.add(Counter::PostsReceived);
    if (!messages_.take(packets.size(), {limits.message_rate, limits.message_burst}, now())) {
        context_.metrics.add(Counter::ClosedRate);
        polling_.accept_post();
        fail(CloseCode::PolicyViolation, "too many messages");
        return;
    }
    in_text3_ = polling_.framing_of(octets) == protocol::PayloadFraming::Text3;
    for (const EngineIoPacket& packet : packets) {
        if (state_ != State::Open) break;
        if (packet.type == EngineIoPacketType::Message) {
            context_.metrics.add(Counter::MessagesReceived);
        }
        on_packet(packet);
    }
    in_text3_ = false;
    const core::TokenBucket::Rate rate{limits.byte_rate, limits.byte_burst};
    if (bytes_.take(body.size(), rate, now()) || state_ != State::Open) {
        polling_.accept_post();
    } else {  // its next POST waits for this answer
        context_.metrics.add(Counter::ReadsPaused);
        post_due_ = now() + bytes_.debt(rate);
        rearm();
    }
}

void EngineIoSession::forget(const PollingRequest& request) {
    if (polling_.forget(request)) end(CloseCode::Normal, {});
}

// ---- WebSockets

core::AttachmentForm EngineIoSession::attachment_form() const {
    if (version() == EngineIoVersion::V4) return core::AttachmentForm::Bare;
    return handshake_.base64 ? core::AttachmentForm::Base64 : core::AttachmentForm::Typed;
}

void EngineIoSession::begin_upgrade(EngineIoWebSocket& candidate) {
    candidate_ = &candidate;
    probed_ = false;
    upgrade_due_ = now() + context_.limits.upgrade_timeout;
    rearm();
}

void EngineIoSession::on_websocket_packet(EngineIoWebSocket& from,
                                          const std::optional<EngineIoPacket>& packet) {
    if (&from == candidate_) {
        on_probe(packet);
    } else if (packet) {
        on_packet(*packet);
    } else {
        fail(CloseCode::InvalidData, "parse error");
    }
}

void EngineIoSession::on_probe(const std::optional<EngineIoPacket>& packet) {
    if (packet && packet->type == EngineIoPacketType::Ping && packet->data == kProbe) {
        candidate_->send(OutgoingPacket{kProbeAnswer, false});
        probed_ = true;
        loop().mark_dirty(*this);
    } else if (packet && packet->type == EngineIoPacketType::Upgrade && probed_) {
        finish_upgrade();
    } else {
        drop_candidate("not a probe");
    }
}

void EngineIoSession::finish_upgrade() {
    context_.metrics.add(Counter::UpgradesFinished);
    upgrade_due_ = kNever;
    if (state_ == State::Closing) {  // closed while it was changing
        std::exchange(candidate_, nullptr)->close(CloseCode::Normal, {});
        return;
    }
    polling_.answer_get(kNoop);
    probed_ = false;
    websocket_ = std::exchange(candidate_, nullptr);
    for (const OutgoingPacket& packet : buffer_.packets())
        websocket_->send(packet);
    buffer_.clear();
}

void EngineIoSession::drop_candidate(std::string_view reason) {
    upgrade_due_ = kNever;
    probed_ = false;
    if (candidate_ == nullptr) return;
    context_.metrics.add(Counter::UpgradesFailed);
    std::exchange(candidate_, nullptr)->close(CloseCode::PolicyViolation, reason);
}

void EngineIoSession::on_websocket_gone(EngineIoWebSocket& websocket, bool broke_a_rule) {
    if (&websocket == candidate_) {
        context_.metrics.add(Counter::UpgradesFailed);
        candidate_ = nullptr;
        probed_ = false;
        upgrade_due_ = kNever;
    } else if (&websocket == websocket_) {
        websocket_ = nullptr;
        faulty_ = faulty_ || broke_a_rule;
        end(CloseCode::Normal, {});
    }
}

// ---- The end

void EngineIoSession::close(CloseCode code, std::string_view reason) {
    if (state_ != State::Open) return;
    if (websocket_ != nullptr || polling_.has_get()) {
        end(code, reason);
        return;
    }
    // Nobody is there to be told: the next poll is.
    state_ = State::Closing;
    closing_due_ = now() + context_.limits.poll_close_timeout;
    drop_candidate("session closed");
    rearm();
    loop().mark_dirty(*this);
}

void EngineIoSession::fail(CloseCode code, std::string_view reason) {
    if (state_ == State::Over) return;
    faulty_ = true;
    context_.metrics.add(Counter::SessionsFailed);
    observe::log::debug("session ended for its client's fault", {{"reason", reason}});
    end(code, reason);
}

// Called in the middle of anything: what hangs on the session goes with it at the end of the turn.
void EngineIoSession::end(CloseCode code, std::string_view reason) {
    if (state_ == State::Over) return;
    state_ = State::Over;
    context_.sessions.remove(sid());
    if (polling_.has_get()) {
        auto packets = buffer_.packets();
        packets.push_back({kClose, false});
        polling_.answer_get(packets);
    }
    if (faulty_) {
        polling_.refuse_post();
    } else {
        polling_.accept_post();
    }
    drop_candidate("session closed");
    if (websocket_ != nullptr) std::exchange(websocket_, nullptr)->close(code, reason);
    loop().retire(*this);
}

void EngineIoSession::on_due(net::TimePoint now) {
    if (state_ == State::Over) return;
    if (now >= post_due_) {
        post_due_ = kNever;
        polling_.accept_post();
    }
    if (now >= upgrade_due_) drop_candidate("upgrade took too long");
    if (now >= closing_due_) {
        end(CloseCode::Normal, {});
    } else if (now >= confirmation_due_) {
        context_.metrics.add(Counter::ConnectTimeouts);
        confirmation_due_ = kNever;
        close(CloseCode::PolicyViolation, "did not connect");
    } else if (state_ == State::Open) {
        switch (heartbeat_.check(now)) {
            case EngineIoHeartbeat::Due::Dead:
                context_.metrics.add(Counter::DeadPeers);
                end(CloseCode::PolicyViolation, "ping timeout");
                break;
            case EngineIoHeartbeat::Due::Ping:
                send_packet(kPing);
                break;
            case EngineIoHeartbeat::Due::Nothing:
                break;
        }
    }
    if (state_ != State::Over) rearm();
}

// Hearing something moves no deadline: the timer finds out when it fires.
void EngineIoSession::rearm() {
    auto next = std::min({upgrade_due_, confirmation_due_, closing_due_, post_due_});
    if (state_ == State::Open) next = std::min(next, heartbeat_.next());
    loop().set_deadline(*this, next);
}

void EngineIoSession::on_stop() { close(CloseCode::GoingAway, "server stops"); }

void EngineIoSession::abandon() noexcept {
    try {
        faulty_ = true;
        end(CloseCode::InternalError, "internal error");
    } catch (...) {  // NOLINT(bugprone-empty-catch): the first exception has been told already
    }
}

}  // namespace videochat::transport
