#include "videochat/core/event.hpp"

#include <cstring>

namespace videochat::core {

EncodedEvent::EncodedEvent(std::initializer_list<std::string_view> parts) {
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

}  // namespace videochat::core
