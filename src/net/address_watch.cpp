#include "net/address_watch.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace videochat::net {

AddressWatch::AddressWatch()
    : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    sockaddr_nl groups{};
    groups.nl_family = AF_NETLINK;
    // The link too: an interface that gets its cable has its IPv4 address already.
    groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    const auto* const any = reinterpret_cast<const sockaddr*>(&groups);
    if (socket_ && ::bind(socket_.get(), any, sizeof groups) != 0) socket_.reset();
}

void AddressWatch::drain() const {
    std::array<char, 8192> part{};
    // ENOBUFS: some were lost; as all of them mean the same, that is no loss.
    while (::recv(socket_.get(), part.data(), part.size(), 0) >= 0 || errno == EINTR ||
           errno == ENOBUFS) {
    }
}

}  // namespace videochat::net
