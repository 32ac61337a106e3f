// Frame: immutable bytes with shared ownership, the unit of every outgoing queue. One broadcast
// makes one frame; each receiver's queue holds a reference. A frame and its copies belong to one
// loop: counting references takes no atomic operation, because a room's members share a loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace videochat::core {

class Frame {
  public:
    Frame() = default;
    Frame(const Frame& other) : block_(other.block_), data_(other.data_), size_(other.size_) {
        if (block_ != nullptr) ++block_->references;
    }
    Frame(Frame&& other) noexcept
        : block_(std::exchange(other.block_, nullptr)),
          data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)) {}
    Frame& operator=(Frame other) noexcept {
        std::swap(block_, other.block_);
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Frame() {
        if (block_ != nullptr && --block_->references == 0) release(block_);
    }

    /// A frame of its own, with the bytes copied.
    static Frame copy_of(std::string_view bytes);
    /// Bytes that live as long as the process (literals, embedded files).
    static Frame of_static(std::string_view bytes) {
        Frame frame;
        frame.data_ = bytes.data();
        frame.size_ = bytes.size();
        return frame;
    }
    /// `size` bytes to be written through `bytes` before the frame is shared.
    static Frame of_size(std::size_t size, char*& bytes);

    /// A part of this frame, which shares its memory.
    Frame part(std::size_t offset, std::size_t size) const {
        Frame frame(*this);
        frame.data_ += offset;
        frame.size_ = size;
        return frame;
    }

    std::string_view view() const { return {data_, size_}; }
    const char* data() const { return data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    /// How many frames share the memory; 0 for static bytes.
    std::size_t use_count() const { return block_ == nullptr ? 0 : block_->references; }

  private:
    struct Block {
        std::uint32_t references;
        std::uint32_t size_class;  ///< where its memory comes from, see frame.cpp
    };
    static Block* allocate(std::size_t size);
    static void release(Block* block);

    Block* block_ = nullptr;
    const char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace videochat::core
