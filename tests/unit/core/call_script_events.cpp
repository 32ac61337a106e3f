// What a step's client sends: events as a page makes them, and events that nobody should make.
#include <algorithm>

#include "call_script.hpp"

namespace videochat::test {
namespace {

ModelArgument string(const std::string& text) { return {.json = quoted(text), .text = text}; }

ModelArgument to(const std::string& seat) {
    return {.json = R"({"to":)" + quoted(seat) + "}", .to = seat};
}

ModelArgument to(const std::string& seat, const std::string& reason) {
    return {.json = R"({"to":)" + quoted(seat) + R"(,"reason":)" + quoted(reason) + "}",
            .to = seat,
            .reason = reason};
}

ModelArgument anything(std::uint32_t choice) {
    static const std::array<std::string, 9> kTexts{
        R"("got user media")",
        R"({"type":"offer","sdp":"v=0\r\n"})",
        R"({"type":"candidate","label":0,"candidate":null})",
        R"("bye")",
        "null",
        "42",
        R"([1e400,"\ud800",{"a":1,"a":2}])",
        R"({ "from" : "seat-000001" })",
        "\"\"",
    };
    ModelArgument argument{.json = kTexts[choice % kTexts.size()]};
    const auto& json = argument.json;
    if (json.front() == '"') argument.text = json.substr(1, json.size() - 2);
    return argument;
}

/// Something that only looks like an address.
ModelArgument no_address(const std::string& seat, std::uint32_t choice) {
    static const std::array<std::string, 10> kTexts{R"({"to":@,"from":@})",
                                                    R"({"to":@,"to":@})",
                                                    R"({"to":@,"\u0074o":@})",
                                                    R"({"to":[@]})",
                                                    R"([{"to":@}])",
                                                    R"({"to":null})",
                                                    R"({})",
                                                    R"({"from":@})",
                                                    R"({"TO":@})",
                                                    R"({"to":{"to":@}})"};
    ModelArgument argument{.json = kTexts[choice % kTexts.size()]};
    std::string& json = argument.json;
    for (auto at = json.find('@'); at != std::string::npos; at = json.find('@', at))
        json.replace(at, 1, quoted(seat));
    return argument;
}

}  // namespace

std::string CallRun::any_seat(const Player& player, std::uint32_t choice) const {
    if (choice % 4 == 0) return player.view.seat;
    if (choice % 16 == 1) return "";
    if (choice % 16 == 2) return player.view.token;
    const int number = std::max(1, world_.ids - static_cast<int>(choice / 16 % 20));
    return seat_id(number);
}

/// Mostly somebody whom the player may address.
std::string CallRun::other_member(const Player& player, const Step& step) const {
    const ModelCall* const call = model_.find(player.call);
    if (call == nullptr || step.choice / 16 % 8 == 0) {
        return players_[static_cast<std::size_t>(step.other)].view.seat;
    }
    return call->members[static_cast<std::size_t>(step.other) % call->members.size()]->id;
}

std::string CallRun::ringing_seat(const Player& player, const Step& step) const {
    std::vector<std::string> ringing;
    if (const ModelCall* const call = model_.find(player.call)) {
        for (const auto& seat : call->waiting) {
            if (seat->rang) ringing.push_back(seat->id);
        }
    }
    if (ringing.empty() || step.choice % 16 == 0) return any_seat(player, step.choice / 16);
    return ringing[step.choice / 16 % ringing.size()];
}

ModelEvent CallRun::event_of(const Player& player, const Step& step) const {
    const std::uint32_t choice = step.choice;
    switch (step.action) {
        case Action::Ring:
            return {"main check", {string(player.call)}};
        case Action::MessageAll:
            return {"message", {anything(choice)}};
        case Action::MessageOne:
            return {"message", {anything(choice), to(other_member(player, step))}};
        case Action::BigMessage:
            return {"message", {string(std::string(60'000 + choice % 220'000, 'x'))}};
        case Action::Chat:
            return {"chat message", {anything(choice)}};
        case Action::Bye:
            return {"bye"};
        case Action::Ping:
            return choice % 2 == 0 ? ModelEvent{"ping"} : ModelEvent{"ping", {anything(choice)}};
        case Action::Forge:
            return forged(player, choice);
        default:
            return host_event_of(player, step);
    }
}

ModelEvent CallRun::host_event_of(const Player& player, const Step& step) const {
    constexpr std::array kDoors{"open", "knock", "open", "knock", "locked"};
    const std::uint32_t choice = step.choice;
    switch (step.action) {
        case Action::Accept:
            return {"host is agreed", {string(player.call), to(ringing_seat(player, step))}};
        case Action::Decline:
            return {"host declined",
                    {string(player.call),
                     to(ringing_seat(player, step), choice % 2 == 0 ? "declined" : "busy")}};
        case Action::Remove:
            return {"remove", {string(other_member(player, step))}};
        case Action::Door:
            return {"door", {string(kDoors[choice % kDoors.size()])}};
        case Action::Password:
            return {"password",
                    {choice % 2 == 0 ? ModelArgument{"null"}
                                     : string(choice % 4 == 1 ? "pw1" : "pw2")}};
        default:
            return {"host", {string(other_member(player, step))}};
    }
}

ModelEvent CallRun::forged(const Player& player, std::uint32_t choice) const {
    static const std::array<std::string, 20> kNames{"main check",
                                                    "host is agreed",
                                                    "host declined",
                                                    "message",
                                                    "chat message",
                                                    "remove",
                                                    "door",
                                                    "password",
                                                    "host",
                                                    "bye",
                                                    "ping",
                                                    "hard start",
                                                    "ipaddr",
                                                    "welcome",
                                                    "host agreed",
                                                    "peer left",
                                                    "create or join",
                                                    "constructor",
                                                    "main check answer",
                                                    "refused"};
    ModelEvent event{kNames[choice % kNames.size()]};
    const std::uint32_t count = choice / 32 % 4;
    for (std::uint32_t i = 0; i < count; ++i)
        event.arguments.push_back(any_argument(player, choice / 128 + i * 7919));
    // A goodbye that is right would end too much.
    if (event.name == "bye" && count == 0) event.arguments.push_back(anything(choice));
    return event;
}

ModelArgument CallRun::any_argument(const Player& player, std::uint32_t choice) const {
    const std::string seat = any_seat(player, choice / 32);
    // Right ones, some of them in unusual spelling.
    const std::array good{
        string(player.call),
        string("third"),
        string(seat),
        string("locked"),
        string("bad proof!"),
        ModelArgument{.json = R"("kn\u006fck")", .text = "knock"},
        to(seat),
        to(seat, "declined"),
        to(seat, "removed"),
        ModelArgument{.json = R"({ "\u0072eason" : "busy" , "t\u006f" : )" + quoted(seat) + " }",
                      .to = seat,
                      .reason = "busy"},
        anything(choice / 32),
    };
    if (choice % 2 == 0) return good[choice / 2 % good.size()];
    return no_address(seat, choice / 2);
}

}  // namespace videochat::test
