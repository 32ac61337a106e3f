// PollingClient: an Engine.IO session over long-polling, by hand: two kept-alive connections, one
// for GETs and one for POSTs, as clients have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "integration/server_fixture.hpp"

namespace videochat::test {

/// Status line and body of a response.
struct Answer {
    std::string status;  ///< "200"
    std::string head;
    std::string body;
};
Answer read_answer(RawClient& client);

class PollingClient {
  public:
    /// Handshake. `version` 3 or 4; `parameters` such as "&room=x".
    explicit PollingClient(std::uint16_t port, int version = 4, std::string_view parameters = {});

    const std::string& sid() const { return sid_; }
    /// What the handshake answered.
    const std::string& greeting() const { return greeting_; }
    /// Version 4: joins the namespace and returns the answer, "40{...}".
    std::string connect(std::string_view data = {});

    /// Sends a GET; its answer is read by end_poll.
    void begin_poll();
    Answer end_poll() { return read_answer(get_); }
    std::string poll();
    Answer post(std::string_view body, std::string_view type = "text/plain;charset=UTF-8");
    RawClient& get_connection() { return get_; }
    /// "/socket.io/?EIO=4&transport=websocket&sid=..."
    std::string upgrade_target() const;

  private:
    std::string query_;
    RawClient get_;
    RawClient post_;
    std::string sid_;
    std::string greeting_;
};

/// The value of "sid" in an open packet.
std::string sid_in(std::string_view text);

}  // namespace videochat::test
