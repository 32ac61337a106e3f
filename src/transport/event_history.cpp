#include "transport/event_history.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "protocol/socketio_packet.hpp"

namespace videochat::transport {

std::size_t EventHistory::size_of(const Entry& entry) {
    std::size_t size = sizeof(Entry) + entry.packet.size();
    for (const core::Frame& attachment : entry.attachments)
        size += attachment.size();
    return size;
}

void EventHistory::add(const core::EncodedEvent& event, const Limits& limits, net::TimePoint now) {
    const auto attachments = event.attachments();
    entries_.push_back(
        {.serial = event.serial(),
         .since = now,
         .packet = event.frame(core::Dialect::PollingOffset, protocol::polling_event_with_offset),
         .attachments = {attachments.begin(), attachments.end()}});
    bytes_ += size_of(entries_.back());
    packets_ += 1 + attachments.size();
    const auto too_many = [&] {
        return (limits.packets != 0 && packets_ > limits.packets) ||
               (limits.bytes != 0 && bytes_ > limits.bytes) ||
               now - entries_.front().since > limits.age;
    };
    while (!entries_.empty() && too_many()) {
        bytes_ -= size_of(entries_.front());
        packets_ -= 1 + entries_.front().attachments.size();
        entries_.pop_front();
    }
}

std::optional<std::vector<const EventHistory::Entry*>> EventHistory::since(
    std::string_view offset) const {
    std::uint64_t serial = 0;
    const char* const end = offset.data() + offset.size();
    const auto parsed = std::from_chars(offset.data(), end, serial);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    const auto known = std::ranges::find(entries_, serial, &Entry::serial);
    if (known == entries_.end()) return std::nullopt;
    std::vector<const Entry*> missed;
    for (auto entry = known + 1; entry != entries_.end(); ++entry)
        missed.push_back(&*entry);
    return missed;
}

}  // namespace videochat::transport
