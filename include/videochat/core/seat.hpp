// Seat: one participant's place in a call: waiting, admitted, or over. It outlives its sockets, and
// keeps the newest frames for the next one. Owned by its call, on the call's loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "videochat/core/call_ports.hpp"
#include "videochat/core/event.hpp"

namespace videochat::core {

class Seat {
  public:
    struct Identity {
        std::string id;
        std::string token;
        std::string name;
        std::string was;
        std::string address;
    };
    Seat(Identity identity, CallSocket& socket, TimePoint now)
        : identity_(std::move(identity)), socket_(&socket), since_(now) {}
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    const std::string& id() const { return identity_.id; }
    const Identity& identity() const { return identity_; }
    bool is_admitted() const { return admitted_; }
    /// A member without a socket.
    bool is_away() const { return socket_ == nullptr; }
    bool is_ringing() const { return ringing_since_.has_value(); }
    /// Frames that count (all but welcome, pong and refused): to it, and handled from it.
    std::uint64_t sent() const { return sent_; }
    std::uint64_t heard() const { return heard_; }

    /// Frames that are kept for a resume.
    static constexpr std::size_t kKeptFrames = 256;
    static constexpr std::size_t kKeptBytes = 256 * std::size_t{1024};

  private:
    friend class Call;
    friend class CallSignaling;

    /// Counts, keeps, and goes to the socket if there is one.
    void tell(const EncodedEvent& event);
    /// To the socket alone: welcome, pong and refused.
    void tell_socket(const EncodedEvent& event) const;
    void tell_error(std::string_view event, std::string_view code);
    /// `["refused",...]` and the end of the socket.
    void refuse(std::string_view arguments, CallClose code);
    /// Whether everything after `seen` is kept.
    bool holds_all_after(std::optional<std::uint64_t> seen) const;
    void replay_after(std::uint64_t seen) const;
    void forget_frames();
    bool was_told(std::string_view member) const;
    /// Has been told of that seat's ring, lately.
    bool has_heard_of(std::string_view seat) const;
    void hear_of(const std::string& seat);

    Identity identity_;
    CallSocket* socket_;
    TimePoint since_;  ///< waiting: it came; away: it lost its socket
    std::optional<TimePoint> ringing_since_;
    std::vector<std::string> told_;     ///< ids of the members who may answer its ring
    std::deque<std::string> heard_of_;  ///< seats that rang, the last one last
    bool admitted_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t heard_ = 0;
    std::deque<Frame> kept_;  ///< JSON texts, the newest last
    std::size_t kept_bytes_ = 0;
};

}  // namespace videochat::core
