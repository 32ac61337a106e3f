#include "videochat/core/frame.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <vector>

namespace videochat::core {
namespace {

// Blocks of everyday sizes are kept by the thread that freed them: a relay in steady state
// allocates nothing. Sizes are powers of two from 64 bytes to 4 KiB; others are not kept.
constexpr std::uint32_t kClasses = 7;
constexpr std::size_t kSmallest = 64;
constexpr std::size_t kKeptPerClass = 64;
constexpr std::uint32_t kNotKept = kClasses;

// The address sanitizer should see every use after the end.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kPooled = false;
#elif defined(__has_feature)
constexpr bool kPooled = !__has_feature(address_sanitizer);
#else
constexpr bool kPooled = true;
#endif

std::uint32_t class_of(std::size_t size) {
    if (!kPooled || size > kSmallest << (kClasses - 1)) return kNotKept;
    return size <= kSmallest ? 0
                             : static_cast<std::uint32_t>(std::bit_width(size - 1) -
                                                          std::bit_width(kSmallest - 1));
}

class Pool {
  public:
    Pool() {
        for (auto& list : lists_)
            list.reserve(kKeptPerClass);
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() {
        for (const auto& list : lists_) {
            for (void* block : list)
                ::operator delete(block);
        }
    }

    void* take(std::uint32_t size_class, std::size_t size) {
        if (size_class == kNotKept) return ::operator new(size);
        auto& list = lists_[size_class];
        if (list.empty()) return ::operator new(kSmallest << size_class);
        void* const block = list.back();
        list.pop_back();
        return block;
    }

    void give(std::uint32_t size_class, void* block) {
        if (size_class == kNotKept || lists_[size_class].size() == kKeptPerClass) {
            ::operator delete(block);
        } else {
            lists_[size_class].push_back(block);
        }
    }

  private:
    std::array<std::vector<void*>, kClasses> lists_;
};

thread_local Pool pool;

}  // namespace

Frame::Block* Frame::allocate(std::size_t size) {
    size += sizeof(Block);
    const std::uint32_t size_class = class_of(size);
    return ::new (pool.take(size_class, size)) Block{1, size_class};
}

void Frame::release(Block* block) { pool.give(block->size_class, block); }

Frame Frame::of_size(std::size_t size, char*& bytes) {
    Frame frame;
    frame.block_ = allocate(size);
    bytes = reinterpret_cast<char*>(frame.block_ + 1);
    frame.data_ = bytes;
    frame.size_ = size;
    return frame;
}

Frame Frame::copy_of(std::string_view bytes) {
    if (bytes.empty()) return {};
    char* to = nullptr;
    Frame frame = of_size(bytes.size(), to);
    std::memcpy(to, bytes.data(), bytes.size());
    return frame;
}

}  // namespace videochat::core
