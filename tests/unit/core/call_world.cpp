#include "call_world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "protocol/event_text.hpp"

namespace videochat::test {
namespace {

/// The string behind `key` in the frame; it has no escapes.
std::string string_after(std::string_view frame, std::string_view key) {
    const auto at = frame.find(key);
    if (at == std::string_view::npos) throw std::runtime_error("no such key in a welcome");
    const auto rest = frame.substr(at + key.size());
    return std::string(rest.substr(0, rest.find('"')));
}

std::string numbered(std::string_view name, int number) {
    std::string digits = std::to_string(number);
    digits.insert(0, 6 - std::min<std::size_t>(digits.size(), 6), '0');
    return std::string(name) + digits;
}

}  // namespace

std::string seat_id(int number) { return numbered("seat-", number); }
std::string seat_token(int number) { return numbered("token-of-its-own-", number); }

std::string json(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts)
        text += part;
    std::ranges::replace(text, '\'', '"');
    return text;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

void CallClient::send(std::string_view text) {
    if (seat_ == nullptr) throw std::runtime_error("an event over a socket that has no seat");
    protocol::EventText event;
    std::vector<std::string_view> arguments;
    if (event.parse(text, {}, &arguments) != protocol::EventTextError::None) {
        throw std::runtime_error("not an event: " + std::string(text));
    }
    world_.calls.handle(call_, *seat_, {.name = event.name(), .arguments = arguments}, world_.now);
}

void CallClient::drop(bool breach) {
    core::Seat* const seat = std::exchange(seat_, nullptr);
    ended_ = true;
    if (seat != nullptr) world_.calls.lose_socket(call_, *seat, breach, world_.now);
}

std::vector<std::string> CallClient::take() { return std::exchange(frames_, {}); }

std::string CallClient::text() {
    std::string all;
    for (const auto& frame : take())
        all += frame + "\n";
    return all;
}

void CallClient::send(const core::EncodedEvent& event) {
    if (ended_) throw std::runtime_error("a frame for a socket that was closed");
    const std::string_view text = event.text();
    if (text.starts_with(R"(["welcome",)")) {
        id_ = string_after(text, R"("seat":")");
        token_ = string_after(text, R"("token":")");
    }
    frames_.emplace_back(text);
}

void CallClient::end(core::CallClose code) {
    if (ended_) throw std::runtime_error("closed twice");
    ended_ = true;
    seat_ = nullptr;
    frames_.push_back("close " + std::to_string(static_cast<int>(code)));
}

CallWorld::CallWorld(const CallLimits& limits) : calls(limits, ports(), calls_in_all) {}

core::CallPorts CallWorld::ports() {
    return {.new_seat_id = [this] { return seat_id(++ids); },
            .new_token = [this] { return seat_token(ids); },
            .digest = [](std::string_view proof) { return "digest of " + std::string(proof); },
            .ice_servers =
                [](std::string_view seat, bool admitted) {
                    return admitted ? R"([{"urls":["turn:t"],"username":")" + std::string(seat) +
                                          R"("}])"
                                    : std::string("[]");
                },
            .unix_ms = [this] { return now.time_since_epoch() / std::chrono::milliseconds(1); },
            .unknown_event = [this] { ++unknown_events; },
            .not_admitted = [this] { ++not_admitted; }};
}

CallClient& CallWorld::enter(core::CallEntry entry, const std::string& call) {
    if (entry.address.empty()) entry.address = "a";
    CallClient& client = clients_.emplace_back(*this, call);
    core::Seat* const seat = calls.enter(client, call, entry, now);
    if (!client.ended_) client.seat_ = seat;
    return client;
}

CallClient& CallWorld::peek(core::CallEntry entry, const std::string& call) {
    if (entry.address.empty()) entry.address = "a";
    CallClient& client = clients_.emplace_back(*this, call);
    const bool was_shown = calls.peek(client, call, entry, now);
    if (was_shown != client.frames_.front().starts_with(R"(["peek")")) {
        throw std::runtime_error("a look that was refused, or not");
    }
    return client;
}

CallClient& CallWorld::resume(const std::string& token, std::optional<std::uint64_t> seen,
                              const std::string& call) {
    // The socket that is replaced learns it by its end.
    CallClient& client = clients_.emplace_back(*this, call);
    core::Seat* const seat = calls.resume(client, call, token, seen, now);
    if (!client.ended_) client.seat_ = seat;
    return client;
}

CallClient& CallWorld::enter_through(CallClient& host, const core::CallEntry& entry) {
    CallClient& client = enter(entry, host.call_);
    client.send(json({"['main check','", host.call_, "']"}));
    host.send(json({"['host is agreed','", host.call_, "',{'to':'", client.id(), "'}]"}));
    client.take();
    host.take();
    return client;
}

void CallWorld::pass(std::chrono::milliseconds time) {
    const core::TimePoint end = now + time;
    while (calls.next_due() <= end) {
        now = std::max(now, calls.next_due());
        calls.advance(now);
    }
    now = end;
}

}  // namespace videochat::test
