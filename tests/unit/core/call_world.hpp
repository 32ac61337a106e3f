// CallWorld: the calls of a server without a server: sockets that keep what they were told, a clock
// that is set by hand, ids that can be told apart. For the tests of calls.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "videochat/core/calls.hpp"

namespace videochat::test {

class CallWorld;

/// One socket of a client. It does what transport::CallSession does.
class CallClient final : public core::CallSocket {
  public:
    CallClient(CallWorld& world, std::string call) : world_(world), call_(std::move(call)) {}

    /// An event as it comes over the wire, such as `["bye"]`.
    void send(std::string_view text);
    /// The socket is gone. `breach`: the server closed it for breaking a rule.
    void drop(bool breach = false);

    /// The frames since the last call; the last one is "close CODE" if the server closed it.
    std::vector<std::string> take();
    /// The same, one after the other, to be compared with a literal.
    std::string text();
    /// Of the welcome, which need not be among the untaken frames.
    const std::string& id() const { return id_; }
    const std::string& token() const { return token_; }
    bool is_open() const { return seat_ != nullptr; }
    /// Null: no seat has it as its socket any more.
    const core::Seat* seat() const { return seat_; }

    void send(const core::EncodedEvent& event) override;
    void end(core::CallClose code) override;

  private:
    friend class CallWorld;

    CallWorld& world_;
    std::string call_;
    std::string id_;
    std::string token_;
    core::Seat* seat_ = nullptr;
    std::vector<std::string> frames_;
    bool ended_ = false;
};

class CallWorld {
  public:
    explicit CallWorld(const CallLimits& limits = {});

    /// `entry.address` is "a" unless it says something else.
    CallClient& enter(core::CallEntry entry = {}, const std::string& call = "c");
    /// Looks from outside.
    CallClient& peek(core::CallEntry entry = {}, const std::string& call = "c");
    CallClient& resume(const std::string& token, std::optional<std::uint64_t> seen,
                       const std::string& call = "c");
    /// Comes in and is admitted by `host`, who is told of nothing else.
    CallClient& enter_through(CallClient& host, const core::CallEntry& entry = {});
    /// Time passes, and what is due on the way is done when it is due.
    void pass(std::chrono::milliseconds time);
    const core::Call& call(const std::string& name = "c") const { return *calls.find(name); }

    std::atomic<std::size_t> calls_in_all{0};
    int ids = 0;
    int unknown_events = 0;
    int not_admitted = 0;
    core::TimePoint now{std::chrono::hours(1)};
    core::Calls calls;

  private:
    core::CallPorts ports();

    std::deque<CallClient> clients_;
};

/// The texts of the model and of the tests for the seat with this number; the first is 1.
std::string seat_id(int number);
std::string seat_token(int number);

/// As JSON, if it has no control characters.
std::string quoted(const std::string& text);

/// A frame or an event: its parts, in which ' stands for ".
std::string json(std::initializer_list<std::string_view> parts);

}  // namespace videochat::test
