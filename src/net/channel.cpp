#include "net/channel.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace videochat::net {
namespace {

IoResult outcome_of_error() {
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {later ? IoStatus::WouldBlock : IoStatus::Error, 0};
}

// In a program with threads glibc makes recv() and send() points where a thread may be cancelled,
// which costs about as much as all of our own work on a message. Nobody cancels threads here.
ssize_t transmit(int fd, const msghdr& message) {
#ifdef SYS_recvfrom
    return ::syscall(SYS_sendmsg, fd, &message, MSG_NOSIGNAL);
#else
    return ::sendmsg(fd, &message, MSG_NOSIGNAL);
#endif
}

class PlainChannel final : public Channel {
  public:
    IoResult read(int fd, std::span<char> into) override {
        const std::ptrdiff_t n = receive(fd, into);
        if (n > 0) return {IoStatus::Ok, static_cast<std::size_t>(n)};
        return n == 0 ? IoResult{IoStatus::End, 0} : outcome_of_error();
    }

    IoResult write(int fd, std::span<const std::string_view> pieces) override {
        if (pieces.size() == 1) {  // send() costs less than sendmsg() with one piece
            return wrote(net::transmit(fd, pieces[0]));
        }
        std::array<iovec, kMaxPieces>
            vectors;  // NOLINT(*-member-init): filled as far as it is used
        const std::size_t count = std::min(pieces.size(), vectors.size());
        for (std::size_t i = 0; i < count; ++i) {
            // writev's interface is not const, the bytes are not changed.
            vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
        }
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = count;
        return wrote(transmit(fd, message));
    }

  private:
    static IoResult wrote(std::ptrdiff_t n) {
        return n >= 0 ? IoResult{IoStatus::Ok, static_cast<std::size_t>(n)} : outcome_of_error();
    }
};

}  // namespace

std::ptrdiff_t receive(int fd, std::span<char> into) {
#ifdef SYS_recvfrom
    return ::syscall(SYS_recvfrom, fd, into.data(), into.size(), 0, nullptr, nullptr);
#else
    return ::recv(fd, into.data(), into.size(), 0);
#endif
}

std::ptrdiff_t transmit(int fd, std::string_view bytes) {
#ifdef SYS_sendto
    return ::syscall(SYS_sendto, fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
#else
    return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
#endif
}

Channel& plain_channel() {
    static PlainChannel channel;
    return channel;
}

}  // namespace videochat::net
