// The practical limit: the least that a single-threaded relay can do on Linux. One epoll set, one
// read buffer, no checks, no limits, no JSON, no deadlines, no fragments. It accepts an upgrade,
// unmasks what a member of a room sends and passes it to the others, with one gathered write per
// turn and connection: a piece for each message or, with --merge, one for all messages that lie
// side by side in memory, which only a burst in an otherwise quiet relay brings about.
// It exists to be compared with; do not put it on a network (it binds to 127.0.0.1). One file on
// purpose: it should be readable at one go, and shares nothing with what it judges.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

struct Connection;
using Room = std::vector<Connection*>;

/// Bytes of this turn's arena.
struct Piece {
    std::size_t begin;
    std::size_t end;
};

struct Connection {
    int fd = -1;
    bool upgraded = false;
    bool waits_for_room_to_write = false;
    Room* room = nullptr;
    std::vector<Piece> pieces;  // to be written at the end of the turn
    std::string unread;         // an unfinished request or frame
    std::string unsent;         // what the socket did not take
};

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

class Relay {
  public:
    Relay(std::uint16_t port, bool merges);
    [[noreturn]] void run();

  private:
    void watch(int operation, int fd, void* tag, std::uint32_t events);
    void accept_all();
    void read(Connection& connection);
    std::size_t consume(Connection& connection, char* data, std::size_t size);
    std::size_t upgrade(Connection& connection, std::string_view head);
    std::size_t frame(Connection& connection, char* data, std::size_t size);
    void relay(Connection& from, std::string_view payload);
    void append(Connection& to, Piece piece);
    void flush(Connection& connection);
    void write_unsent(Connection& connection);
    void drop(Connection& connection);

    bool merges_;
    int listener_ = -1;
    int epoll_ = -1;
    std::unordered_map<std::string, Room> rooms_;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
    std::vector<char> arena_;  // every frame that is to leave in this turn, once
    std::vector<Connection*> dirty_;
    std::vector<Connection*> dropped_;
};

Relay::Relay(std::uint16_t port, bool merges) : merges_(merges) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener_, IPPROTO_TCP, TCP_NODELAY, &on,
               sizeof on);  // the accepted ones inherit it
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, SOMAXCONN) != 0) {
        die("listen");
    }
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    watch(EPOLL_CTL_ADD, listener_, nullptr, EPOLLIN);
}

void Relay::run() {
    std::array<epoll_event, 256> events;
    for (;;) {
        const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < ready; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            auto* connection = static_cast<Connection*>(event.data.ptr);
            if (connection == nullptr) {
                accept_all();
            } else if (event.events & EPOLLOUT) {
                write_unsent(*connection);
            } else {
                read(*connection);
            }
        }
        for (Connection* connection : dirty_) {
            flush(*connection);
        }
        dirty_.clear();
        arena_.clear();
        for (Connection* connection : dropped_) {
            delete connection;
        }
        dropped_.clear();
    }
}

void Relay::watch(int operation, int fd, void* tag, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = tag;
    if (epoll_ctl(epoll_, operation, fd, &event) != 0) {
        die("epoll_ctl");
    }
}

void Relay::accept_all() {
    for (;;) {
        const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            return;
        }
        auto* connection = new Connection;
        connection->fd = fd;
        watch(EPOLL_CTL_ADD, fd, connection, EPOLLIN);
    }
}

void Relay::read(Connection& connection) {
    const std::size_t kept = connection.unread.size();
    std::memcpy(buffer_.data(), connection.unread.data(), kept);
    const ssize_t got = recv(connection.fd, buffer_.data() + kept, buffer_.size() - kept, 0);
    if (got <= 0) {
        drop(connection);
        return;
    }
    const std::size_t size = kept + static_cast<std::size_t>(got);
    const std::size_t used = consume(connection, buffer_.data(), size);
    if (used < size) {
        connection.unread.assign(buffer_.data() + used, size - used);
    } else if (kept > 0) {
        connection.unread = std::string();
    }
}

std::size_t Relay::consume(Connection& connection, char* data, std::size_t size) {
    std::size_t used = 0;
    while (used < size) {
        const std::size_t step = connection.upgraded
                                     ? frame(connection, data + used, size - used)
                                     : upgrade(connection, {data + used, size - used});
        if (step == 0) {
            break;
        }
        used += step;
    }
    return used;
}

std::string accept_for(std::string_view key) {
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    std::array<unsigned char, 32> base64;
    EVP_EncodeBlock(base64.data(), digest.data(), SHA_DIGEST_LENGTH);
    return reinterpret_cast<const char*>(base64.data());
}

std::string_view between(std::string_view text, std::string_view before, char after) {
    const std::size_t begin = text.find(before) + before.size();
    return text.substr(begin, text.find(after, begin) - begin);
}

std::size_t Relay::upgrade(Connection& connection, std::string_view head) {
    const std::size_t end = head.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return 0;
    }
    connection.room = &rooms_[std::string(between(head, "?room=", ' '))];
    connection.room->push_back(&connection);
    connection.upgraded = true;
    const std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        accept_for(between(head, "Sec-WebSocket-Key: ", '\r')) + "\r\n\r\n";
    const std::size_t begin = arena_.size();
    arena_.insert(arena_.end(), answer.begin(), answer.end());
    append(connection, {begin, arena_.size()});
    return end + 4;
}

// A word at a time whatever the compiler's options: byte by byte it would cost a tenth of a relay.
void unmask(char* payload, std::size_t length, const char* mask) {
    std::uint32_t half = 0;
    std::memcpy(&half, mask, sizeof half);
    const std::uint64_t wide_mask = std::uint64_t{half} << 32 | half;
    std::size_t done = 0;
    for (; done + sizeof wide_mask <= length; done += sizeof wide_mask) {
        std::uint64_t word = 0;
        std::memcpy(&word, payload + done, sizeof word);
        word ^= wide_mask;
        std::memcpy(payload + done, &word, sizeof word);
    }
    for (; done < length; ++done) {
        payload[done] = static_cast<char>(payload[done] ^ mask[done & 3]);
    }
}

std::size_t Relay::frame(Connection& connection, char* data, std::size_t size) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(data);
    std::size_t header = 6;
    if (size < header) {
        return 0;
    }
    std::size_t length = bytes[1] & 0x7f;
    if (length >= 126) {
        const std::size_t length_bytes = length == 126 ? 2 : 8;
        header += length_bytes;
        if (size < header) {
            return 0;
        }
        length = 0;
        for (std::size_t i = 0; i < length_bytes; ++i) {
            length = length << 8 | bytes[2 + i];
        }
    }
    if (size - header < length) {
        return 0;
    }
    char* payload = data + header;
    unmask(payload, length, data + header - 4);
    if ((bytes[0] & 0x0f) < 8) {  // control frames are swallowed
        relay(connection, {payload, length});
    }
    return header + length;
}

void Relay::relay(Connection& from, std::string_view payload) {
    const std::size_t begin = arena_.size();
    arena_.push_back(static_cast<char>(0x81));
    if (payload.size() < 126) {
        arena_.push_back(static_cast<char>(payload.size()));
    } else {
        const int length_bytes = payload.size() <= 0xffff ? 2 : 8;
        arena_.push_back(static_cast<char>(length_bytes == 2 ? 126 : 127));
        for (int shift = 8 * (length_bytes - 1); shift >= 0; shift -= 8) {
            arena_.push_back(static_cast<char>(payload.size() >> shift));
        }
    }
    arena_.insert(arena_.end(), payload.begin(), payload.end());
    for (Connection* member : *from.room) {
        if (member != &from) {
            append(*member, {begin, arena_.size()});
        }
    }
}

void Relay::append(Connection& to, Piece piece) {
    if (to.pieces.empty()) {
        dirty_.push_back(&to);
    } else if (merges_ && to.pieces.back().end == piece.begin) {
        to.pieces.back().end = piece.end;
        return;
    }
    to.pieces.push_back(piece);
}

void Relay::flush(Connection& connection) {
    std::array<iovec, 64> vector;
    std::size_t count = 0;
    std::size_t total = 0;
    for (const Piece& piece : connection.pieces) {
        if (count == vector.size()) {
            break;
        }
        vector[count++] = {arena_.data() + piece.begin, piece.end - piece.begin};
        total += piece.end - piece.begin;
    }
    std::size_t sent = 0;
    if (connection.unsent.empty() && connection.fd >= 0) {
        msghdr message{};
        message.msg_iov = vector.data();
        message.msg_iovlen = count;
        const ssize_t result = sendmsg(connection.fd, &message, MSG_NOSIGNAL);
        sent = result > 0 ? static_cast<std::size_t>(result) : 0;
    }
    if (sent < total || count < connection.pieces.size()) {
        for (const Piece& piece : connection.pieces) {
            const std::size_t skipped = std::min(sent, piece.end - piece.begin);
            sent -= skipped;
            connection.unsent.append(arena_.data() + piece.begin + skipped,
                                     piece.end - piece.begin - skipped);
        }
        write_unsent(connection);
    }
    connection.pieces.clear();
}

void Relay::write_unsent(Connection& connection) {
    if (connection.fd < 0) {
        return;
    }
    const ssize_t result =
        send(connection.fd, connection.unsent.data(), connection.unsent.size(), MSG_NOSIGNAL);
    connection.unsent.erase(0, result > 0 ? static_cast<std::size_t>(result) : 0);
    const bool waits = !connection.unsent.empty();
    if (waits != connection.waits_for_room_to_write) {
        connection.waits_for_room_to_write = waits;
        watch(EPOLL_CTL_MOD, connection.fd, &connection, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

// Others may still name it in this turn, so it is deleted at the end of it.
void Relay::drop(Connection& connection) {
    close(connection.fd);
    connection.fd = -1;
    if (connection.room != nullptr) {
        std::erase(*connection.room, &connection);
    }
    dropped_.push_back(&connection);
}

}  // namespace

int main(int argc, char** argv) {
    const bool merges = argc == 4 && std::string_view(argv[3]) == "--merge";
    if (argc < 3 || argc > 4 || std::string_view(argv[1]) != "--port" || (argc == 4 && !merges)) {
        std::fprintf(stderr, "usage: epoll_relay --port PORT [--merge]\n");
        return 2;
    }
    Relay(static_cast<std::uint16_t>(std::atoi(argv[2])), merges).run();
}
