#include "integration/turn_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace videochat::test {
namespace {

constexpr std::string_view kCookie = "\x21\x12\xA4\x42";
constexpr std::size_t kHeader = 20;
constexpr int kPatience = 5000;  // ms

// Method and class in one: a request's class adds nothing.
enum Type : std::uint16_t {
    kAllocate = 0x003,
    kPermission = 0x008,
    kSendIndication = 0x016,
    kDataIndication = 0x017
};
constexpr unsigned kError = 0x110;  // the class
enum Attribute : std::uint16_t {
    kUsername = 0x0006,
    kIntegrity = 0x0008,
    kErrorCode = 0x0009,
    kPeer = 0x0012,
    kPayload = 0x0013,
    kRealm = 0x0014,
    kNonce = 0x0015,
    kRelayed = 0x0016,
    kTransport = 0x0019
};

std::string u16(std::size_t value) {
    return {static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
}

std::size_t u16_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(at))) << 8 |
           static_cast<unsigned char>(bytes.at(at + 1));
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

std::string attribute(Attribute type, std::string_view value) {
    std::string bytes = u16(type) + u16(value.size()) + std::string(value);
    bytes.resize(4 + padded(value.size()), '\0');
    return bytes;
}

std::string message(std::uint16_t type, const std::string& attributes) {
    std::array<char, 12> id{};
    if (::getrandom(id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
        throw std::runtime_error("getrandom");
    }
    return u16(type) + u16(attributes.size()) + std::string(kCookie) +
           std::string(id.data(), id.size()) + attributes;
}

std::optional<std::string> find(std::string_view text, Attribute type) {
    for (std::size_t at = kHeader; at + 4 <= text.size();) {
        const std::size_t size = u16_at(text, at + 2);
        if (u16_at(text, at) == type) return std::string(text.substr(at + 4, size));
        at += 4 + padded(size);
    }
    return std::nullopt;
}

// XOR-PEER-ADDRESS and its kind, IPv4.
std::string xored(const std::string& address, std::uint16_t port) {
    in_addr v4{};
    if (::inet_pton(AF_INET, address.c_str(), &v4) != 1) throw std::runtime_error(address);
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &v4, bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<char>(bytes[i] ^ kCookie[i]);
    }
    return std::string("\0\x01", 2) + u16(port ^ 0x2112U) + bytes;
}

std::pair<std::string, std::uint16_t> unxored(const std::string& value) {
    std::array<unsigned char, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<unsigned char>(value.at(4 + i) ^ kCookie[i]);
    }
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
    return {text.data(), static_cast<std::uint16_t>(u16_at(value, 2) ^ 0x2112U)};
}

std::string md5(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_md5(), nullptr);
    return {reinterpret_cast<const char*>(hash.data()), size};
}

std::string hmac_sha1(const std::string& key, const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data(), &size);
    return {reinterpret_cast<const char*>(hash.data()), size};
}

int error_of(const std::string& answer) {
    if ((u16_at(answer, 0) & kError) != kError) return 0;
    const std::string code = find(answer, kErrorCode).value();
    return (code.at(2) & 0x7) * 100 + code.at(3);
}

}  // namespace

TurnClient::TurnClient(const std::string& address, std::uint16_t port, TurnCredentials credentials,
                       Over over)
    : over_(over),
      credentials_(std::move(credentials)),
      fd_(::socket(AF_INET, (over == Over::Udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
        ::close(fd_);
        throw std::runtime_error("connect");
    }
}

TurnClient::~TurnClient() { ::close(fd_); }

std::optional<std::string> TurnClient::read_message() {
    std::array<char, 4096> bytes{};
    while (true) {
        if (over_ == Over::Tcp && held_.size() >= kHeader) {
            const std::size_t size = kHeader + u16_at(held_, 2);
            if (held_.size() >= size) {
                std::string whole = held_.substr(0, size);
                held_.erase(0, size);
                return whole;
            }
        }
        pollfd entry{fd_, POLLIN, 0};
        if (::poll(&entry, 1, kPatience) != 1) return std::nullopt;
        const ssize_t count = ::recv(fd_, bytes.data(), bytes.size(), 0);
        if (count <= 0) return std::nullopt;
        const std::string got(bytes.data(), static_cast<std::size_t>(count));
        if (over_ == Over::Udp) return got;
        held_ += got;
    }
}

std::optional<std::string> TurnClient::exchange(const std::string& message) {
    if (::send(fd_, message.data(), message.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
    while (auto answer = read_message()) {
        const bool is_ours = answer->size() >= kHeader &&
                             answer->compare(8, 12, message, 8, 12) == 0;  // the transaction's id
        if (is_ours) return answer;
    }
    return std::nullopt;
}

std::string TurnClient::authenticated(std::string text) const {
    text += attribute(kUsername, credentials_.username) + attribute(kRealm, realm_) +
            attribute(kNonce, nonce_);
    constexpr std::size_t kIntegrityBytes = 24;  // counted in the length that is hashed
    text.replace(2, 2, u16(text.size() - kHeader + kIntegrityBytes));
    const std::string key = md5(credentials_.username + ":" + realm_ + ":" + credentials_.password);
    return text + attribute(kIntegrity, hmac_sha1(key, text));
}

// The first one without credentials: its refusal tells realm and nonce.
int TurnClient::request(std::uint16_t method, const std::string& attributes) {
    std::optional<std::string> answer;
    if (nonce_.empty()) {
        answer = exchange(message(method, attributes));
        if (!answer || error_of(*answer) != 401) return -1;
        realm_ = find(*answer, kRealm).value();
        nonce_ = find(*answer, kNonce).value();
    }
    answer = exchange(authenticated(message(method, attributes)));
    if (!answer) return -1;
    if (const auto relayed = find(*answer, kRelayed)) {
        std::tie(relay_address_, relay_port_) = unxored(*relayed);
    }
    return error_of(*answer);
}

int TurnClient::allocate(std::uint8_t protocol) {
    return request(kAllocate, attribute(kTransport, std::string{static_cast<char>(protocol), '\0',
                                                                '\0', '\0'}));
}

int TurnClient::permit(const std::string& peer) {
    return request(kPermission, attribute(kPeer, xored(peer, 0)));
}

void TurnClient::send(const std::string& peer, std::uint16_t port, std::string_view data) {
    const std::string text =
        message(kSendIndication, attribute(kPeer, xored(peer, port)) + attribute(kPayload, data));
    ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
}

std::optional<std::string> TurnClient::receive() {
    while (const auto text = read_message()) {
        if (u16_at(*text, 0) == kDataIndication) return find(*text, kPayload);
    }
    return std::nullopt;
}

}  // namespace videochat::test
