#include "transport/socketio_peer.hpp"

#include <utility>

namespace videochat::transport {

using protocol::CloseCode;

SocketIoPeer::SocketIoPeer(EngineIoSession& session, std::string id)
    : session_(&session), loop_(session.loop()), peer_(*this) {
    peer_.give_id(std::move(id));
}

bool SocketIoPeer::join(core::Hub& hub, std::string_view room) {
    auto refusal = core::JoinRefusal::None;
    membership_ = hub.join(peer_, room, refusal);
    return refusal == core::JoinRefusal::None;
}

void SocketIoPeer::remember(std::string pid, const EventHistory::Limits& limits) {
    pid_ = std::move(pid);
    limits_ = limits;
    history_ = std::make_unique<EventHistory>();
}

void SocketIoPeer::suspend() {
    session_ = nullptr;
    membership_.suspend();
}

bool SocketIoPeer::resume(EngineIoSession& session) {
    if (!membership_.resume()) return false;
    session_ = &session;
    return true;
}

void SocketIoPeer::send(const core::EncodedEvent& event) {
    if (history_ != nullptr) history_->add(event, limits_, loop_.now());
    if (session_ != nullptr) session_->send(event);
}

void SocketIoPeer::dismiss(core::Dismissal why, std::string_view reason) {
    if (session_ == nullptr) return;
    pid_.clear();  // who is sent away does not come back by recovery
    session_->send_text(protocol::kDisconnectPacket);
    session_->close(
        why == core::Dismissal::GoingAway ? CloseCode::GoingAway : CloseCode::PolicyViolation,
        reason);
}

}  // namespace videochat::transport
