// SuiteSession: the application that the official Socket.IO suite expects behind `/socket.io/`: the
// namespaces "/" and "/custom"; "auth" with the client's data on connecting; "message" comes back
// as "message-back"; "message-with-ack" is acknowledged with its arguments.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/socketio_packet.hpp"
#include "transport/engineio_session.hpp"
#include "transport/session.hpp"

namespace videochat::conformance {

class SuiteSession final : public transport::Session {
  public:
    explicit SuiteSession(transport::EngineIoSession& session);

    void on_text(std::string_view text) override;
    void on_binary(std::string_view bytes) override;

  private:
    void connect(const protocol::SocketIoPacket& packet);
    void on_event(const protocol::SocketIoPacket& packet);
    void malformed();

    transport::EngineIoSession& session_;
    std::set<std::string, std::less<>> joined_;
    std::string incomplete_;  ///< a binary event whose attachments have not all come
    std::size_t missing_ = 0;
    std::vector<std::string> attachments_;
};

}  // namespace videochat::conformance
