// See socketio_client.hpp.
#include "app/socketio_client.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "app/embedded_scripts.hpp"
#include "http/file_answer.hpp"
#include "observe/log.hpp"

namespace videochat::app {
namespace {

namespace fs = std::filesystem;
namespace log = observe::log;

constexpr std::uintmax_t kLargestScript = 16 * kMiB;

const http::EmbeddedFile& embedded(std::string_view path) {
    const auto scripts = embedded_scripts();
    return *std::ranges::find(scripts, path, &http::EmbeddedFile::path);
}

std::runtime_error unreadable(const std::string& path, const std::string& reason) {
    return std::runtime_error("cannot read the Socket.IO client \"" + path + "\": " + reason);
}

/// A pipe would keep the loop waiting, and nobody loads a script of that size.
void check_kind(const std::string& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
        throw unreadable(path, error ? error.message() : "it is not a file");
    }
    if (fs::file_size(path, error) > kLargestScript) throw unreadable(path, "it is too large");
}

std::string read_text(const std::string& path) {
    check_kind(path);
    std::ifstream file(path, std::ios::binary);
    if (!file) throw unreadable(path, std::generic_category().message(errno));
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (file.bad()) throw unreadable(path, "reading failed");
    return text;
}

std::int64_t to_seconds(fs::file_time_type time) {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time))
        .time_since_epoch()
        .count();
}

}  // namespace

SocketIoClient::SocketIoClient(SocketIoConfig config) : config_(std::move(config)) {
    stamp_ = stamp_of(config_.client);
    serve(read());
}

std::optional<SocketIoClient::Stamp> SocketIoClient::stamp_of(const std::string& path) {
    if (path.empty()) return std::nullopt;
    std::error_code error;
    const Stamp stamp{fs::last_write_time(path, error), fs::file_size(path, error)};
    return error ? std::nullopt : std::optional(stamp);
}

SocketIoClient::Script SocketIoClient::read() const {
    if (!config_.client.empty()) {
        std::string text = read_text(config_.client);
        return {std::move(text), stamp_ ? to_seconds(stamp_->modified) : 0};
    }
    const http::EmbeddedFile& own = embedded("/socket.io.js");
    return {std::string(own.bytes), own.modified};
}

void SocketIoClient::serve(Script script) {
    if (config_.legacy_webrtc) {
        const http::EmbeddedFile& legacy = embedded("/legacy-webrtc.js");
        script.text.insert(0, legacy.bytes);
        script.modified = std::max(script.modified, legacy.modified);
    }
    // As Node's server says it, so that pages and proxies see no difference.
    constexpr http::FileKind kKind{.type = "application/javascript; charset=utf-8",
                                   .compressible = true,
                                   .cache_control = "public, max-age=0"};
    served_ = http::make_served_file(kKind, core::Frame::copy_of(script.text), script.modified);
}

void SocketIoClient::follow_file() {
    if (config_.client.empty()) return;
    auto stamp = stamp_of(config_.client);
    if (stamp == stamp_) return;
    stamp_ = stamp;
    try {
        serve(read());
    } catch (const std::runtime_error& problem) {
        log::warn("the Socket.IO client stays as it was", {{"reason", problem.what()}});
    }
}

http::Response SocketIoClient::answer(const http::Request& request) {
    follow_file();
    return http::answer_file(served_, request, std::time(nullptr));
}

}  // namespace videochat::app
