#include "conformance/suite_session.hpp"

#include "app/random_id.hpp"
#include "protocol/event_text.hpp"

namespace videochat::conformance {
namespace {

using protocol::SocketIoPacket;
using protocol::SocketIoPacketType;

constexpr std::size_t kAttachments = 10;
constexpr std::size_t kDepth = 64;

/// "/custom," in a packet, nothing for the main namespace.
std::string prefix(std::string_view nsp) {
    return nsp == "/" ? std::string() : std::string(nsp).append(",");
}

}  // namespace

SuiteSession::SuiteSession(transport::EngineIoSession& session) : session_(session) {
    session_.await_confirmation(Milliseconds(1000));
}

void SuiteSession::malformed() {
    session_.fail(protocol::CloseCode::PolicyViolation, "parse error");
}

void SuiteSession::on_text(std::string_view text) {
    const auto packet = protocol::parse_socketio_packet(text, kAttachments);
    if (!packet || missing_ > 0) {
        malformed();
    } else if (packet->type == SocketIoPacketType::Connect) {
        connect(*packet);
    } else if (joined_.find(packet->nsp) == joined_.end()) {
        malformed();
    } else if (packet->type == SocketIoPacketType::Disconnect) {
        joined_.erase(std::string(packet->nsp));
    } else if (packet->type == SocketIoPacketType::BinaryEvent) {
        incomplete_ = text;
        missing_ = packet->attachments;
    } else if (packet->type == SocketIoPacketType::Event) {
        on_event(*packet);
    }
}

void SuiteSession::on_binary(std::string_view bytes) {
    if (missing_ == 0) {
        malformed();
        return;
    }
    attachments_.emplace_back(bytes);
    if (--missing_ > 0) return;
    const auto packet = protocol::parse_socketio_packet(incomplete_, kAttachments);
    on_event(*packet);
    attachments_.clear();
}

void SuiteSession::connect(const SocketIoPacket& packet) {
    const std::string nsp = prefix(packet.nsp);
    if (packet.nsp != "/" && packet.nsp != "/custom") {
        session_.send_text(protocol::connect_error_packet(packet.nsp, "Invalid namespace", true));
        return;
    }
    if (!packet.data.empty() && !protocol::parse_connect_data(packet.data, kDepth)) {
        malformed();
        return;
    }
    session_.confirm();
    joined_.insert(std::string(packet.nsp));
    session_.send_text("40" + nsp + R"({"sid":")" + app::random_id() + R"("})");
    const std::string_view auth = packet.data.empty() ? "{}" : packet.data;
    session_.send_text(("42" + nsp + R"(["auth",)").append(auth).append("]"));
}

void SuiteSession::on_event(const SocketIoPacket& packet) {
    protocol::EventText event;
    if (event.parse(packet.data, {.depth = kDepth, .name = 64, .socket_io = true}) !=
            protocol::EventTextError::None ||
        protocol::is_reserved_event(event.name())) {
        malformed();
        return;
    }
    // Everything behind the name, as it came.
    std::string arguments;
    if (!event.first().empty()) {
        const char* const end = packet.data.data() + packet.data.rfind(']');
        arguments.assign(event.first().data(), end);
    }
    const bool binary = !attachments_.empty();
    const std::string count = binary ? std::to_string(attachments_.size()) + "-" : std::string();
    if (event.name() == "message") {
        session_.send_text((binary ? "45" : "42") + count + prefix(packet.nsp) +
                           R"(["message-back",)" + arguments + "]");
    } else if (event.name() == "message-with-ack") {
        session_.send_text(
            ((binary ? "46" : "43") + count + prefix(packet.nsp)).append(packet.ack_id) + "[" +
            arguments + "]");
    } else {
        return;
    }
    for (const std::string& attachment : attachments_)
        session_.send_binary(attachment);
}

}  // namespace videochat::conformance
