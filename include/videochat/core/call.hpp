// Call: one gathering of `/socket?call=NAME` (docs/protocol.md, "Calls"): seats, the door, ringing,
// addressed messages, and what is kept for who lost the socket. Everything that a client must not
// decide is decided here. Lives on one loop, owned by that loop's Calls; the clock is the caller's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "videochat/config.hpp"
#include "videochat/core/call_ports.hpp"
#include "videochat/core/event.hpp"
#include "videochat/core/seat.hpp"

namespace videochat::core {

/// Who may come in by the link alone: nobody has to ask, everybody has to, or nobody comes in.
enum class Door : std::uint8_t { Open, Knock, Locked };

/// How somebody asks to come in. The texts are checked against the rules of the upgrade.
struct CallEntry {
    std::string name{};     ///< shown to others, never identity; may be empty
    std::string proof{};    ///< of the password; empty: none was given
    std::string was{};      ///< the seat that the client says it had; empty: none
    std::string address{};  ///< whom limits count: an IPv4 address or an IPv6 /64, in any form
};

/// One event of a client: its name, decoded, and the JSON source of its arguments. Views live
/// during the call that got it.
struct CallEvent {
    std::string_view name;
    std::span<const std::string_view> arguments;
};

class Call {
  public:
    Call(std::string name, const CallLimits& limits, const CallPorts& ports);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

    const std::string& name() const { return name_; }
    /// Members in the order of admission; of those who wait, who rings in the order of ringing.
    const std::vector<std::unique_ptr<Seat>>& members() const { return members_; }
    const std::vector<std::unique_ptr<Seat>>& waiting() const { return waiting_; }
    /// Null only in a call without members.
    const Seat* host() const { return host_; }
    Door door() const { return door_; }
    bool has_password() const { return !password_.empty(); }
    /// Nobody is in it: it is forgotten, door and password too.
    bool is_over() const { return members_.empty(); }

    /// A newcomer. The seat; or null: `socket` got its refusal and was ended.
    Seat* enter(CallSocket& socket, const CallEntry& entry, TimePoint now);
    /// A look from outside, examined like a newcomer; no seat comes of it, and nobody notices.
    /// False: it was refused. `socket` was ended in both cases.
    bool peek(CallSocket& socket, const CallEntry& entry, TimePoint now);
    /// Somebody with a token. `seen`: how many counted frames it has got; nullopt: it does not say.
    Seat* resume(CallSocket& socket, std::string_view token, std::optional<std::uint64_t> seen,
                 TimePoint now);
    /// An event that came over the seat's present socket. The seat may be over afterwards; its
    /// socket was ended then.
    void handle(Seat& seat, const CallEvent& event, TimePoint now);
    /// The seat's present socket is gone. `breach`: the server closed it for breaking a rule.
    void lose_socket(Seat& seat, bool breach, TimePoint now);
    /// Does what is due. `next_due`: when something will be; max: never.
    void advance(TimePoint now);
    TimePoint next_due() const;

  private:
    friend class CallSignaling;
    struct Tries;
    struct Arrivals;

    // Coming in (call_entry.cpp).
    bool refuse_anybody(CallSocket& socket, const CallEntry& entry, TimePoint now);
    bool refuse_password(CallSocket& socket, const CallEntry& entry, TimePoint now);
    bool would_wait() const;
    bool is_crowded(const std::string& address) const;
    std::chrono::milliseconds wait_to_wait(const std::string& address, TimePoint now) const;
    std::unique_ptr<Seat> seat_of(CallSocket& socket, const CallEntry& entry, TimePoint now) const;
    void announce(const Seat& seat);
    std::string welcome(const Seat& seat, bool resumed) const;
    std::string members_json() const;
    std::string door_json() const;
    Seat* find_by_token(std::string_view token) const;

    // Seats.
    bool is_full() const;
    Seat* find_member(std::string_view id) const;
    Seat* find_waiting(std::string_view id) const;
    void tell_members(const EncodedEvent& event, const Seat* but = nullptr);
    void admit(Seat& seat, const Seat* by, TimePoint now);
    void end_member(Seat& seat, std::string_view reason);
    void end_waiting(Seat& seat, std::string_view ring_reason, const Seat* but = nullptr);
    void refuse_all_waiting(std::string_view reason, CallClose code);
    void pass_host_on();
    void make_host(Seat& seat);

    // Ringing.
    void ring(Seat& seat, TimePoint now);
    void tell_of_ring(Seat& ringing, Seat& member);
    void tell_again(const Seat& ringing, Seat& member);
    void tell_of_all_rings(Seat& member);
    bool may_be_told(const Seat& member) const;
    void end_ring(Seat& seat, std::string_view reason, const Seat* but);
    void admit_who_rings(TimePoint now);

    std::string name_;
    const CallLimits& limits_;
    const CallPorts& ports_;
    std::vector<std::unique_ptr<Seat>> members_;
    std::vector<std::unique_ptr<Seat>> waiting_;
    Seat* host_ = nullptr;
    Door door_ = Door::Knock;
    std::string password_;                      ///< a digest; empty: none is set
    std::map<std::string, Tries> tries_;        ///< wrong proofs by address
    std::map<std::string, Arrivals> arrivals_;  ///< waiting seats made by address
    std::map<std::string, Arrivals> looks_;     ///< from outside, by address
};

}  // namespace videochat::core
