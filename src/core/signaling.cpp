// What a client's events do: the server side of the old index.js, one row and one short function
// for each. Runs on the room's loop. docs/protocol.md holds the same table for people.
#include "videochat/core/signaling.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/js_value.hpp"
#include "core/json_text.hpp"
#include "videochat/core/hub.hpp"

namespace videochat::core::signaling {
namespace {

using Handler = void (*)(Room&, Peer&, const Event&);

struct Rule {
    std::string_view name;
    Handler handler;
};

void send_log(const Peer& to, const std::string& text) {
    to.outbox().send(EncodedEvent({R"(["log",["Message from server:",)", json_string(text), "]]"}));
}

void main_check(Room& room, Peer& from, const Event& event) {
    room.relay(
        from, EncodedEvent({R"(["main check answer",)", event.argument(), "]"}, event.attachments));
}

void hard_start(Room& room, Peer& from, const Event& event) {
    room.relay(from, EncodedEvent({R"(["message",)", event.argument(), "]"}, event.attachments));
}

void host_is_agreed(Room& room, Peer& from, const Event& /*event*/) {
    room.broadcast(from, EncodedEvent({R"(["host agreed"])"}));
}

void chat_message(Room& room, Peer& from, const Event& event) {
    room.broadcast(from,
                   EncodedEvent({R"(["chat message",)", event.argument(), "]"}, event.attachments));
}

void message(Room& room, Peer& from, const Event& event) {
    from.outbox().send(
        EncodedEvent({R"(["log",["Message from server:","Client said: ",)", event.argument(), "]]"},
                     event.attachments));
    room.relay(from, EncodedEvent({R"(["message",)", event.argument(), "]"}, event.attachments));
}

/// How many peers `group` has, and the words of index.js about it.
std::size_t announce_request(const Peer& from, const Group* group, const std::string& text) {
    const std::size_t clients = group == nullptr ? 0 : group->members().size();
    send_log(from, "Received request to create or join room " + text);
    send_log(from, "Room " + text + " now has " + std::to_string(clients) + " client(s)");
    return clients;
}

/// False: the peer was dismissed. No key: an array or object, which is no room that anybody could
/// ever enter again, so nothing is kept of it.
bool enter(Room& room, Peer& from, const std::optional<std::string>& key) {
    if (!key || room.join_group(from, *key) != nullptr) return true;
    from.outbox().dismiss(Dismissal::Policy, "too many rooms");
    return false;
}

void create_or_join(Room& room, Peer& from, const Event& event) {
    const std::string_view r = event.argument();
    const std::string text = js_string(event.first);
    const std::size_t longest = room.hub().limits().name_bytes;
    if (longest != 0 && text.size() > longest) {  // index.js kept names of any length
        from.outbox().dismiss(Dismissal::Policy, "room name too long");
        return;
    }
    const std::string& id = room.hub().id_of(from);
    const std::string id_json = json_string(id);
    const auto key = js_map_key(event.first);
    const Group* group = key ? room.find_group(*key) : nullptr;
    const std::size_t clients = announce_request(from, group, text);
    if (clients == 0) {
        if (!enter(room, from, key)) return;
        send_log(from, "Client ID " + id + " created room " + text);
        from.outbox().send(
            EncodedEvent({R"(["created",)", r, ",", id_json, "]"}, event.attachments));
    } else if (clients == 1) {
        send_log(from, "Client ID " + id + " joined room " + text);
        group->broadcast(EncodedEvent({R"(["join",)", r, "]"}, event.attachments));
        if (!enter(room, from, key)) return;
        from.outbox().send(
            EncodedEvent({R"(["joined",)", r, ",", id_json, "]"}, event.attachments));
        group->broadcast(EncodedEvent({R"(["ready"])"}));
    } else {
        from.outbox().send(EncodedEvent({R"(["full",)", r, "]"}, event.attachments));
    }
}

void ipaddr(Room& room, Peer& from, const Event& /*event*/) {
    if (!room.hub().limits().ipaddr) return;
    for (const std::string& address : room.hub().ports().ipv4_addresses()) {
        from.outbox().send(EncodedEvent({R"(["ipaddr",)", json_string(address), "]"}));
    }
}

void bye(Room& /*room*/, Peer& /*from*/, const Event& /*event*/) {}  // a log line in index.js

constexpr std::array kRules = {
    Rule{"main check", main_check},          // the others: "main check answer"
    Rule{"hard start", hard_start},          // the others: "message"
    Rule{"host is agreed", host_is_agreed},  // everyone: "host agreed"
    Rule{"chat message", chat_message},      // everyone
    Rule{"message", message},                // the sender: "log"; the others: "message"
    Rule{"create or join", create_or_join},  // see there
    Rule{"ipaddr", ipaddr},                  // the sender: one for each address of the server
    Rule{"bye", bye},                        // nobody
};

}  // namespace

void handle(Room& room, Peer& from, const Event& event) {
    const auto* const rule = std::ranges::find(kRules, event.name, &Rule::name);
    if (rule == kRules.end()) {
        if (room.hub().ports().unknown_event) room.hub().ports().unknown_event();
        return;
    }
    rule->handler(room, from, event);
}

}  // namespace videochat::core::signaling
