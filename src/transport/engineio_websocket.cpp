#include "transport/engineio_websocket.hpp"

#include <optional>
#include <string>

#include "protocol/base64.hpp"
#include "transport/engineio_session.hpp"

namespace videochat::transport {
namespace {

using core::AttachmentForm;
using protocol::CloseCode;
using protocol::Opcode;

// Engine.IO 3 marks a binary message with its type as a byte.
constexpr char kMessageByte = 4;
constexpr std::string_view kBase64Message = "b4";

core::Frame bare(std::string_view bytes) { return protocol::data_frame(Opcode::Binary, bytes); }

core::Frame typed(std::string_view bytes) {
    return protocol::data_frame(Opcode::Binary, std::string(1, kMessageByte).append(bytes));
}

core::Frame base64(std::string_view bytes) {
    std::string text(kBase64Message);
    protocol::append_base64(text, bytes);
    return protocol::data_frame(Opcode::Text, text);
}

protocol::EngineIoPacket message(std::string_view bytes) {
    return {protocol::EngineIoPacketType::Message, true, bytes};
}

core::EncodedEvent::AttachmentEncoder encoder_of(AttachmentForm form) {
    switch (form) {
        case AttachmentForm::Typed:
            return typed;
        case AttachmentForm::Base64:
            return base64;
        default:
            return bare;
    }
}

}  // namespace

EngineIoWebSocket::~EngineIoWebSocket() {
    if (session_ != nullptr) session_->on_websocket_gone(*this, transport_.broke_a_rule());
}

void EngineIoWebSocket::send(const protocol::OutgoingPacket& packet) {
    transport_.send(packet.is_binary ? encoder_of(form_)(packet.data)
                                     : protocol::data_frame(Opcode::Text, packet.data));
}

void EngineIoWebSocket::send(const core::EncodedEvent& event, const EventSpelling& spelling) {
    transport_.send(event.frame(spelling.websocket, spelling.encode_websocket));
    for (std::size_t i = 0; i < event.attachments().size(); ++i) {
        transport_.send(event.attachment(i, form_, encoder_of(form_)));
    }
}

void EngineIoWebSocket::close(CloseCode code, std::string_view reason) {
    session_ = nullptr;
    transport_.close(code, reason);
}

void EngineIoWebSocket::on_text(std::string_view text) {
    if (session_ == nullptr) return;
    // Clients without binary send it as text; in Engine.IO 4 without the digit.
    const auto prefix =
        form_ == AttachmentForm::Bare ? kBase64Message.substr(0, 1) : kBase64Message;
    if (text.starts_with(prefix)) {
        const auto bytes = protocol::base64_decode(text.substr(prefix.size()));
        session_->on_websocket_packet(*this, bytes ? std::optional(message(*bytes)) : std::nullopt);
    } else {
        session_->on_websocket_packet(*this, protocol::parse_engineio_packet(text));
    }
}

void EngineIoWebSocket::on_binary(std::string_view bytes) {
    if (session_ == nullptr) return;
    if (form_ == AttachmentForm::Bare) {
        session_->on_websocket_packet(*this, message(bytes));
    } else if (bytes.starts_with(kMessageByte)) {  // nothing else can be binary
        session_->on_websocket_packet(*this, message(bytes.substr(1)));
    } else {
        session_->on_websocket_packet(*this, std::nullopt);
    }
}

}  // namespace videochat::transport
