// Calls: the calls of one loop by their names, and the time at which something is due in one of
// them. Names are compared byte by byte; a call without members takes no memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "videochat/core/call.hpp"

namespace videochat::core {

class Calls {
  public:
    /// `calls_in_all` counts the calls of every loop; it outlives this object.
    Calls(const CallLimits& limits, CallPorts ports, std::atomic<std::size_t>& calls_in_all);
    Calls(const Calls&) = delete;
    Calls& operator=(const Calls&) = delete;
    ~Calls();

    /// See Call; the call is made when its first member comes. Null: `socket` was refused and
    /// ended.
    Seat* enter(CallSocket& socket, std::string_view call, const CallEntry& entry, TimePoint now);
    /// See Call; a call that nobody is in looks like a new one, and none is made.
    bool peek(CallSocket& socket, std::string_view call, const CallEntry& entry, TimePoint now);
    Seat* resume(CallSocket& socket, std::string_view call, std::string_view token,
                 std::optional<std::uint64_t> seen, TimePoint now);
    void handle(std::string_view call, Seat& seat, const CallEvent& event, TimePoint now);
    void lose_socket(std::string_view call, Seat& seat, bool breach, TimePoint now);

    void advance(TimePoint now);
    TimePoint next_due() const;

    std::size_t size() const { return calls_.size(); }
    /// Null: there is none.
    const Call* find(std::string_view name) const;

  private:
    struct Entry {
        std::unique_ptr<Call> call;
        TimePoint due = TimePoint::max();
    };
    using Map = std::map<std::string, Entry, std::less<>>;
    bool reserve_call();
    /// Something has happened in it: reckons its due time anew, or forgets it.
    void settle(Map::iterator entry);

    CallLimits limits_;
    CallPorts ports_;
    std::atomic<std::size_t>& calls_in_all_;
    Map calls_;
    std::set<std::pair<TimePoint, std::string>> due_;
};

}  // namespace videochat::core
