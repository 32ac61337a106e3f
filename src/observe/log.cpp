#include "observe/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

namespace videochat::observe::log {
namespace {

// A pipe that has room takes this much without waiting, and in one piece.
constexpr std::size_t kLineBytes = PIPE_BUF;
constexpr std::size_t kMessageBytes = 1000;

constexpr std::array kLevelNames{"trace", "debug", "info", "warn", "error", "off"};

const char* name_of(Level level) { return kLevelNames.at(static_cast<std::size_t>(level)); }

int parse_level(std::string_view text) {
    for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
        if (text == kLevelNames.at(i)) return static_cast<int>(i);
    }
    throw std::runtime_error("there is no log level " + protocol::quoted(text));
}

bool is_json_format(std::string_view text) {
    if (text == "json") return true;
    if (text == "text") return false;
    throw std::runtime_error("there is no log format " + protocol::quoted(text));
}

// Non-blocking, so that a FIFO without a reader is an error and not a server that never starts.
int open_log(const std::string& path) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    return ::open(path.c_str(), kFlags, 0640);
}

// Writes lines to a descriptor if that is possible at once; drops them otherwise. spdlog's own
// file sinks throw when a disk is full and wait when a pipe is.
class DroppingSink : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit DroppingSink(std::string path) : path_(std::move(path)) {
        if (path_.empty()) return;
        descriptor_ = open_log(path_);
        if (descriptor_ < 0) {
            throw std::runtime_error("cannot open the log file " + protocol::quoted(path_) + ": " +
                                     std::strerror(errno));
        }
    }
    ~DroppingSink() override {
        if (!path_.empty()) ::close(descriptor_);
    }
    DroppingSink(const DroppingSink&) = delete;
    DroppingSink& operator=(const DroppingSink&) = delete;

    /// 0, or errno: then the file of before stays in use.
    int reopen() {
        if (path_.empty()) return 0;
        const int fresh = open_log(path_);
        if (fresh < 0) return errno;
        const std::lock_guard lock(mutex_);
        ::close(descriptor_);
        descriptor_ = fresh;
        return 0;
    }

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        if (line.size() > kLineBytes || !is_writable()) return;
        [[maybe_unused]] const auto written = ::write(descriptor_, line.data(), line.size());
    }
    void flush_() override {}

    // A broken pipe answers with an error here, before a write could raise SIGPIPE.
    bool is_writable() const {
        pollfd entry{descriptor_, POLLOUT, 0};
        return ::poll(&entry, 1, 0) == 1 && entry.revents == POLLOUT;
    }

    const std::string path_;  // empty: standard error, which is not ours to close
    int descriptor_ = STDERR_FILENO;
};

struct Log {
    std::shared_ptr<DroppingSink> sink;
    std::shared_ptr<spdlog::logger> logger;
    bool is_json = false;
};

// Never destroyed: threads may log until the very end of the process.
Log& the_log() {
    static auto* const log = new Log;
    return *log;
}

bool is_plain(std::string_view text) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/_-[]";
    return !text.empty() && text.size() <= protocol::kQuotedBytes &&
           text.find_first_not_of(kPlain) == std::string_view::npos;
}

struct ValueText {
    bool is_json;

    std::string operator()(std::string_view text) const {
        if (is_json) return protocol::quoted_json(text);
        return is_plain(text) ? std::string(text) : protocol::quoted(text);
    }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(std::uint64_t value) const { return std::to_string(value); }
};

std::string field_text(const Field& field, bool is_json) {
    const std::string value = std::visit(ValueText{is_json}, field.value);
    if (is_json) return "," + protocol::quoted_json(field.name) + ":" + value;
    return " " + std::string(field.name) + "=" + value;
}

// What follows the time; the format's pattern (start()) stands around it.
std::string payload(Level level, std::string_view message, Fields fields, bool is_json) {
    constexpr std::size_t kRoomForTime = 64;
    std::string text = name_of(level);
    if (is_json) {
        text = R"("level":")" + text + R"(","message":)" +
               protocol::quoted_json(message, kMessageBytes);
    } else {
        text.resize(6, ' ');
        text += protocol::escaped(message, kMessageBytes);
    }
    for (const Field& field : fields) {
        const std::string more = field_text(field, is_json);
        if (text.size() + more.size() > kLineBytes - kRoomForTime) break;
        text += more;
    }
    return text;
}

}  // namespace

void start(const LogConfig& config) {
    const int level = parse_level(config.level);
    const bool is_json = is_json_format(config.format);
    auto sink = std::make_shared<DroppingSink>(config.file);
    auto logger = std::make_shared<spdlog::logger>("videochat", sink);
    logger->set_level(
        spdlog::level::trace);  // detail::least_level decides, before anything is built
    logger->set_pattern(
        is_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %v",
        spdlog::pattern_time_type::utc);
    the_log() = {std::move(sink), std::move(logger), is_json};
    detail::least_level.store(level, std::memory_order_relaxed);
}

void reopen() {
    if (!the_log().sink) return;
    const int problem = the_log().sink->reopen();
    if (problem != 0) warn("the log file cannot be reopened", {{"reason", std::strerror(problem)}});
}

void detail::write(Level level, std::string_view message, Fields fields) noexcept {
    try {
        const Log& log = the_log();
        if (!log.logger) return;
        const std::string text = payload(level, message, fields, log.is_json);
        log.logger->log(spdlog::level::info, spdlog::string_view_t(text.data(), text.size()));
    } catch (...) {  // NOLINT(bugprone-empty-catch): without memory for a line there is no line
    }
}

std::optional<std::uint64_t> OncePerMinute::admit(Clock::time_point now) {
    const Clock::rep ticks = now.time_since_epoch().count();
    Clock::rep next = next_.load(std::memory_order_relaxed);
    const Clock::rep after = (now + std::chrono::minutes(1)).time_since_epoch().count();
    if (ticks < next || !next_.compare_exchange_strong(next, after, std::memory_order_relaxed)) {
        held_back_.fetch_add(1, std::memory_order_relaxed);
        return std::nullopt;
    }
    return held_back_.exchange(0, std::memory_order_relaxed);
}

}  // namespace videochat::observe::log
