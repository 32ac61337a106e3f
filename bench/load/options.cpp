#include "options.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace bench {
namespace {

struct Number {
    std::string_view name;
    int Options::*field;
    int least;
    int most;
};

constexpr Number kNumbers[] = {
    {"--port", &Options::port, 1, 65535},
    {"--server-pid", &Options::server_pid, 1, 1 << 22},
    {"--pairs", &Options::pairs, 1, 2000},
    {"--receivers", &Options::receivers, 1, 2000},
    {"--in-flight", &Options::in_flight, 1, 512},
    {"--concurrent", &Options::concurrent, 1, 512},
    {"--connections", &Options::connections, 2, 60000},
    {"--bytes", &Options::bytes, 32, 65536},
    {"--warmup", &Options::warmup, 0, 60},
    {"--seconds", &Options::seconds, 1, 120},
};

constexpr std::array<std::string_view, 4> kModes{"pairs", "fanout", "connect", "idle"};
constexpr std::array<std::string_view, 3> kDialects{"native", "raw", "socketio"};

[[noreturn]] void refuse(std::string_view name, std::string_view value) {
    throw std::invalid_argument(std::string(name) + ": bad value '" + std::string(value) + "'");
}

int parse_number(const Number& number, std::string_view text) {
    int value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end || value < number.least ||
        value > number.most) {
        refuse(number.name, text);
    }
    return value;
}

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& words, std::string_view name,
                   std::string_view value) {
    if (std::find(words.begin(), words.end(), value) == words.end()) {
        refuse(name, value);
    }
    return std::string(value);
}

void set_option(Options& options, std::string_view name, std::string_view value) {
    if (name == "--mode") {
        options.mode = one_of(kModes, name, value);
        return;
    }
    if (name == "--dialect") {
        options.dialect = one_of(kDialects, name, value);
        return;
    }
    if (name == "--address") {
        options.address = value;
        return;
    }
    for (const Number& number : kNumbers) {
        if (number.name == name) {
            options.*number.field = parse_number(number, value);
            return;
        }
    }
    throw std::invalid_argument("unknown option " + std::string(name));
}

}  // namespace

Options parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--no-message") {
            options.message = false;
            continue;
        }
        if (i + 1 == argc) {
            throw std::invalid_argument(std::string(name) + " needs a value");
        }
        set_option(options, name, argv[++i]);
    }
    if (options.mode.empty() || options.port == 0 || options.server_pid == 0) {
        throw std::invalid_argument("--mode, --port and --server-pid are needed");
    }
    loopback_address(options);
    return options;
}

sockaddr_in loopback_address(const Options& options) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options.port));
    if (inet_pton(AF_INET, options.address.c_str(), &address.sin_addr) != 1 ||
        ntohl(address.sin_addr.s_addr) >> 24 != 127) {
        throw std::invalid_argument("--address: only 127.0.0.0/8 is allowed");
    }
    return address;
}

}  // namespace bench
