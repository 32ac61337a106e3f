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

ModelEvent CallRun::event_of(const Player& player, const Step& step) {
    constexpr std::array kDoors{"open", "knock", "open", "knock", "locked"};
    const std::string other = other_member(player, step);
    const std::uint32_t choice = step.choice;
    switch (step.action) {
        case Action::Ring:
            return {"main check", {string(player.call)}};
        case Action::Accept:
            return {"host is agreed", {string(player.call), to(ringing_seat(player, step))}};
        case Action::Decline:
            return {"host declined",
                    {string(player.call),
                     to(ringing_seat(player, step), choice % 2 == 0 ? "declined" : "busy")}};
        case Action::MessageAll:
            return {"message", {anything(choice)}};
        case Action::MessageOne:
            return {"message", {anything(choice), to(other)}};
        case Action::BigMessage:
            return {"message", {string(std::string(60'000 + choice % 220'000, 'x'))}};
        case Action::Chat:
            return {"chat message", {anything(choice)}};
        case Action::Remove:
            return {"remove", {string(other)}};
        case Action::Door:
            return {"door", {string(kDoors[choice % kDoors.size()])}};
        case Action::Password:
            return {"password",
                    {choice % 2 == 0 ? ModelArgument{"null"}
                                     : string(choice % 4 == 1 ? "pw1" : "pw2")}};
        case Action::Host:
            return {"host", {string(other)}};
        case Action::Bye:
            return {"bye"};
        case Action::Ping:
            return choice % 2 == 0 ? ModelEvent{"ping"} : ModelEvent{"ping", {anything(choice)}};
        default:
            return forged(player, choice);
    }
}

ModelEvent CallRun::forged(const Player& player, std::uint32_t choice) {
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

ModelArgument CallRun::any_argument(const Player& player, std::uint32_t choice) {
    const std::string seat = any_seat(player, choice / 32);
    const std::string id = quoted(seat);
    switch (choice % 24) {
        case 0:
        case 1:
            return string(player.call);
        case 2:
            return string("third");
        case 3:
        case 4:
            return to(seat);
        case 5:
            return to(seat, "declined");
        case 6:
            return {.json = R"({ "\u0072eason" : "busy" , "t\u006f" : )" + id + " }",
                    .to = seat,
                    .reason = "busy"};
        case 7:
            return to(seat, "removed");
        case 8:
            return {.json = R"({"to":)" + id + R"(,"from":)" + id + "}"};
        case 9:
            return {.json = R"({"to":)" + id + R"(,"to":)" + id + "}"};
        case 10:
            return {.json = R"({"to":)" + id + R"(,"\u0074o":)" + id + "}"};
        case 11:
            return {.json = R"({"to":[)" + id + "]}"};
        case 12:
            return {.json = R"([{"to":)" + id + "}]"};
        case 13:
            return {.json = R"({"to":null})"};
        case 14:
            return {.json = "{}"};
        case 15:
            return {.json = R"({"from":)" + id + "}"};
        case 16:
            return {.json = R"({"TO":)" + id + "}"};
        case 17:
            return string("bad proof!");
        case 18:
            return string("locked");
        case 19:
            return {.json = R"("kn\u006fck")", .text = "knock"};
        case 20:
            return {.json = R"({"to":{"to":)" + id + "}}"};
        case 21:
            return string(seat);
        default:
            return anything(choice / 32);
    }
}

}  // namespace videochat::test
