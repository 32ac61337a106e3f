// Coming in, coming back, going, and time. What events do is in call_model_events.cpp.
#include "call_model.hpp"

#include <algorithm>
#include <tuple>

#include "call_world.hpp"
#include "videochat/version.hpp"

namespace videochat::test {
namespace {

std::string word(bool value) { return value ? "true" : "false"; }

void take_out(ModelCall::Seats& seats, const ModelSeat& seat) {
    std::erase_if(seats, [&](const auto& each) { return each->id == seat.id; });
}

/// How many of the newest frames are held.
std::size_t held(const std::vector<std::string>& sent) {
    std::size_t count = 0;
    std::size_t bytes = 0;
    while (count < sent.size() && count < 256) {
        bytes += sent[sent.size() - 1 - count].size();
        if (bytes > 256 * 1024) break;
        ++count;
    }
    return count;
}

}  // namespace

const ModelCall* CallModel::find(const std::string& name) const {
    const auto found = calls_.find(name);
    return found == calls_.end() ? nullptr : &found->second;
}

// ---- Coming in

void CallModel::enter(int socket, const std::string& name, const core::CallEntry& entry) {
    if (!calls_.contains(name)) {
        if (calls_.size() >= limits_.calls) {
            out_[socket].push_back("close 1013");
            return;
        }
        calls_[name] = {.name = name};
    }
    ModelCall& call = calls_[name];
    if (refuse(call, socket, entry, false)) return;
    ++ids_;
    const auto seat = std::make_shared<Seat>(Seat{.id = seat_id(ids_),
                                                  .token = seat_token(ids_),
                                                  .entry = entry,
                                                  .socket = socket,
                                                  .since = now_});
    if (!call.members.empty() && call.door != "open") {
        call.waiting.push_back(seat);
    } else {
        join(call, seat);
        if (call.host.empty()) call.host = seat->id;
    }
    out_[socket].push_back(welcome(call, *seat, false));
    tell_rings(call);
}

void CallModel::peek(int socket, const std::string& name, const core::CallEntry& entry) {
    ModelCall nobody{.name = name};
    ModelCall& call = calls_.contains(name) ? calls_[name] : nobody;
    if (refuse(call, socket, entry, true)) return;
    const auto wait =
        call.members.empty() ? std::nullopt : wait_in(call.looks, entry.address, true);
    if (wait) {
        refuse(socket, "\"rate\"," + std::to_string(*wait), 4008);
        return;
    }
    out_[socket].push_back(R"(["peek",{"count":)" + std::to_string(call.members.size()) +
                           R"(,"capacity":)" + std::to_string(limits_.capacity) + R"(,"door":")" +
                           call.door + R"(","password":)" + word(!call.password.empty()) + "}]");
    out_[socket].push_back("close 1000");
}

bool CallModel::refuse(ModelCall& call, int socket, const core::CallEntry& entry, bool only_looks) {
    if (const auto wait = password_wait(call, entry)) {
        refuse(socket, "\"password\"," + std::to_string(*wait), 4001);
    } else if (call.door == "locked") {
        refuse(socket, "\"locked\"", 4003);
    } else if (is_full(call)) {
        refuse(socket, "\"full\"," + std::to_string(limits_.capacity), 4002);
    } else if (const auto rate = waiting_wait(call, entry, only_looks)) {
        refuse(socket, "\"rate\"," + std::to_string(*rate), 4008);
    } else {
        return false;
    }
    return true;
}

std::optional<std::int64_t> CallModel::password_wait(ModelCall& call,
                                                     const core::CallEntry& entry) const {
    if (call.password.empty()) return std::nullopt;
    auto& tries = call.tries[entry.address];
    if (tries.until > now_) return tries.until - now_;
    if (entry.proof == call.password) return std::nullopt;
    if (entry.proof.empty()) return 0;
    constexpr std::int64_t kWaits[] = {0, 0, 0, 1, 2, 4, 8, 16, 32, 60};
    const std::int64_t seconds = kWaits[std::min(tries.wrong, 9)];
    ++tries.wrong;
    tries.until = now_ + seconds * 1000;
    return seconds * 1000;
}

std::optional<std::int64_t> CallModel::waiting_wait(ModelCall& call, const core::CallEntry& entry,
                                                    bool only_looks) const {
    if (call.members.empty() || call.door == "open") return std::nullopt;
    const auto from_there = std::ranges::count_if(
        call.waiting, [&](const auto& seat) { return seat->entry.address == entry.address; });
    if (call.waiting.size() >= limits_.waiting ||
        static_cast<std::size_t>(from_there) >= limits_.waiting_per_address) {
        return 6000;
    }
    return wait_in(call.buckets, entry.address, !only_looks);
}

std::optional<std::int64_t> CallModel::wait_in(std::map<std::string, ModelCall::Bucket>& buckets,
                                               const std::string& address, bool taken) const {
    auto& bucket = buckets[address];
    bucket.level = std::min<std::int64_t>(60'000, bucket.level + now_ - bucket.at);
    bucket.at = now_;
    if (bucket.level < 6000) return 6000 - bucket.level;
    if (taken) bucket.level -= 6000;
    return std::nullopt;
}

void CallModel::resume(int socket, const std::string& name, const std::string& token,
                       std::optional<std::uint64_t> seen) {
    std::shared_ptr<Seat> seat;
    if (calls_.contains(name)) {
        for (const auto* seats : {&calls_[name].members, &calls_[name].waiting}) {
            for (const auto& each : *seats) {
                if (each->token == token) seat = each;
            }
        }
    }
    if (seat == nullptr) {
        refuse(socket, "\"expired\"", 4007);
        return;
    }
    ModelCall& call = calls_[name];
    const bool was_away = seat->socket == 0;
    end(*seat, "\"replaced\"", 4006);
    seat->socket = socket;
    const bool resumed =
        seen && *seen <= seat->sent.size() && seat->sent.size() - *seen <= held(seat->sent);
    out_[socket].push_back(welcome(call, *seat, resumed));
    if (resumed) {
        for (std::size_t i = *seen; i < seat->sent.size(); ++i)
            out_[socket].push_back(seat->sent[i]);
    } else {
        seat->sent.clear();
        for (const auto& ringing : call.waiting) {
            if (ringing->told.contains(seat->id)) tell_ring(call, *ringing, *seat);
        }
    }
    if (was_away) tell_all(call, R"(["peer back",")" + seat->id + R"("])", seat.get());
}

std::string CallModel::members(const ModelCall& call) const {
    std::string text;
    for (const auto& seat : call.members) {
        text += text.empty() ? "" : ",";
        text += R"({"seat":")" + seat->id + R"(","name":)" + quoted(seat->entry.name) +
                R"(,"host":)" + word(seat->id == call.host) + R"(,"away":)" +
                word(seat->socket == 0) + "}";
    }
    return "[" + text + "]";
}

std::string CallModel::welcome(const ModelCall& call, const Seat& seat, bool resumed) const {
    std::string text = R"(["welcome",{"seat":")" + seat.id + R"(","token":")" + seat.token +
                       R"(","call":)" + quoted(call.name) + R"(,"state":)";
    text += seat.admitted ? R"("admitted","host":)" + word(seat.id == call.host) +
                                R"(,"members":)" + members(call)
                          : R"("waiting","host":false,"members":[],"count":)" +
                                std::to_string(call.members.size());
    text += R"(,"capacity":)" + std::to_string(limits_.capacity);
    if (seat.admitted) {
        text += R"(,"door":")" + call.door + R"(","password":)" + word(!call.password.empty());
        text += R"(,"iceServers":[{"urls":["turn:t"],"username":")" + seat.id + R"("}])";
    } else {
        text += R"(,"iceServers":[])";
    }
    return text + R"(,"resumed":)" + word(resumed) + R"(,"heard":)" + std::to_string(seat.heard) +
           R"(,"server":{"version":")" VIDEOCHAT_VERSION R"("}}])";
}

// ---- Going out

void CallModel::refuse(int socket, const std::string& words, int code) {
    out_[socket].push_back(R"(["refused",)" + words + "]");
    out_[socket].push_back("close " + std::to_string(code));
}

void CallModel::end(Seat& seat, const std::string& words, int code) {
    if (seat.socket != 0) refuse(seat.socket, words, code);
    seat.socket = 0;
}

void CallModel::tell(Seat& seat, const std::string& frame) {
    seat.sent.push_back(frame);
    if (seat.socket != 0) out_[seat.socket].push_back(frame);
}

void CallModel::tell_all(ModelCall& call, const std::string& frame, const Seat* but) {
    for (const auto& member : call.members) {
        if (member.get() != but) tell(*member, frame);
    }
}

// ---- Going, and time

void CallModel::lose(int socket, bool breach) {
    for (auto& [name, call] : calls_) {
        for (const auto& seat : ModelCall::Seats(call.waiting)) {
            if (seat->socket == socket) drop_waiting(call, *seat, "cancelled", nullptr);
        }
        for (const auto& seat : ModelCall::Seats(call.members)) {
            if (seat->socket != socket) continue;
            seat->socket = 0;
            seat->since = now_;
            if (breach) {
                drop_member(call, *seat, "lost");
            } else {
                tell_all(call, R"(["peer away",")" + seat->id + R"("])", seat.get());
            }
        }
        tell_rings(call);
    }
    forget_empty();
}

CallModel::Due CallModel::next_due(const ModelCall& call) const {
    Due next{INT64_MAX, nullptr};
    const auto consider = [&next](std::int64_t due, const auto& seat) {
        if (due < next.first) next = {due, seat};
    };
    for (const auto& seat : call.members) {
        if (seat->socket == 0) consider(seat->since + limits_.seat_grace.count(), seat);
    }
    for (const auto& seat : call.waiting) {
        const std::int64_t timeout = limits_.ring_timeout.count();
        consider(seat->rang ? *seat->rang + timeout : seat->since + 10 * timeout, seat);
    }
    return next;
}

void CallModel::pass(std::int64_t time) {
    const std::int64_t end_of_it = now_ + time;
    for (;;) {
        ModelCall* first = nullptr;
        Due due{end_of_it + 1, nullptr};
        for (auto& [name, call] : calls_) {
            const Due next = next_due(call);
            if (next.first < due.first) std::tie(first, due) = std::make_pair(&call, next);
        }
        if (first == nullptr) break;
        now_ = due.first;
        Seat& seat = *due.second;
        if (seat.admitted) {
            drop_member(*first, seat, "lost");
        } else {
            end(seat, "\"no answer\"", 4004);
            drop_waiting(*first, seat, "no answer", nullptr);
        }
        tell_rings(*first);
        forget_empty();
    }
    now_ = end_of_it;
}

void CallModel::forget_empty() {
    std::erase_if(calls_, [](const auto& entry) { return entry.second.members.empty(); });
}

void CallModel::drop_waiting(ModelCall& call, Seat& seat, const std::string& why, const Seat* by) {
    if (seat.rang) stop_ringing(call, seat, why, by);
    take_out(call.waiting, seat);
}

void CallModel::drop_member(ModelCall& call, Seat& seat, const std::string& why) {
    const std::string id = seat.id;
    take_out(call.members, seat);
    tell_all(call, R"(["peer left",")" + id + R"(",")" + why + R"("])");
    if (call.members.empty()) {
        for (const auto& waiting : call.waiting)
            end(*waiting, "\"ended\"", 4004);
    } else if (call.host == id) {
        auto next =
            std::ranges::find_if(call.members, [](const auto& m) { return m->socket != 0; });
        if (next == call.members.end()) next = call.members.begin();
        call.host = (*next)->id;
        tell_all(call, R"(["host",")" + call.host + R"("])");
    }
}

}  // namespace videochat::test
