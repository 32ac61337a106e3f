#include "transport/packet_buffer.hpp"

namespace videochat::transport {

core::Push PacketBuffer::push(const core::Frame& data, bool is_binary,
                              const core::QueueLimits& limits) {
    if ((limits.bytes != 0 && bytes_ + data.size() > limits.bytes) ||
        (limits.frames != 0 && packets_.size() >= limits.frames)) {
        return core::Push::Overflow;
    }
    bytes_ += data.size();
    packets_.push_back({data, is_binary});
    return core::Push::Accepted;
}

std::vector<protocol::OutgoingPacket> PacketBuffer::packets() const {
    std::vector<protocol::OutgoingPacket> views;
    views.reserve(packets_.size() + 1);  // a close may follow
    for (const Waiting& waiting : packets_)
        views.push_back({waiting.data.view(), waiting.is_binary});
    return views;
}

void PacketBuffer::clear() {
    packets_ = {};  // and its memory: most sessions soon have a WebSocket
    bytes_ = 0;
}

}  // namespace videochat::transport
