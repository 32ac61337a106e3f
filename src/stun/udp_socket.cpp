#include "stun/udp_socket.hpp"

#include <netdb.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

#include "net/interfaces.hpp"

namespace videochat::stun {
namespace {

std::runtime_error failure(std::uint16_t port, int error) {
    const std::string name = "UDP port " + std::to_string(port);
    if (error == EADDRINUSE) return std::runtime_error(name + " is already in use");
    return std::runtime_error("cannot use " + name + ": " + std::strerror(error));
}

// No SO_REUSEADDR: with UDP that would let two servers share a port, and each would get half.
net::UniqueFd bind_udp(const addrinfo& address) {
    net::UniqueFd fd(
        ::socket(address.ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
    if (!fd) return {};
    const int on = 1;
    int failed = 0;
    if (address.ai_family == AF_INET6) {
        // IPv4 has a socket of its own: on this one its addresses would be told as ::ffff:.
        failed |= ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        failed |= ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    } else {
        failed |= ::setsockopt(fd.get(), IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    }
    if (failed != 0 || ::bind(fd.get(), address.ai_addr, address.ai_addrlen) != 0) return {};
    return fd;
}

// The error is left in errno.
net::UniqueFd bind_udp(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
        error != 0) {
        throw std::runtime_error(host + " is no address for UDP: " + ::gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    return bind_udp(*found);
}

bool is_absence(int error) { return error == EAFNOSUPPORT || error == EADDRNOTAVAIL; }

// The way back is the routing table's to choose; only a link-local address means nothing without
// its interface. False: nobody in particular was asked (RFC 8489 knows no multicast).
bool turn_around(in_pktinfo& asked) {
    if (asked.ipi_addr.s_addr != asked.ipi_spec_dst.s_addr) return false;
    const bool is_link_local = (ntohl(asked.ipi_addr.s_addr) & 0xFFFF0000U) == 0xA9FE0000U;
    if (!is_link_local) asked.ipi_ifindex = 0;
    return true;
}

bool turn_around(in6_pktinfo& asked) {
    if (IN6_IS_ADDR_MULTICAST(&asked.ipi6_addr)) return false;
    if (!IN6_IS_ADDR_LINKLOCAL(&asked.ipi6_addr)) asked.ipi6_ifindex = 0;
    return true;
}

template <typename Info>
bool turn_around(cmsghdr& control) {
    Info asked;
    std::memcpy(&asked, CMSG_DATA(&control), sizeof asked);
    const bool is_for_us = turn_around(asked);
    std::memcpy(CMSG_DATA(&control), &asked, sizeof asked);
    return is_for_us;
}

}  // namespace

std::vector<net::UniqueFd> open_udp(const std::string& host, std::uint16_t port) {
    std::vector<net::UniqueFd> sockets;
    if (!host.empty() && host != "::") {
        sockets.push_back(bind_udp(host, port));
        if (!sockets.back()) throw failure(port, errno);
        return sockets;
    }
    for (const char* wildcard : {"::", "0.0.0.0"}) {
        net::UniqueFd fd = bind_udp(wildcard, port);
        if (fd) {
            sockets.push_back(std::move(fd));
        } else if (!is_absence(errno)) {
            throw failure(port, errno);
        }
    }
    if (sockets.empty()) throw failure(port, errno);
    return sockets;
}

Datagram::Outcome Datagram::receive(int fd, std::span<std::uint8_t> buffer) {
    iovec room{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &peer_;
    message.msg_namelen = sizeof peer_;
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    message.msg_control = control_.data();
    message.msg_controllen = control_.size();
    const ssize_t size = ::recvmsg(fd, &message, 0);
    if (size < 0) {
        // Anything else is told once, such as that an answer of ours was not wanted (by ICMP).
        return errno == EAGAIN || errno == EWOULDBLOCK ? Outcome::Nothing : Outcome::Useless;
    }
    const auto sender = net::address_of(reinterpret_cast<const sockaddr*>(&peer_));
    if ((message.msg_flags & MSG_TRUNC) != 0 || !sender || !turn_around(message)) {
        return Outcome::Useless;
    }
    bytes_ = buffer.first(static_cast<std::size_t>(size));
    sender_ = *sender;
    // The port stands at the same place in both families.
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&peer_)->sin_port);
    peer_length_ = message.msg_namelen;
    control_length_ = message.msg_controllen;
    return Outcome::Received;
}

bool Datagram::turn_around(msghdr& message) {
    cmsghdr* const control = CMSG_FIRSTHDR(&message);
    if (control == nullptr) return false;
    return control->cmsg_level == IPPROTO_IPV6 ? stun::turn_around<in6_pktinfo>(*control)
                                               : stun::turn_around<in_pktinfo>(*control);
}

bool Datagram::answer(int fd, std::span<const std::uint8_t> bytes) {
    iovec content{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_name = &peer_;
    message.msg_namelen = peer_length_;
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = control_.data();
    message.msg_controllen = control_length_;
    return ::sendmsg(fd, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

}  // namespace videochat::stun
