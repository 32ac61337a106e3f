// A script at work: the same step for the server's calls and for the model, and what must hold
// after each.
#include <algorithm>
#include <utility>

#include "call_script.hpp"

namespace videochat::test {
namespace {

// Two calls and a third name: the third call finds no place.
const std::array<std::string, 3> kCalls{"c", "other \"call\"", "third"};
constexpr std::array kProofs{"", "", "pw1", "pw2", "wrong"};

void require(bool holds, const std::string& what) {
    if (!holds) throw Broken(what);
}

std::string shown(const std::vector<std::string>& frames) {
    std::string text;
    for (const auto& frame : frames)
        text += "\n    " + frame.substr(0, 400);
    return text.empty() ? " nothing" : text;
}

CallLimits limits() {
    return {.capacity = 4,
            .waiting = 4,
            .waiting_per_address = 2,
            .ring_timeout = Milliseconds(6000),
            .seat_grace = Milliseconds(5000),
            .calls = 2};
}

}  // namespace

CallRun::CallRun() : limits_(limits()), world_(limits_), model_(limits_) {
    for (std::size_t i = 0; i < players_.size(); ++i)
        players_[i].number = static_cast<int>(i);
}

void CallRun::step(const Step& step) {
    std::int64_t time = 1;
    if (step.action == Action::Wait) {
        const std::int64_t longest = step.choice % 128 == 0  ? 70'000
                                     : step.choice % 16 == 0 ? 7'000
                                                             : 300;
        time += step.choice / 128 % longest;
    }
    world_.pass(std::chrono::milliseconds(time));
    model_.pass(time);
    compare();
    act(actor(step), step);
    compare();
    for (const Player& player : players_)
        check_player(player);
    for (const auto& name : kCalls)
        check_call(name);
    require(world_.calls_in_all == world_.calls.size(), "the number of calls");
}

// ---- Steps

bool CallRun::is_open(const Player& player) {
    return player.client != nullptr && player.client->is_open();
}

/// Whether the client can do it with some effect.
bool CallRun::fits(const Player& player, const Step& step) const {
    const ModelCall* const call = model_.find(player.call);
    switch (step.action) {
        case Action::Peek:
            return true;
        case Action::Enter:
            return !is_open(player);
        case Action::Resume:
            return player.stalled || (!is_open(player) && !player.view.over);
        case Action::Ring:
            return is_open(player) && !player.view.admitted;
        case Action::Accept:
        case Action::Decline:
        case Action::Remove:
        case Action::Door:
        case Action::Password:
        case Action::Host:
            return is_open(player) && call != nullptr && call->host == player.view.seat;
        default:
            return is_open(player);
    }
}

/// Who does it: mostly the next client that can.
CallRun::Player& CallRun::actor(const Step& step) {
    const auto first = static_cast<std::size_t>(step.client);
    for (std::size_t i = 0; i < players_.size() && step.choice / 1024 % 8 != 0; ++i) {
        Player& player = players_[(first + i) % players_.size()];
        if (fits(player, step)) return player;
    }
    return players_[first];
}

void CallRun::act(Player& player, const Step& step) {
    switch (step.action) {
        case Action::Wait:
            return;
        case Action::Enter:
            enter(player, step.choice);
            return;
        case Action::Peek:
            peek(player, step.choice);
            return;
        case Action::Resume:
            resume(player, step.choice);
            return;
        case Action::ResumeWrong:
            resume_wrong(player, step);
            return;
        case Action::Drop:
            drop(player, false);
            return;
        case Action::Breach:
            drop(player, true);
            return;
        case Action::Stall:
            player.stalled = player.client != nullptr;
            return;
        default:
            say(player, event_of(player, step));
    }
}

void CallRun::enter(Player& player, std::uint32_t choice) {
    constexpr std::array kNames{"", "Ann", "Zo\xC3\xAB", "\"quoted\" \\"};
    if (is_open(player) && choice / 8192 % 8 != 0) return;
    drop(player, false);
    core::CallEntry entry{.name = kNames[choice % kNames.size()],
                          .proof = kProofs[choice / 8 % kProofs.size()],
                          .was = choice / 64 % 4 == 0 ? player.view.seat : "",
                          .address = "address " + std::to_string(player.number % 3)};
    player.call = kCalls[choice / 256 % 16 == 0 ? 2 : choice / 256 % 4 == 1 ? 1 : 0];
    player.view = {};
    player.said = 0;
    player.certain = true;
    open(player, world_.enter(entry, player.call));
    model_.enter(player.socket, player.call, entry);
}

void CallRun::peek(const Player& player, std::uint32_t choice) {
    const core::CallEntry entry{.proof = kProofs[choice / 8 % kProofs.size()],
                                .address = "address " + std::to_string(player.number % 3)};
    const std::string& call = kCalls[choice / 256 % kCalls.size()];
    CallClient& client = world_.peek(entry, call);
    sockets_.push_back({.number = ++socket_count_,
                        .client = &client,
                        .player = player.number,
                        .only_looks = true});
    model_.peek(socket_count_, call, entry);
}

void CallRun::resume(Player& player, std::uint32_t choice) {
    if (player.view.token.empty()) return;
    if (is_open(player) && !player.stalled && choice / 8192 % 4 != 0) return;
    std::optional<std::uint64_t> seen;
    if (choice % 8 != 0) seen = player.view.seen;
    player.view.over = false;
    const std::string token = player.view.token;
    doubt_others(player, token);
    open(player, world_.resume(token, seen, player.call));
    model_.resume(player.socket, player.call, token, seen);
}

/// Who has lost its seat to somebody else cannot know what it missed.
void CallRun::doubt_others(const Player& player, const std::string& token) {
    for (Player& each : players_) {
        if (&each != &player && each.view.token == token) each.certain = false;
    }
}

/// A wrong count, somebody else's token, no token at all.
void CallRun::resume_wrong(Player& player, const Step& step) {
    const Player& other = players_[static_cast<std::size_t>(step.other)];
    std::string token = player.view.token;
    if (step.choice % 4 == 1) token = other.view.token;
    if (step.choice % 4 == 2) token += "x";
    if (step.choice % 4 == 3) token = any_seat(player, step.choice);
    const std::optional<std::uint64_t> seen = step.choice / 4 % 600;
    doubt_others(player, token);
    drop(player, false);
    player.call = step.choice / 8192 % 4 == 0 ? kCalls[step.choice % 3] : player.call;
    player.view = {};
    player.certain = false;
    open(player, world_.resume(token, seen, player.call));
    model_.resume(player.socket, player.call, token, seen);
}

void CallRun::open(Player& player, CallClient& client) {
    player.client = &client;
    player.socket = ++socket_count_;
    player.stalled = false;
    sockets_.push_back({player.socket, &client, player.number});
}

void CallRun::drop(Player& player, bool breach) {
    if (!is_open(player)) return;
    player.client->drop(breach);
    model_.lose(player.socket, breach);
    std::erase_if(sockets_, [&](const Socket& each) { return each.number == player.socket; });
    player.client = nullptr;
    player.socket = 0;
}

void CallRun::say(Player& player, const ModelEvent& event) {
    if (!is_open(player)) return;
    std::string text = "[" + quoted(event.name);
    for (const auto& argument : event.arguments)
        text += "," + argument.json;
    if (event.name != "ping") ++player.said;
    player.client->send(text + "]");
    model_.handle(player.socket, event);
}

// ---- What must hold

void CallRun::compare() {
    auto expected = model_.take();
    for (Socket& socket : sockets_) {
        const auto frames = socket.client->take();
        const auto& want = expected[socket.number];
        require(frames == want, "client " + std::to_string(socket.player) + " got" + shown(frames) +
                                    "\n  instead of" + shown(want));
        expected.erase(socket.number);
        Player& player = players_[static_cast<std::size_t>(socket.player)];
        for (const auto& frame : frames) {
            ++kinds[(socket.only_looks ? "to who looks: " : "") + kind_of(frame)];
            check_admission(socket, frame);
            if (player.socket == socket.number && !player.stalled) feed(player, frame);
        }
    }
    for (const auto& [socket, frames] : expected)
        throw Broken("socket " + std::to_string(socket) + ", which is gone, should get" +
                     shown(frames));
    std::erase_if(sockets_, [](const Socket& each) { return !each.client->is_open(); });
}

/// Whatever the model says: a socket gets nothing of a call before it is told that it is in.
void CallRun::check_admission(Socket& socket, const std::string& frame) const {
    const auto is = [&frame](std::string_view name) {
        return frame.starts_with("[\"" + std::string(name) + "\"");
    };
    if (is("welcome")) {
        socket.admitted = frame.find(R"("state":"admitted")") != std::string::npos;
        require(socket.admitted || frame.find(R"("members":[],)") != std::string::npos,
                "members shown to who waits: " + frame);
    } else if (is("host agreed")) {
        socket.admitted = true;
    } else if (is("peek")) {
        require(socket.only_looks, "what is seen from outside: " + frame);
    } else if (!is("pong") && !is("error") && !is("refused") && !frame.starts_with("close")) {
        require(socket.admitted, "before admission: " + frame.substr(0, 300));
    }
}

void CallRun::feed(Player& player, const std::string& frame) {
    const bool is_welcome = frame.starts_with(R"(["welcome")");
    if (!player.certain) {
        if (frame.starts_with("close")) player.view.over = true;
        if (!is_welcome) return;
        player.view = {};
        player.view.take(frame);
        player.said = player.view.heard;
        player.certain = !player.view.resumed;
        return;
    }
    player.view.take(frame);
    if (is_welcome) require(player.view.heard == player.said, "heard is not what was said");
}

void CallRun::check_player(const Player& player) const {
    if (!is_open(player) || player.stalled || !player.certain) return;
    const CallView& view = player.view;
    const core::Seat& seat = *player.client->seat();
    require(view.seen == seat.sent(), "counts differ");
    require(view.seat == seat.id() && view.admitted == seat.is_admitted(), "not who it thinks");
    if (!view.admitted) return;
    const core::Call& call = world_.call(player.call);
    std::vector<CallView::Member> members;
    for (const auto& each : call.members())
        members.push_back({each->id(), each->identity().name, each->is_away()});
    constexpr std::array kDoors{"open", "knock", "locked"};
    require(view.members == members,
            "client " + std::to_string(player.number) + " thinks that others are here than are");
    require(view.host == call.host()->id(), "not the host that it thinks");
    require(view.door == kDoors[static_cast<std::size_t>(call.door())], "not the door it thinks");
    require(view.password == call.has_password(), "not the password it thinks");
}

void CallRun::check_call(const std::string& name) const {
    const core::Call* const call = world_.calls.find(name);
    const ModelCall* const model = model_.find(name);
    require((call == nullptr) == (model == nullptr), "a call that is over, or should not be");
    if (call == nullptr) return;
    require(!call->members().empty(), "a call without members");
    require(call->members().size() <= limits_.capacity, "more members than the capacity");
    require(call->waiting().size() <= limits_.waiting, "more wait than may");
    require(std::ranges::count_if(
                call->members(), [&](const auto& each) { return each.get() == call->host(); }) == 1,
            "not exactly one host");
    require(call->members().size() == model->members.size() &&
                call->waiting().size() == model->waiting.size(),
            "the model has other seats");
    for (const auto& each : call->members())
        require(each->is_admitted(), "a member that was not admitted");
    for (const auto& each : call->waiting())
        require(!each->is_admitted() && !each->is_away(), "who waits has a socket");
}

}  // namespace videochat::test
