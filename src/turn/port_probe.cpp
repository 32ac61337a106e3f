#include "turn/port_probe.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "net/unique_fd.hpp"

namespace videochat::turn {
namespace {

using protocol::IpAddress;

struct SocketAddress {
    SocketAddress(const IpAddress& address, std::uint16_t port) {
        const auto& bytes = address.bytes();
        if (address.is_v4()) {
            sockaddr_in v4{};
            v4.sin_family = AF_INET;
            v4.sin_port = htons(port);
            std::memcpy(&v4.sin_addr, bytes.data() + 12, 4);
            std::memcpy(&storage, &v4, sizeof v4);
            size = sizeof v4;
        } else {
            sockaddr_in6 v6{};
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(port);
            std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
            std::memcpy(&storage, &v6, sizeof v6);
            size = sizeof v6;
        }
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }

    sockaddr_storage storage{};
    socklen_t size = 0;
};

// Only what somebody else has counts as taken: an address that has just gone, or is not quite there
// yet (IPv6 looks for doubles first), is no reason to take another port.
bool is_taken(const IpAddress& address, int type, std::uint16_t port) {
    const SocketAddress name(address, port);
    const net::UniqueFd fd(::socket(name.get()->sa_family, type | SOCK_CLOEXEC, 0));
    if (!fd) return false;
    const int on = 1;
    if (type == SOCK_STREAM) {  // connections of an earlier run that are waiting for their end
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (name.get()->sa_family == AF_INET6) {
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    return ::bind(fd.get(), name.get(), name.size) != 0 && (errno == EADDRINUSE || errno == EACCES);
}

bool is_free(std::span<const IpAddress> addresses, std::uint16_t port) {
    return std::none_of(addresses.begin(), addresses.end(), [port](const IpAddress& address) {
        return is_taken(address, SOCK_STREAM, port) || is_taken(address, SOCK_DGRAM, port);
    });
}

std::uint16_t any_port(const IpAddress& address) {
    SocketAddress name(address, 0);
    const net::UniqueFd fd(::socket(name.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd || ::bind(fd.get(), name.get(), name.size) != 0) return 0;
    if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name.storage), &name.size) != 0) {
        return 0;
    }
    // The port stands at the same place in both families.
    sockaddr_in bound{};
    std::memcpy(&bound, &name.storage, sizeof bound);
    return ntohs(bound.sin_port);
}

}  // namespace

std::uint16_t free_port(std::span<const IpAddress> addresses, std::uint16_t wanted) {
    if (is_free(addresses, wanted)) return wanted;
    constexpr int kTries = 20;
    for (int i = 0; i < kTries; ++i) {
        const std::uint16_t port = any_port(addresses.front());
        if (port != 0 && is_free(addresses, port)) return port;
    }
    return 0;
}

bool answers_stun(const IpAddress& address, std::uint16_t port) {
    constexpr int kPatience = 200;  // ms; on the same machine an answer comes at once
    constexpr std::string_view kRequest(
        "\0\x01\0\0\x21\x12\xA4\x42"
        "are you here",
        20);
    constexpr std::string_view kSuccess("\x01\x01", 2);
    const SocketAddress name(address, port);
    const net::UniqueFd fd(::socket(name.get()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!fd || ::connect(fd.get(), name.get(), name.size) != 0 ||
        ::send(fd.get(), kRequest.data(), kRequest.size(), 0) < 0) {
        return false;
    }
    pollfd entry{fd.get(), POLLIN, 0};
    std::array<char, 512> bytes{};
    if (::poll(&entry, 1, kPatience) != 1) return false;
    const ssize_t count = ::recv(fd.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < static_cast<ssize_t>(kRequest.size())) return false;
    const std::string_view answer(bytes.data(), kRequest.size());
    return answer.starts_with(kSuccess) && answer.substr(4) == kRequest.substr(4);
}

}  // namespace videochat::turn
