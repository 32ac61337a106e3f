// Answers STUN over UDP on loopback, in coturn's place.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>

#include "net/unique_fd.hpp"

namespace videochat::test {

class StunResponder {
  public:
    enum class Answer { Success, Echo };

    /// `port` 0: the system picks one.
    explicit StunResponder(std::uint16_t port, Answer answer = Answer::Success)
        : answer_(answer), fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_port = htons(port);
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof name;
        auto* const any = reinterpret_cast<sockaddr*>(&name);
        if (::bind(fd_.get(), any, size) != 0 || ::getsockname(fd_.get(), any, &size) != 0) {
            throw std::runtime_error("bind");
        }
        port_ = ntohs(name.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~StunResponder() {
        stop_ = true;
        thread_.join();
    }
    StunResponder(const StunResponder&) = delete;
    StunResponder& operator=(const StunResponder&) = delete;

    std::uint16_t port() const { return port_; }

  private:
    void serve() {
        constexpr int kStep = 5;  // ms
        while (!stop_) {
            pollfd entry{fd_.get(), POLLIN, 0};
            if (::poll(&entry, 1, kStep) != 1) continue;
            std::array<char, 512> bytes{};
            sockaddr_in from{};
            socklen_t size = sizeof from;
            auto* const any = reinterpret_cast<sockaddr*>(&from);
            const ssize_t count = ::recvfrom(fd_.get(), bytes.data(), bytes.size(), 0, any, &size);
            if (count <= 0) continue;
            if (answer_ == Answer::Success) bytes.front() = 1;  // the class: success
            ::sendto(fd_.get(), bytes.data(), static_cast<std::size_t>(count), 0, any, size);
        }
    }

    const Answer answer_;
    net::UniqueFd fd_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace videochat::test
