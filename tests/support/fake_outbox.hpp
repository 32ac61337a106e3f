// FakeOutbox: an outbox that keeps what it was told, and a room to try events in.
#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "videochat/core/hub.hpp"
#include "videochat/core/outbox.hpp"
#include "videochat/core/signaling.hpp"

namespace videochat::test {

class FakeOutbox final : public core::Outbox {
  public:
    void send(const core::EncodedEvent& event) override { sent.emplace_back(event.text()); }
    void dismiss(core::Dismissal why, std::string_view reason) override {
        dismissals.emplace_back(why, reason);
    }

    std::vector<std::string> sent;
    std::vector<std::pair<core::Dismissal, std::string>> dismissals;
};

/// A peer with its outbox; enters a room of `hub` and can send events there.
class Client {
  public:
    explicit Client(core::Hub& hub, std::string_view room = core::kLobby)
        : peer(outbox), membership(hub.join(peer, room, refusal)) {}

    void send(std::string_view name, std::string_view first = {}) {
        core::signaling::handle(membership.room(), peer, {name, first});
    }
    /// What has come since the last call.
    std::vector<std::string> take() { return std::exchange(outbox.sent, {}); }

    FakeOutbox outbox;
    core::Peer peer;
    core::JoinRefusal refusal = core::JoinRefusal::None;
    core::Membership membership;
};

/// A hub whose ids are "id1", "id2", ... and whose server has two addresses.
struct TestHub {
    explicit TestHub(RoomLimits limits = {})
        : hub(limits,
              {.new_id = [this] { return "id" + std::to_string(++ids); },
               .ipv4_addresses =
                   [] {
                       return std::vector<std::string>{"192.0.2.1", "192.0.2.2"};
                   },
               .unknown_event = [this] { ++unknown_events; }},
              rooms) {}

    int ids = 0;
    int unknown_events = 0;
    std::atomic<std::size_t> rooms{0};
    core::Hub hub;
};

}  // namespace videochat::test
