#include "net/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "net/interfaces.hpp"

namespace videochat::net {
namespace {

using namespace std::chrono_literals;

constexpr int kBacklog = 4096;
// Connections taken in one turn: others want to be served, too.
constexpr int kAcceptBatch = 64;
constexpr auto kPause = 100ms;

std::string endpoint(const std::string& host, std::uint16_t port) {
    const std::string text = "port " + std::to_string(port);
    return host.empty() ? text : "address " + host + ", " + text;
}

std::runtime_error failure(const std::string& host, std::uint16_t port, int error) {
    if (error == EADDRINUSE) {
        return std::runtime_error(endpoint(host, port) + " is already in use");
    }
    return std::runtime_error("cannot listen on " + endpoint(host, port) + ": " +
                              std::strerror(error));
}

UniqueFd bind_to(const sockaddr* address, socklen_t length, bool dual_stack) {
    UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return {};
    const int on = 1;
    const int only_v6 = dual_stack ? 0 : 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address->sa_family == AF_INET6) {
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6);
    }
    if (::bind(fd.get(), address, length) != 0 || ::listen(fd.get(), kBacklog) != 0) return {};
    return fd;
}

// Every address: "::" takes IPv4 in; where the system has no IPv6, 0.0.0.0 is all there is.
UniqueFd open_everywhere(std::uint16_t port) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    UniqueFd fd = bind_to(reinterpret_cast<const sockaddr*>(&v6), sizeof v6, true);
    if (fd || (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL)) return fd;
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return bind_to(reinterpret_cast<const sockaddr*>(&v4), sizeof v4, false);
}

bool is_transient(int error) {
    constexpr std::array kTransient = {ECONNABORTED, EPROTO,      EINTR,  ENETDOWN,
                                       ENOPROTOOPT,  EHOSTDOWN,   ENONET, EHOSTUNREACH,
                                       EOPNOTSUPP,   ENETUNREACH, EPERM};
    return std::ranges::find(kTransient, error) != kTransient.end();
}

}  // namespace

UniqueFd Listener::open(const std::string& host, std::uint16_t port) {
    if (host.empty()) {
        UniqueFd fd = open_everywhere(port);
        if (!fd) throw failure(host, port, errno);
        return fd;
    }
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
        error != 0) {
        throw std::runtime_error("cannot listen on " + endpoint(host, port) + ": " +
                                 ::gai_strerror(error));
    }
    UniqueFd fd = bind_to(found->ai_addr, found->ai_addrlen, host == "::");
    const int error = errno;
    ::freeaddrinfo(found);
    if (!fd) throw failure(host, port, error);
    return fd;
}

std::uint16_t Listener::port_of(const UniqueFd& fd) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &length);
    // The port stands at the same place in both families.
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

void Listener::start() { loop().poller().add(fd_.get(), *this, Poller::Interest::Read); }

void Listener::on_ready(bool /*readable*/, bool /*writable*/) {
    for (int i = 0; i < kAcceptBatch && fd_ && accept_one(); ++i) {
    }
}

bool Listener::accept_one() {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto* const address = reinterpret_cast<sockaddr*>(&storage);
    UniqueFd fd(::accept4(fd_.get(), address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        admit({.fd = std::move(fd),
               .peer = address_of(address).value_or(protocol::IpAddress{}),
               .ticket = {},
               .over_limit = false});
        return true;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
    if (is_transient(errno)) return true;
    pause(std::strerror(errno));  // descriptors or memory are used up: spinning would not help
    return false;
}

void Listener::admit(Socket socket) {
    const bool is_proxy = std::ranges::any_of(
        proxies_, [&](const protocol::Cidr& proxy) { return proxy.contains(socket.peer); });
    const Admission admission = is_proxy ? gate_.admit_proxy(socket.ticket)
                                         : gate_.admit(socket.peer, loop().now(), socket.ticket);
    if (admission != Admission::Ok) hooks_.refused(admission);
    if (admission == Admission::TooFast) return;
    if (admission == Admission::Full) {
        const std::string words = hooks_.full();
        ::send(socket.fd.get(), words.data(), words.size(), MSG_NOSIGNAL);
        ::shutdown(socket.fd.get(), SHUT_WR);
        // What has come is taken, lest the reset that unread bytes cause overtakes the answer.
        ::recv(socket.fd.get(), loop().read_buffer().data(), loop().read_buffer().size(), 0);
        return;
    }
    socket.over_limit = admission == Admission::PerAddress;
    hooks_.accepted(std::move(socket));
}

void Listener::pause(const char* reason) {
    hooks_.paused(reason);
    loop().poller().change(fd_.get(), *this, Poller::Interest::None);
    loop().set_deadline(*this, loop().now() + kPause);
}

void Listener::on_due(TimePoint /*now*/) {
    if (fd_) loop().poller().change(fd_.get(), *this, Poller::Interest::Read);
}

void Listener::on_stop() {
    loop().poller().remove(fd_.get());
    fd_.reset();
    loop().retire(*this);
}

void Listener::abandon() noexcept { pause("internal error"); }

}  // namespace videochat::net
