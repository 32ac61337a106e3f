#include "videochat/core/event.hpp"

#include <cstring>

namespace videochat::core {

EncodedEvent::EncodedEvent(std::initializer_list<std::string_view> parts,
                           std::span<const Frame> attachments)
    : attachments_(attachments.begin(), attachments.end()) {
    std::size_t size = kHeadroom;
    for (const std::string_view part : parts)
        size += part.size();
    block_ = Frame::of_size(size, bytes_);
    char* to = headroom_end();
    for (const std::string_view part : parts) {
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    }
}

std::uint64_t EncodedEvent::serial() const {
    static thread_local std::uint64_t last = 0;
    if (serial_ == 0) serial_ = ++last;
    return serial_;
}

const Frame& EncodedEvent::attachment(std::size_t index, AttachmentForm form,
                                      AttachmentEncoder encode) const {
    if (attachment_frames_.empty()) attachment_frames_.resize(attachments_.size());
    Frame& made = attachment_frames_[index][static_cast<std::size_t>(form)];
    if (made.empty()) made = encode(attachments_[index].view());
    return made;
}

}  // namespace videochat::core
