#include "integration/server_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace videochat::test {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Clock = std::chrono::steady_clock;

std::size_t content_length(std::string_view head) {
    const std::size_t at = head.find("\r\nContent-Length: ");
    return at == std::string_view::npos
               ? 0
               : std::strtoul(std::string(head.substr(at + 18, 20)).c_str(), nullptr, 10);
}

}  // namespace

Config test_config() {
    Config config;
    config.listen.port = 0;
    config.listen.host = "127.0.0.1";
    config.admission.connect_rate = 0;
    config.admission.connections_per_address = 0;
    return config;
}

RunningServer::RunningServer(Config config) : server_(config) { server_.start(); }

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd_);
        throw std::runtime_error("connect");
    }
}

RawClient::~RawClient() { ::close(fd_); }

bool RawClient::try_send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void RawClient::send(std::string_view bytes) {
    if (!try_send(bytes)) throw std::runtime_error("send");
}

bool RawClient::readable_within(std::chrono::milliseconds time) const {
    pollfd waiting{fd_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

std::string RawClient::read_until(const std::function<bool(std::string_view)>& done) {
    const auto deadline = Clock::now() + kPatience;
    while (!ended_ && !done(held_) && Clock::now() < deadline) {
        pollfd waiting{fd_, POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0) continue;
        std::array<char, 65536> buffer;
        const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (n > 0) {
            held_.append(buffer.data(), static_cast<std::size_t>(n));
        } else {
            ended_ = true;
        }
    }
    return std::exchange(held_, {});
}

std::string RawClient::read_all() {
    return read_until([](std::string_view) { return false; });
}

std::string RawClient::read_response(bool head_only) {
    std::size_t size = 0;
    std::string bytes = read_until([&](std::string_view so_far) {
        const std::size_t end = so_far.find("\r\n\r\n");
        if (end == std::string_view::npos) return false;
        size = end + 4 + (head_only ? 0 : content_length(so_far.substr(0, end + 2)));
        return so_far.size() >= size;
    });
    size = std::min(size, bytes.size());
    held_ = bytes.substr(size);
    bytes.resize(size);
    return bytes;
}

void RawClient::end_writing() { ::shutdown(fd_, SHUT_WR); }

std::string upgrade_request(std::string_view target, std::string_view fields) {
    std::string request = "GET ";
    request.append(target).append(
        " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    return request.append(fields).append("\r\n");
}

// Runs one asynchronous operation to its end, or cancels it when patience ends.
template <typename Start>
boost::system::error_code WsClient::run(Start&& start) {
    boost::system::error_code result = boost::asio::error::timed_out;
    start([&result](const boost::system::error_code& error, auto...) { result = error; });
    io_.restart();
    io_.run_for(kPatience);
    if (!io_.stopped()) {
        beast::get_lowest_layer(stream_).cancel();
        io_.run_for(std::chrono::seconds(1));
        return boost::asio::error::timed_out;
    }
    return result;
}

WsClient::WsClient(std::uint16_t port, const std::string& target) : stream_(io_) {
    stream_.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
        if (kind == websocket::frame_type::pong) pongs_.emplace_back(payload);
    });
    stream_.read_message_max(64 * kMiB);
    const boost::asio::ip::tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), port);
    beast::get_lowest_layer(stream_).socket().connect(endpoint);
    const auto error = run(
        [&](auto handler) { stream_.async_handshake("localhost", target, std::move(handler)); });
    if (error) throw std::runtime_error("handshake: " + error.message());
}

void WsClient::send(std::string_view text) {
    stream_.text(true);
    const auto error = run([&](auto handler) {
        stream_.async_write(boost::asio::buffer(text.data(), text.size()), std::move(handler));
    });
    if (error) throw std::runtime_error("write: " + error.message());
}

void WsClient::send_binary(std::string_view bytes) {
    stream_.binary(true);
    const auto error = run([&](auto handler) {
        stream_.async_write(boost::asio::buffer(bytes.data(), bytes.size()), std::move(handler));
    });
    if (error) throw std::runtime_error("write: " + error.message());
}

void WsClient::ping(std::string_view payload) {
    const websocket::ping_data data(payload.data(), payload.size());
    run([&](auto handler) { stream_.async_ping(data, std::move(handler)); });
}

std::string WsClient::receive() {
    beast::flat_buffer buffer;
    const auto error = run([&](auto handler) { stream_.async_read(buffer, std::move(handler)); });
    if (error) throw std::runtime_error("read: " + error.message());
    return beast::buffers_to_string(buffer.data());
}

unsigned WsClient::await_close() {
    while (true) {
        beast::flat_buffer buffer;
        const auto error =
            run([&](auto handler) { stream_.async_read(buffer, std::move(handler)); });
        if (!error) continue;
        return error == websocket::error::closed ? stream_.reason().code : 0U;
    }
}

void WsClient::close() {
    run([&](auto handler) {
        stream_.async_close(websocket::close_code::normal, std::move(handler));
    });
}

std::string get(std::uint16_t port, std::string_view target, std::string_view fields) {
    RawClient client(port);
    std::string request = "GET ";
    request.append(target).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    client.send(request.append(fields).append("\r\n"));
    return client.read_all();
}

long metric(std::uint16_t port, std::string_view name) {
    const std::string page = get(port, "/metrics");
    const std::size_t at = page.find("\n" + std::string(name) + " ");
    if (at == std::string::npos) throw std::runtime_error("no metric " + std::string(name));
    return std::strtol(page.c_str() + at + name.size() + 2, nullptr, 10);
}

}  // namespace videochat::test
