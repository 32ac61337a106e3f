// Frame: immutable bytes with shared ownership, the unit of every outgoing queue. One broadcast
// makes one frame; each receiver's queue holds a reference. May travel to other loops.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace videochat::core {

class Frame {
  public:
    Frame() = default;

    /// `bytes` must stay valid and unchanged for as long as `owner` lives.
    Frame(std::shared_ptr<const void> owner, std::string_view bytes)
        : owner_(std::move(owner)), data_(bytes.data()), size_(bytes.size()) {}

    /// A frame of its own, with the bytes copied.
    static Frame copy_of(std::string_view bytes);
    /// Bytes that live as long as the process (literals, embedded files).
    static Frame of_static(std::string_view bytes) { return {nullptr, bytes}; }

    std::string_view view() const { return {data_, size_}; }
    const char* data() const { return data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const std::shared_ptr<const void>& owner() const { return owner_; }

  private:
    std::shared_ptr<const void> owner_;
    const char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace videochat::core
