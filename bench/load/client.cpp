#include "client.hpp"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "frame.hpp"
#include "reactor.hpp"

namespace bench {
namespace {

// The key and answer of RFC 6455 section 1.3. The server cannot tell that the key is not random,
// and the answer is known without SHA-1.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::size_t kKeptCapacity = 4096;

[[noreturn]] void fail_with_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void set_option(int fd, int level, int name) {
    const int on = 1;
    if (setsockopt(fd, level, name, &on, sizeof on) != 0) {
        fail_with_errno("setsockopt");
    }
}

// As a browser on the server's own page would ask, without the headers that nobody judges.
std::string upgrade_request(const Dialect& dialect, const sockaddr_in& server,
                            const std::string& room) {
    const std::string host = "127.0.0.1:" + std::to_string(ntohs(server.sin_port));
    return "GET " + dialect.target + room + " HTTP/1.1\r\nHost: " + host +
           "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://" + host +
           "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + std::string(kKey) + "\r\n\r\n";
}

}  // namespace

Client::Client(std::size_t index, Reactor& reactor, const Dialect& dialect, ClientEvents& events)
    : index_(index),
      reactor_(reactor),
      dialect_(dialect),
      events_(events),
      mask_(static_cast<std::uint32_t>(index) * 2654435761U + 1) {}

Client::~Client() { close(); }

void Client::open(const sockaddr_in& server, in_addr source, const std::string& room) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) {
        fail_with_errno("socket");
    }
    set_option(fd_, IPPROTO_TCP, TCP_NODELAY);
    // The port is then chosen by connect(), which knows that the same one is free towards this
    // server.
    set_option(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr = source;
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
        fail_with_errno("bind");
    }
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0 &&
        errno != EINPROGRESS) {
        fail_with_errno("connect");
    }
    state_ = State::Connecting;
    request_ = upgrade_request(dialect_, server, room);
    watching_writable_ = true;
    reactor_.add(fd_, *this, EPOLLIN | EPOLLOUT);
}

void Client::close() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
    state_ = State::Closed;
    unread_.clear();
    unsent_.clear();
}

void Client::send_text(std::string_view text) {
    queue_frame(static_cast<std::uint8_t>(Opcode::Text), text);
}

void Client::queue_frame(std::uint8_t opcode, std::string_view payload) {
    // xorshift: a new mask per frame, as section 5.3 asks; nothing here needs it to be a secret.
    mask_ ^= mask_ << 13;
    mask_ ^= mask_ >> 17;
    mask_ ^= mask_ << 5;
    if (unsent_.empty()) {
        reactor_.mark_dirty(*this);
    }
    append_masked(unsent_, static_cast<Opcode>(opcode), payload, mask_);
}

void Client::queue(std::string_view bytes) {
    if (unsent_.empty()) {
        reactor_.mark_dirty(*this);
    }
    unsent_.append(bytes);
}

void Client::flush() {
    if (unsent_.empty()) {
        return;
    }
    const ssize_t sent = send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        fail_with_errno("send");
    }
    unsent_.erase(0, sent < 0 ? 0 : static_cast<std::size_t>(sent));
    watch_writable(!unsent_.empty());
}

void Client::watch_writable(bool wanted) {
    if (wanted != watching_writable_) {
        watching_writable_ = wanted;
        reactor_.change(fd_, *this, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

void Client::on_ready(std::uint32_t epoll_events, std::string& buffer) {
    if (state_ == State::Connecting) {
        connected();
        return;
    }
    if ((epoll_events & EPOLLOUT) != 0) {
        flush();
    }
    if ((epoll_events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
        read(buffer);
    }
}

void Client::connected() {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), "connect");
    }
    state_ = State::Upgrading;
    watch_writable(false);
    queue(request_);
}

void Client::read(std::string& buffer) {
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got < 0) {
        fail_with_errno("recv");
    }
    if (got == 0) {
        throw std::runtime_error("the server closed a connection without being asked");
    }
    if (acknowledges_at_once_) {
        set_option(fd_, IPPROTO_TCP, TCP_QUICKACK);  // holds only for a while
    }
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (unread_.empty()) {
        unread_.assign(bytes.substr(consume(bytes)));
    } else {
        unread_.append(bytes);
        unread_.erase(0, consume(unread_));
    }
    if (unread_.empty() && unread_.capacity() > kKeptCapacity) {
        unread_.shrink_to_fit();
    }
}

std::size_t Client::consume(std::string_view bytes) {
    std::size_t used = 0;
    while (state_ != State::Closed && used < bytes.size()) {
        const std::string_view rest = bytes.substr(used);
        const std::size_t step =
            state_ == State::Upgrading ? consume_upgrade(rest) : consume_frame(rest);
        if (step == 0) {
            return used;
        }
        used += step;
    }
    return used;
}

std::size_t Client::consume_upgrade(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return 0;
    }
    const std::string_view head = bytes.substr(0, end);
    if (!head.starts_with("HTTP/1.1 101 ") || head.find(kAccept) == std::string_view::npos) {
        throw std::runtime_error("the upgrade was refused: " +
                                 std::string(head.substr(0, head.find('\r'))));
    }
    if (dialect_.socketio) {
        state_ = State::Joining;
    } else {
        state_ = State::Open;
        events_.on_open(*this);
    }
    return end + 4;
}

std::size_t Client::consume_frame(std::string_view bytes) {
    const std::optional<Frame> frame = parse_frame(bytes);
    if (!frame) {
        return 0;
    }
    switch (frame->opcode) {
        case Opcode::Text:
            on_text(frame->payload);
            break;
        case Opcode::Ping:
            queue_frame(static_cast<std::uint8_t>(Opcode::Pong), frame->payload);
            break;
        case Opcode::Pong:
            break;
        default:
            throw std::runtime_error("the server sent a close or binary frame");
    }
    return frame->size;
}

void Client::on_text(std::string_view text) {
    if (!dialect_.socketio) {
        events_.on_message(*this, text);
    } else if (text == "2") {
        send_text("3");
    } else if (state_ == State::Open) {
        events_.on_message(*this, text);
    } else if (text.starts_with("0{")) {
        send_text("40");
    } else if (text.starts_with("40{")) {
        state_ = State::Open;
        events_.on_open(*this);
    } else {
        throw std::runtime_error("not an Engine.IO handshake: " + std::string(text));
    }
}

}  // namespace bench
