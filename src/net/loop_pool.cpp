#include "net/loop_pool.hpp"

namespace videochat::net {

LoopPool::LoopPool(std::size_t count,
                   const std::function<Loop::ExceptionHook(std::size_t index)>& on_exception) {
    for (std::size_t i = 0; i < count; ++i) {
        loops_.push_back(std::make_unique<Loop>(on_exception(i)));
    }
}

LoopPool::~LoopPool() { stop(); }

std::size_t LoopPool::index_for(std::string_view room) const {
    return loops_.size() == 1 ? 0 : std::hash<std::string_view>{}(room) % loops_.size();
}

void LoopPool::start() {
    for (const auto& loop : loops_) {
        threads_.emplace_back([running = loop.get()] { running->run(); });
    }
}

void LoopPool::stop() {
    for (const auto& loop : loops_)
        loop->stop();
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

}  // namespace videochat::net
