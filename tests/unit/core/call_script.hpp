// CallScript: what up to eight clients do, step by step, run against the server's calls and against
// the model at once. Steps name clients, not seats, so that any part of a script is a script too:
// that is how a failure becomes short.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "call_model.hpp"
#include "call_view.hpp"
#include "call_world.hpp"

namespace videochat::test {

enum class Action : std::uint8_t {
    Enter,
    Peek,  ///< looks from outside, over a socket of its own
    Ring,
    Accept,
    Decline,
    MessageAll,
    MessageOne,
    BigMessage,
    Chat,
    Remove,
    Door,
    Password,
    Host,
    Bye,
    Ping,
    Forge,   ///< any event with any arguments
    Stall,   ///< frames get lost on the way from now on; the server does not know
    Drop,    ///< the socket ends
    Breach,  ///< the server closes it for a broken rule
    Resume,  ///< with the right token and count
    ResumeWrong,
    Wait,  ///< time passes
    kCount
};

struct Step {
    Action action{};
    int client = 0;
    int other = 0;
    std::uint32_t choice = 0;  ///< decides everything else
};
using Script = std::vector<Step>;

Script random_script(std::uint64_t seed, std::size_t length);
std::string text_of(const Script& script);

struct Outcome {
    std::optional<std::string> broken{};  ///< what does not hold
    std::size_t steps = 0;                ///< up to there
    std::map<std::string, int> kinds{};   ///< how often a kind of frame was seen
};
Outcome run(const Script& script);

/// A short script that fails too. `budget`: how many steps may be run on the search.
Script shrink(Script script, std::size_t budget);

/// One run of a script. Throws Broken.
class CallRun {
  public:
    CallRun();
    void step(const Step& step);
    std::map<std::string, int> kinds;

  private:
    struct Player {
        CallClient* client = nullptr;  ///< its present socket; null: none
        int socket = 0;
        int number = 0;
        bool stalled = false;
        bool certain = true;  ///< what it knows is what it was sent
        std::uint64_t said = 0;
        std::string call;
        CallView view;
    };
    struct Socket {
        int number;
        CallClient* client;
        int player;
        bool admitted = false;  ///< its client was told so
        bool only_looks = false;
    };

    static bool is_open(const Player& player);
    bool fits(const Player& player, const Step& step) const;
    Player& actor(const Step& step);
    void act(Player& player, const Step& step);
    void enter(Player& player, std::uint32_t choice);
    void peek(const Player& player, std::uint32_t choice);
    void resume(Player& player, std::uint32_t choice);
    void resume_wrong(Player& player, const Step& step);
    void doubt_others(const Player& player, const std::string& token);
    void open(Player& player, CallClient& client);
    void drop(Player& player, bool breach);
    void say(Player& player, const ModelEvent& event);
    ModelEvent event_of(const Player& player, const Step& step) const;
    ModelEvent host_event_of(const Player& player, const Step& step) const;
    ModelEvent forged(const Player& player, std::uint32_t choice) const;
    ModelArgument any_argument(const Player& player, std::uint32_t choice) const;
    std::string ringing_seat(const Player& player, const Step& step) const;
    std::string other_member(const Player& player, const Step& step) const;
    std::string any_seat(const Player& player, std::uint32_t choice) const;

    void compare();
    void check_admission(Socket& socket, const std::string& frame) const;
    void feed(Player& player, const std::string& frame);
    void check_player(const Player& player) const;
    void check_call(const std::string& name) const;

    CallLimits limits_;
    CallWorld world_;
    CallModel model_;
    std::array<Player, 8> players_;
    std::vector<Socket> sockets_;  ///< that are open
    int socket_count_ = 0;
};

}  // namespace videochat::test
