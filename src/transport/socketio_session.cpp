#include "transport/socketio_session.hpp"

#include <utility>

#include "protocol/event_text.hpp"
#include "protocol/socketio_attachments.hpp"
#include "protocol/utf8.hpp"
#include "videochat/core/signaling.hpp"

namespace videochat::transport {
namespace {

using protocol::CloseCode;
using protocol::EventText;
using protocol::EventTextError;
using protocol::SocketIoPacket;
using protocol::SocketIoPacketType;

// What Node says of a namespace that nobody made.
constexpr std::string_view kInvalidNamespace = "Invalid namespace";
constexpr std::string_view kMainNamespace = "/";

}  // namespace

SocketIoSession::SocketIoSession(EngineIoSession& session, const SocketIoContext& context,
                                 std::string room)
    : session_(session), context_(context), room_(std::move(room)) {
    if (is_protocol_5()) {
        session_.await_confirmation(context_.engineio.connect_timeout);
    } else {
        join(session_.sid());
    }
}

SocketIoSession::~SocketIoSession() {
    const bool lost = peer_ != nullptr && session_.ended_well() && !session_.loop().is_stopping();
    if (lost && !peer_->pid().empty()) {
        context_.absent.add(session_.loop(), std::move(peer_), context_.recovery);
    }
}

void SocketIoSession::malformed() {
    const bool is_text = protocol::is_valid_utf8(text_);
    session_.fail(is_text ? CloseCode::PolicyViolation : CloseCode::InvalidData, "parse error");
}

// A packet's attachments together may be as large as one message: no queue of a peer's room is made
// for more.
bool SocketIoSession::is_within_limit(std::span<const core::Frame> attachments) const {
    std::size_t size = 0;
    for (const core::Frame& attachment : attachments)
        size += attachment.size();
    return context_.websocket.message == 0 || size <= context_.websocket.message;
}

void SocketIoSession::too_big() { session_.fail(CloseCode::MessageTooBig, "attachments too big"); }

void SocketIoSession::on_text(std::string_view text) {
    if (incomplete_ != nullptr) {  // an attachment is due
        malformed();
        return;
    }
    std::optional<std::string> peeled;
    if (session_.may_be_encoded_twice()) {
        peeled = protocol::peel_utf8(text, utf8_layers_);
        if (peeled) text = *peeled;
    }
    text_ = text;
    const auto packet = protocol::parse_socketio_packet(text, context_.engineio.attachments);
    if (packet) {
        on_packet(*packet);
    } else {
        malformed();
    }
    text_ = {};
}

void SocketIoSession::on_packet(const SocketIoPacket& packet) {
    // Protocol 5 has no query there: to it all of it is the name.
    const bool is_main = packet.nsp == kMainNamespace;
    if (!is_main || (is_protocol_5() && !packet.nsp_query.empty())) {
        on_other_namespace(packet);
        return;
    }
    if (packet.type == SocketIoPacketType::Connect) {
        on_connect(packet);
        return;
    }
    if (peer_ == nullptr) {
        // Protocol 4 knows no way back after a disconnect, and no harm in what is sent after it.
        if (is_protocol_5()) malformed();
        return;
    }
    switch (packet.type) {
        case SocketIoPacketType::Event:
            on_event(packet.data, {});
            return;
        case SocketIoPacketType::BinaryEvent:
        case SocketIoPacketType::BinaryAck:
            begin_binary(packet);
            return;
        case SocketIoPacketType::Ack:
            on_ack(packet.data);
            return;
        case SocketIoPacketType::Disconnect:
            on_disconnect(packet);
            return;
        case SocketIoPacketType::Connect:
        case SocketIoPacketType::ConnectError:
            if (is_protocol_5()) malformed();
            return;
    }
}

void SocketIoSession::on_other_namespace(const SocketIoPacket& packet) {
    if (packet.type == SocketIoPacketType::Connect) {
        if (is_protocol_5() &&
            !protocol::parse_connect_data(packet.data, context_.websocket.json_depth)) {
            malformed();
            return;
        }
        const std::string_view name =
            is_protocol_5()
                ? std::string_view(packet.nsp.data(), packet.nsp.size() + packet.nsp_query.size())
                : packet.nsp;
        session_.send_text(
            protocol::connect_error_packet(name, kInvalidNamespace, is_protocol_5()));
    } else if (is_protocol_5()) {
        malformed();
    }
}

void SocketIoSession::on_connect(const SocketIoPacket& packet) {
    if (!is_protocol_5()) return;  // it is in already
    const auto data = protocol::parse_connect_data(packet.data, context_.websocket.json_depth);
    if (peer_ != nullptr || !data) {
        malformed();
        return;
    }
    if (!recover(*data)) join(context_.hub.ports().new_id());
}

void SocketIoSession::join(std::string id) {
    auto peer = std::make_unique<SocketIoPeer>(session_, std::move(id));
    if (!peer->join(context_.hub, room_)) {
        context_.metrics.add(observe::Counter::RefusedRooms);
        session_.send_text(
            protocol::connect_error_packet(kMainNamespace, "the room is full", is_protocol_5()));
        if (!is_protocol_5()) session_.close(CloseCode::PolicyViolation, "the room is full");
        return;
    }
    session_.confirm();
    peer_ = std::move(peer);
    if (!is_protocol_5()) {
        session_.send_text(protocol::connect_packet({}, {}));
        return;
    }
    const RecoveryConfig& recovery = context_.recovery;
    if (recovery.enabled) {
        peer_->remember(context_.hub.ports().new_id(),
                        {.packets = context_.websocket.queue_messages,
                         .bytes = recovery.history,
                         .age = recovery.duration});
    }
    session_.send_text(protocol::connect_packet(peer_->id(), peer_->pid()));
}

bool SocketIoSession::recover(const protocol::ConnectData& data) {
    if (data.pid.empty() || data.offset.empty()) return false;
    auto peer = context_.absent.take(data.pid, room_, data.offset);
    if (peer == nullptr || !peer->resume(session_)) return false;
    peer_ = std::move(peer);
    session_.confirm();
    context_.metrics.add(observe::Counter::SessionsRecovered);
    const auto missed = peer_->history().since(data.offset);
    for (const EventHistory::Entry* entry : *missed) {
        session_.send_text(entry->packet.view());
        for (const core::Frame& attachment : entry->attachments)
            session_.send_binary(attachment.view());
    }
    session_.send_text(protocol::connect_packet(peer_->id(), peer_->pid()));
    return true;
}

void SocketIoSession::on_disconnect(const SocketIoPacket& packet) {
    if (is_protocol_5() && !packet.data.empty()) {
        malformed();
        return;
    }
    peer_.reset();
    if (is_protocol_5()) session_.await_confirmation(context_.engineio.connect_timeout);
}

// index.js asks for no acknowledgement, so this one answers nothing.
void SocketIoSession::on_ack(std::string_view data) {
    if (!data.empty() && !protocol::is_json(data, context_.websocket.json_depth)) malformed();
}

void SocketIoSession::begin_binary(const SocketIoPacket& packet) {
    if (!packet.data.empty() && !protocol::is_json(packet.data, context_.websocket.json_depth)) {
        malformed();
        return;
    }
    incomplete_ = std::make_unique<Incomplete>();
    incomplete_->type = packet.type;
    incomplete_->data = packet.data;
    incomplete_->expected = packet.attachments;
}

void SocketIoSession::on_binary(std::string_view bytes) {
    if (incomplete_ == nullptr) {  // nobody announced it
        malformed();
        return;
    }
    incomplete_->attachments.push_back(core::Frame::copy_of(bytes));
    if (!is_within_limit(incomplete_->attachments)) {
        too_big();
        return;
    }
    if (incomplete_->attachments.size() == incomplete_->expected) finish_binary();
}

void SocketIoSession::finish_binary() {
    const auto complete = std::move(incomplete_);
    if (peer_ == nullptr) return;
    if (complete->type == SocketIoPacketType::BinaryAck) {
        on_ack(complete->data);
    } else {
        on_event(complete->data, complete->attachments);
    }
}

void SocketIoSession::on_event(std::string_view data, std::span<const core::Frame> attachments) {
    if (data.empty()) return;  // no array, no event: Node goes on, too
    EventText event;
    const auto error = event.parse(data, {.depth = context_.websocket.json_depth,
                                          .name = context_.websocket.event_name,
                                          .socket_io = true});
    if (error != EventTextError::None || protocol::is_reserved_event(event.name())) {
        malformed();
        return;
    }
    if (attachments.empty()) {
        handle(event.name(), event.first(), {});
        return;
    }
    // All of them have to be right, though only the first argument is passed on.
    const std::size_t most = context_.engineio.attachments;
    const auto numbered =
        protocol::number_placeholders(data, attachments.size(), most)
            ? protocol::number_placeholders(event.first(), attachments.size(), most)
            : std::nullopt;
    if (!numbered) {
        malformed();
        return;
    }
    std::vector<core::Frame> used;
    for (const std::size_t index : numbered->order)
        used.push_back(attachments[index]);
    if (!is_within_limit(used)) {  // one may stand there several times
        too_big();
        return;
    }
    handle(event.name(), numbered->json, used);
}

void SocketIoSession::handle(std::string_view name, std::string_view first,
                             std::span<const core::Frame> attachments) {
    core::signaling::handle(peer_->room(), peer_->peer(),
                            {.name = name, .first = first, .attachments = attachments});
}

}  // namespace videochat::transport
