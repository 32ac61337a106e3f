#include "videochat/core/frame.hpp"

#include <cstring>

namespace videochat::core {

Frame Frame::copy_of(std::string_view bytes) {
    if (bytes.empty()) return {};
    auto block = std::make_shared_for_overwrite<char[]>(bytes.size());
    std::memcpy(block.get(), bytes.data(), bytes.size());
    const char* data = block.get();
    return {std::move(block), {data, bytes.size()}};
}

}  // namespace videochat::core
