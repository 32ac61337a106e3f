#include "scenario.hpp"

#include <arpa/inet.h>

#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t kOpeningAtOnce = 64;
constexpr double kPatienceSeconds = 60;
constexpr std::size_t kSourceAddresses = 200;

}  // namespace

std::int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Scenario::Scenario(const Options& options)
    : options_(options), dialect_(make_dialect(options)), server_(options.server_pid) {}

Client& Scenario::add_client() {
    clients_.push_back(std::make_unique<Client>(clients_.size(), reactor_, dialect_, *this));
    return *clients_.back();
}

void Scenario::open(Client& client, const std::string& room, std::size_t turn) {
    const auto last_byte = static_cast<std::uint32_t>(2 + turn % kSourceAddresses);
    const in_addr source{htonl(0x7f000000U | last_byte)};
    client.open(loopback_address(options_), source, room);
}

void Scenario::open_added(const std::function<std::string(std::size_t)>& room_of) {
    for (std::size_t next = open_; next < clients_.size(); ++next) {
        turn_until([this, next] { return next - open_ < kOpeningAtOnce; });
        open(*clients_[next], room_of(next), next);
    }
    turn_until([this] { return open_ == clients_.size(); });
}

void Scenario::turn_until(const std::function<bool()>& done) {
    const std::int64_t start = now_ns();
    while (!done()) {
        reactor_.turn();
        if (static_cast<double>(now_ns() - start) > kPatienceSeconds * 1e9) {
            throw std::runtime_error("the server does not answer");
        }
    }
}

void Scenario::turn_for(double seconds, const std::function<void()>& step) {
    const std::int64_t end = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
    while (now_ns() < end) {
        step();
    }
}

void Scenario::measure(const std::function<void()>& step) {
    turn_for(options_.warmup, step);
    latencies_.clear();
    const std::uint64_t units_before = units_;
    const double cpu_before = server_.cpu_us();
    const double user_before = server_.user_us();
    const std::int64_t start = now_ns();
    turn_for(options_.seconds, step);
    const double seconds = static_cast<double>(now_ns() - start) / 1e9;
    const double cpu = server_.cpu_us() - cpu_before;
    const double user = server_.user_us() - user_before;
    if (units_ == units_before) {
        throw std::runtime_error("nothing came back within the measured time");
    }
    const auto units = static_cast<double>(units_ - units_before);
    std::printf(
        "{\"mode\":\"%s\",\"dialect\":\"%s\",\"units\":%.0f,\"seconds\":%.3f,"
        "\"cpu_us_per_unit\":%.4f,\"user_us_per_unit\":%.4f,\"server_busy\":%.3f,"
        "\"p50_us\":%.1f,\"p99_us\":%.1f}\n",
        options_.mode.c_str(), options_.dialect.c_str(), units, seconds, cpu / units, user / units,
        cpu / 1e6 / seconds, latencies_.quantile_us(0.5), latencies_.quantile_us(0.99));
}

void Scenario::require_expected(std::string_view text) const {
    if (text != dialect_.expected) {
        throw std::runtime_error("not the message that was sent: " +
                                 std::string(text.substr(0, 120)));
    }
}

}  // namespace bench
