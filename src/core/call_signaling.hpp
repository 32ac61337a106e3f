// What the events of a call do: one table, one short function for each (docs/protocol.md, "Calls").
// A value for the time of one event.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "videochat/core/call.hpp"

namespace videochat::core {

class CallSignaling {
  public:
    CallSignaling(Call& call, Seat& seat, TimePoint now) : call_(call), seat_(seat), now_(now) {}
    void handle(const CallEvent& event);

  private:
    using Handler = void (CallSignaling::*)();
    struct Rule;
    static const Rule* find(std::string_view name);

    void ping();
    void main_check();
    void bye();
    void host_is_agreed();
    void host_declined();
    void message();
    void chat_message();
    void remove();
    void door();
    void password();
    void host();

    void error(std::string_view code) { seat_.tell_error(event_->name, code); }
    bool is_host();
    bool names_the_call();
    Seat* answered_seat(std::string_view id);
    Seat* other_member(std::string_view id);
    std::string_view argument(std::size_t index) const { return event_->arguments[index]; }
    std::size_t count() const { return event_->arguments.size(); }

    Call& call_;
    Seat& seat_;
    TimePoint now_;
    const CallEvent* event_ = nullptr;
};

}  // namespace videochat::core
