#include "videochat/core/event.hpp"

#include <cstring>

namespace videochat::core {

EncodedEvent::EncodedEvent(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) size_ += part.size();
    block_ = std::make_shared_for_overwrite<char[]>(kHeadroom + size_);
    char* to = headroom_end();
    for (const std::string_view part : parts) {
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    }
}

}  // namespace videochat::core
