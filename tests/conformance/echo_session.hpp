// EchoSession: what the official Engine.IO suites expect behind `/engine.io/`: every message comes
// back.
#pragma once

#include <string>
#include <string_view>

#include "transport/engineio_session.hpp"
#include "transport/session.hpp"

namespace videochat::conformance {

class EchoSession final : public transport::Session {
  public:
    explicit EchoSession(transport::EngineIoSession& session) : session_(session) {}

    void on_text(std::string_view text) override {
        session_.send_text(std::string("4").append(text));
    }
    void on_binary(std::string_view bytes) override { session_.send_binary(bytes); }

  private:
    transport::EngineIoSession& session_;
};

}  // namespace videochat::conformance
