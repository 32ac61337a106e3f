// What the model's events do, and ringing.
#include <algorithm>
#include <array>

#include "call_model.hpp"
#include "call_world.hpp"

namespace videochat::test {
namespace {

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
    return std::ranges::any_of(names, [&](const char* each) { return name == each; });
}

ModelSeat* seat_in(const ModelCall::Seats& seats, const std::string& id) {
    for (const auto& seat : seats) {
        if (seat->id == id) return seat.get();
    }
    return nullptr;
}

std::string newcomer(const ModelSeat& seat, const char* key) {
    std::string text =
        std::string("{\"") + key + "\":\"" + seat.id + R"(","name":)" + quoted(seat.entry.name);
    if (!seat.entry.was.empty()) text += R"(,"was":")" + seat.entry.was + "\"";
    return text + "}";
}

bool is_proof(const std::string& text) {
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789-_") == std::string::npos;
}

}  // namespace

void CallModel::handle(int socket, const ModelEvent& event) {
    for (auto& [name, call] : calls_) {
        ModelCall::Seats seats = call.members;
        seats.insert(seats.end(), call.waiting.begin(), call.waiting.end());
        for (const auto& seat : seats) {
            if (seat->socket != socket) continue;
            if (event.name != "ping") ++seat->heard;
            const std::string code = apply(call, *seat, event);
            if (!code.empty()) {
                tell(*seat, R"(["error",{"event":)" + quoted(event.name) + R"(,"code":")" + code +
                                R"("}])");
            }
            tell_rings(call);
            forget_empty();
            return;
        }
    }
}

std::string CallModel::apply(ModelCall& call, Seat& seat, const ModelEvent& event) {
    const auto& arguments = event.arguments;
    const std::string& name = event.name;
    if (name == "ping") {
        if (arguments.size() > 1) return "bad-request";
        out_[seat.socket].push_back(R"(["pong",)" +
                                    (arguments.empty() ? "null" : arguments[0].json) + "]");
        return {};
    }
    if (name == "main check") return main_check(call, seat, event);
    if (name == "bye") return bye(call, seat, event);
    const bool is_of_host = is_one_of(name, {"remove", "door", "password", "host"});
    const bool is_answer = is_one_of(name, {"host is agreed", "host declined"});
    if (!is_of_host && !is_answer && !is_one_of(name, {"message", "chat message"})) return {};
    if (!seat.admitted) return "not-admitted";
    if (is_of_host) return of_host(call, seat, event);
    if (is_answer) return answer(call, seat, event, name == "host is agreed");
    if (name == "message") return message(call, seat, event);
    if (arguments.size() != 1) return "bad-request";
    tell_all(call, R"(["chat message",)" + arguments[0].json + R"(,{"from":")" + seat.id +
                       R"(","at":)" + std::to_string(now_) + "}]");
    return {};
}

std::string CallModel::main_check(ModelCall& call, Seat& seat, const ModelEvent& event) {
    if (seat.admitted || event.arguments.size() != 1 || event.arguments[0].text != call.name) {
        return "bad-request";
    }
    if (call.door == "open" && !is_full(call)) {
        admit(call, seat, nullptr);
    } else if (seat.rang) {
        return "rate";
    } else {
        seat.rang = now_;
        const auto ringing = *std::ranges::find_if(
            call.waiting, [&](const auto& each) { return each.get() == &seat; });
        std::erase(call.waiting, ringing);
        call.waiting.push_back(ringing);
    }
    return {};
}

std::string CallModel::bye(ModelCall& call, Seat& seat, const ModelEvent& event) {
    if (!event.arguments.empty()) return "bad-request";
    out_[seat.socket].push_back("close 1000");
    seat.socket = 0;
    if (seat.admitted) {
        drop_member(call, seat, "left");
    } else {
        drop_waiting(call, seat, "cancelled", nullptr);
    }
    return {};
}

std::string CallModel::answer(ModelCall& call, Seat& seat, const ModelEvent& event, bool accept) {
    if (event.arguments.size() != 2 || event.arguments[0].text != call.name) return "bad-request";
    const ModelArgument& address = event.arguments[1];
    if (!address.to || address.reason.has_value() == accept) return "bad-request";
    if (!accept && !is_one_of(*address.reason, {"declined", "busy"})) return "bad-request";
    // Who is host may answer always; others have been told.
    if (call.host != seat.id && !seat.rings.contains(*address.to)) return "not-host";
    Seat* const ringing = seat_in(call.waiting, *address.to);
    if (ringing == nullptr || !ringing->rang) return "no-such-seat";
    if (accept && is_full(call)) return "full";
    if (accept) {
        admit(call, *ringing, &seat);
    } else {
        end(*ringing, quoted(*address.reason), 4004);
        drop_waiting(call, *ringing, "declined", &seat);
    }
    return {};
}

std::string CallModel::message(ModelCall& call, Seat& seat, const ModelEvent& event) {
    const auto& arguments = event.arguments;
    if (arguments.empty() || arguments.size() > 2) return "bad-request";
    const std::string frame =
        R"(["message",)" + arguments[0].json + R"(,{"from":")" + seat.id + R"("}])";
    if (arguments.size() == 1) {
        tell_all(call, frame, &seat);
        return {};
    }
    if (!arguments[1].to || arguments[1].reason) return "bad-request";
    Seat* const member = seat_in(call.members, *arguments[1].to);
    if (member == nullptr || member == &seat) return "no-such-seat";
    tell(*member, frame);
    return {};
}

std::string CallModel::of_host(ModelCall& call, Seat& seat, const ModelEvent& event) {
    if (event.arguments.size() != 1) return "bad-request";
    const ModelArgument& argument = event.arguments[0];
    const bool is_null = event.name == "password" && argument.json == "null";
    if (!argument.text && !is_null) return "bad-request";
    if (event.name == "password" && !is_null && !is_proof(*argument.text)) return "bad-request";
    if (event.name == "door" && !is_one_of(*argument.text, {"open", "knock", "locked"})) {
        return "bad-request";
    }
    if (call.host != seat.id) return "not-host";
    if (event.name == "door") {
        set_door(call, *argument.text);
    } else if (event.name == "password") {
        set_password(call, argument);
    } else {
        Seat* const member = seat_in(call.members, *argument.text);
        if (member == nullptr || member == &seat) return "no-such-seat";
        if (event.name == "remove") {
            remove(call, *member);
        } else {
            call.host = member->id;
            tell_all(call, R"(["host",")" + call.host + R"("])");
        }
    }
    return {};
}

void CallModel::set_password(ModelCall& call, const ModelArgument& proof) {
    call.password = proof.text.value_or("");
    tell_all(call, call.password.empty() ? R"(["password",false])" : R"(["password",true])");
}

void CallModel::set_door(ModelCall& call, const std::string& state) {
    call.door = state;
    tell_all(call, R"(["door",")" + state + R"("])");
    for (const auto& seat : ModelCall::Seats(call.waiting)) {
        if (state == "locked") {
            end(*seat, "\"locked\"", 4003);
            drop_waiting(call, *seat, "locked", nullptr);
        } else if (state == "open" && seat->rang && !is_full(call)) {
            admit(call, *seat, nullptr);
        }
    }
}

void CallModel::remove(ModelCall& call, Seat& member) {
    end(member, "\"removed\"", 4005);
    drop_member(call, member, "removed");
    if (call.door == "open") set_door(call, "knock");
}

// ---- Admission and ringing

void CallModel::join(ModelCall& call, const std::shared_ptr<Seat>& seat) {
    tell_all(call, R"(["peer joined",)" + newcomer(*seat, "seat") + "]");
    seat->admitted = true;
    call.members.push_back(seat);
}

void CallModel::admit(ModelCall& call, Seat& seat, const Seat* by) {
    const auto kept =
        *std::ranges::find_if(call.waiting, [&](const auto& each) { return each.get() == &seat; });
    drop_waiting(call, seat, "accepted", by);
    join(call, kept);
    tell(seat, R"(["host agreed",{"members":)" + members(call) +
                   R"(,"iceServers":[{"urls":["turn:t"],"username":")" + seat.id +
                   R"("}],"door":")" + call.door + R"(","password":)" +
                   (call.password.empty() ? "false" : "true") + "}]");
}

void CallModel::stop_ringing(ModelCall& call, Seat& seat, const std::string& why, const Seat* by) {
    seat.rang.reset();
    for (const auto& member : call.members) {
        if (member.get() == by || !seat.told.contains(member->id)) continue;
        tell(*member, R"(["ring ended",")" + seat.id + R"(",")" + why + R"("])");
    }
    seat.told.clear();
}

void CallModel::tell_ring(ModelCall& call, Seat& ringing, Seat& member) {
    tell(member,
         R"(["main check answer",)" + quoted(call.name) + "," + newcomer(ringing, "from") + "]");
}

void CallModel::tell_rings(ModelCall& call) {
    const Seat* const host = seat_in(call.members, call.host);
    if (host == nullptr) return;
    for (const auto& member : call.members) {
        if (member.get() != host && host->socket != 0) continue;
        for (const auto& ringing : call.waiting) {
            if (!ringing->rang || !ringing->told.insert(member->id).second) continue;
            member->rings.insert(ringing->id);
            tell_ring(call, *ringing, *member);
        }
    }
}

}  // namespace videochat::test
