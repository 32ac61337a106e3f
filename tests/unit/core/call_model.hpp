// CallModel: calls as docs/protocol.md, "Calls", tells them, as plainly as it can be said, for
// comparison with the server's. It knows nothing of the server's code, keeps everything for ever
// and is slow. Times are milliseconds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "videochat/core/calls.hpp"

namespace videochat::test {

/// An argument of an event: its JSON, and what is to be found in it.
struct ModelArgument {
    std::string json;
    std::optional<std::string> text{};    ///< it is this string
    std::optional<std::string> to{};      ///< it is {"to":...} and nothing else but a reason
    std::optional<std::string> reason{};  ///< beside `to`
};

struct ModelEvent {
    std::string name;
    std::vector<ModelArgument> arguments{};
};

struct ModelSeat {
    std::string id;
    std::string token;
    core::CallEntry entry;
    int socket = 0;  ///< 0: none
    bool admitted = false;
    std::int64_t since = 0;  ///< waiting: it came; away: it lost its socket
    std::optional<std::int64_t> rang{};
    std::set<std::string> told{};     ///< members who know of its ring
    std::set<std::string> rings{};    ///< seats of whose rings it was told, ever
    std::vector<std::string> sent{};  ///< all counted frames since the count began
    std::size_t heard = 0;
};

struct ModelCall {
    using Seats = std::vector<std::shared_ptr<ModelSeat>>;
    struct Tries {
        int wrong = 0;
        std::int64_t until = 0;
    };
    struct Bucket {
        std::int64_t level = 60'000;  ///< a seat costs 6000, one comes back each millisecond
        std::int64_t at = 0;
    };

    std::string name;
    Seats members{};  ///< in the order of admission
    Seats waiting{};  ///< who rings in the order of ringing
    std::string host{};
    std::string door = "knock";
    std::string password{};
    std::map<std::string, Tries> tries{};
    std::map<std::string, Bucket> buckets{};
    std::map<std::string, Bucket> looks{};
};

class CallModel {
  public:
    explicit CallModel(const CallLimits& limits) : limits_(limits) {}

    void enter(int socket, const std::string& call, const core::CallEntry& entry);
    void peek(int socket, const std::string& call, const core::CallEntry& entry);
    void resume(int socket, const std::string& call, const std::string& token,
                std::optional<std::uint64_t> seen);
    void handle(int socket, const ModelEvent& event);
    void lose(int socket, bool breach);
    void pass(std::int64_t time);

    /// What each socket got since the last call, as test::CallClient::take tells it.
    std::map<int, std::vector<std::string>> take() { return std::exchange(out_, {}); }
    /// Null: nobody is in it.
    const ModelCall* find(const std::string& name) const;

  private:
    using Seat = ModelSeat;
    using Due = std::pair<std::int64_t, std::shared_ptr<Seat>>;

    // What comes in.
    bool refuse(ModelCall& call, int socket, const core::CallEntry& entry, bool only_looks);
    std::optional<std::int64_t> password_wait(ModelCall& call, const core::CallEntry& entry) const;
    std::optional<std::int64_t> waiting_wait(ModelCall& call, const core::CallEntry& entry,
                                             bool only_looks) const;
    /// Of one more at this address; nullopt: it may come, and is counted if it is `taken`.
    std::optional<std::int64_t> wait_in(std::map<std::string, ModelCall::Bucket>& buckets,
                                        const std::string& address, bool taken) const;
    std::string welcome(const ModelCall& call, const Seat& seat, bool resumed) const;
    std::string members(const ModelCall& call) const;
    bool is_full(const ModelCall& call) const { return call.members.size() >= limits_.capacity; }

    // What goes out.
    void refuse(int socket, const std::string& words, int code);
    void end(Seat& seat, const std::string& words, int code);
    void tell(Seat& seat, const std::string& frame);
    void tell_all(ModelCall& call, const std::string& frame, const Seat* but = nullptr);

    // What happens to seats.
    void join(ModelCall& call, const std::shared_ptr<Seat>& seat);
    void admit(ModelCall& call, Seat& seat, const Seat* by);
    void stop_ringing(ModelCall& call, Seat& seat, const std::string& why, const Seat* by);
    void drop_waiting(ModelCall& call, Seat& seat, const std::string& why, const Seat* by);
    void drop_member(ModelCall& call, Seat& seat, const std::string& why);
    void tell_rings(ModelCall& call);
    void tell_ring(ModelCall& call, Seat& ringing, Seat& member);
    void forget_empty();
    Due next_due(const ModelCall& call) const;

    // Events; each returns the code of its error, or nothing.
    std::string apply(ModelCall& call, Seat& seat, const ModelEvent& event);
    std::string main_check(ModelCall& call, Seat& seat, const ModelEvent& event);
    std::string answer(ModelCall& call, Seat& seat, const ModelEvent& event, bool accept);
    std::string message(ModelCall& call, Seat& seat, const ModelEvent& event);
    std::string bye(ModelCall& call, Seat& seat, const ModelEvent& event);
    std::string of_host(ModelCall& call, Seat& seat, const ModelEvent& event);
    void set_door(ModelCall& call, const std::string& state);
    void set_password(ModelCall& call, const ModelArgument& proof);
    void remove(ModelCall& call, Seat& member);

    CallLimits limits_;
    std::map<std::string, ModelCall> calls_;
    std::map<int, std::vector<std::string>> out_;
    std::int64_t now_ = 3'600'000;
    int ids_ = 0;
};

}  // namespace videochat::test
