// LoopPool: the loops and their threads. A room lives on one loop; who enters it moves there.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "net/loop.hpp"

namespace videochat::net {

class LoopPool {
  public:
    /// `on_exception(index)` gives each loop its hook.
    LoopPool(std::size_t count,
             const std::function<Loop::ExceptionHook(std::size_t index)>& on_exception);
    /// Stops and joins.
    ~LoopPool();
    LoopPool(const LoopPool&) = delete;
    LoopPool& operator=(const LoopPool&) = delete;

    std::size_t size() const { return loops_.size(); }
    Loop& at(std::size_t index) { return *loops_[index]; }
    /// Where the room of that name lives: the same for every member.
    std::size_t index_for(std::string_view room) const;

    void start();
    /// Ends every loop after its present turn, and waits for the threads.
    void stop();

  private:
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<std::thread> threads_;
};

}  // namespace videochat::net
