// OutgoingAnswer: an answer on its way into a connection: its head, then its body, which is in
// memory or read piece by piece. Owned by the conversation, on its loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/message.hpp"
#include "net/connection.hpp"

namespace videochat::http {

class OutgoingAnswer {
  public:
    enum class Progress : std::uint8_t {
        Done,
        More,
        Broken  ///< the file changed under us: a short body must not look whole
    };

    /// Queues what is in memory. `head` lacks the prepared fields and the empty line.
    void begin(net::Connection& connection, std::string head, Response response, bool with_body);
    /// What was queued has gone: queues the next piece, if there is one.
    Progress proceed(net::Connection& connection);

  private:
    std::unique_ptr<BodySource> source_;
    std::uint64_t left_ = 0;  ///< bytes still to be read from the source
};

}  // namespace videochat::http
