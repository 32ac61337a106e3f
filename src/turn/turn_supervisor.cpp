#include "turn/turn_supervisor.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "observe/log.hpp"
#include "turn/coturn_config.hpp"
#include "turn/port_probe.hpp"

namespace videochat::turn {
namespace {

namespace log = observe::log;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kUsualPort = 3478;  // RFC 8656 section 18.6
constexpr Milliseconds kTick = 1s;         // while all is well: the pipe tells of most ends at once
constexpr Milliseconds kEagerTick = 50ms;  // until it answers

std::string search_path() {
    const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    return std::string(path != nullptr ? path : "") + ":/usr/local/bin:/usr/bin";
}

Milliseconds since(Clock::time_point begin) {
    return std::chrono::duration_cast<Milliseconds>(Clock::now() - begin);
}

}  // namespace

std::string_view name_of(Status status) {
    switch (status) {
        case Status::Missing:
            return "missing";
        case Status::Running:
            return "running";
        case Status::Restarting:
            break;
    }
    return "restarting";
}

TurnSupervisor::TurnSupervisor(const TurnConfig& config, Facts facts)
    : TurnSupervisor(config, std::move(facts), Hooks{}) {}

TurnSupervisor::TurnSupervisor(const TurnConfig& config, Facts facts, Hooks hooks)
    : config_(config),
      facts_(std::move(facts)),
      hooks_(std::move(hooks)),
      program_(find_program(config.program, search_path())),
      addresses_(addresses_now()),
      stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!stop_event_) throw std::runtime_error("no descriptor is left for coturn");
    if (program_.empty()) {
        status_ = Status::Missing;
        return;
    }
    if (!addresses_.listening.empty()) port_ = free_port(addresses_.listening, kUsualPort);
    if (port_ == 0) throw std::runtime_error("there is no free port for coturn");
    // What it would refuse is to be known now.
    coturn_config(config_, {addresses_, port_, facts_.secret, facts_.user_quota});
}

TurnSupervisor::~TurnSupervisor() { stop(); }

void TurnSupervisor::start() {
    if (status() == Status::Missing) {
        log::error("TURN is off: coturn is not installed (Debian: apt-get install coturn)",
                   {{"program", config_.program}});
        return;
    }
    if (addresses_.listening.front().is_loopback()) {
        log::warn("TURN is for this machine alone: coturn has no other address to listen at",
                  {{"host", facts_.host}});
    }
    thread_ = std::thread([this] { run(); });
}

void TurnSupervisor::request_stop() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_event_.get(), &one, sizeof one);
}

void TurnSupervisor::stop() {
    request_stop();
    if (thread_.joinable()) thread_.join();
}

std::vector<std::string> TurnSupervisor::urls() const {
    if (port_ == 0) return {};
    const std::string url = "turn:{host}:" + std::to_string(port_) + "?transport=";
    return {url + "udp", url + "tcp"};
}

TurnAddresses TurnSupervisor::addresses_now() const {
    return turn_addresses(hooks_.addresses(), facts_.host, config_.external_ip);
}

// True: it is time to end.
bool TurnSupervisor::wait(Milliseconds time, int output) const {
    std::array<pollfd, 2> entries{{{stop_event_.get(), POLLIN, 0}, {output, POLLIN, 0}}};
    ::poll(entries.data(), entries.size(), static_cast<int>(time.count()));
    return entries[0].revents != 0;
}

void TurnSupervisor::run() {
    RestartDelay delay(hooks_.restart);
    while (true) {
        const auto begin = Clock::now();
        const Ending ending = run_once();
        status_ = Status::Restarting;
        if (ending == Ending::Stopped) return;
        if (ending == Ending::AddressesChanged) {
            log::info("coturn is started anew: the addresses of this machine have changed");
            continue;
        }
        const Milliseconds pause = delay.after(since(begin));
        log::warn("coturn has ended and will be started again",
                  {{"reason", ending_}, {"said", last_words_}, {"in_ms", pause.count()}});
        if (wait(pause)) return;
    }
}

TurnSupervisor::Ending TurnSupervisor::run_once() {
    addresses_ = addresses_now();
    last_words_.clear();
    line_.clear();
    if (addresses_.listening.empty()) {
        ending_ = "no address to listen at";
        return Ending::Ended;
    }
    // The secret is in the document, which no list of processes shows. The flag is there in case
    // that coturn cannot read it: nobody gets in then, instead of everybody.
    auto child = ChildProcess::start(
        program_, {"-c", ChildProcess::kDocument, "--use-auth-secret"},
        coturn_config(config_, {addresses_, port_, facts_.secret, facts_.user_quota}));
    if (!child) {
        ending_ = std::generic_category().message(errno);
        return Ending::Ended;
    }
    log::debug("coturn starts", {{"process", child->id()}, {"port", port_}});
    return watch(*child);
}

TurnSupervisor::Ending TurnSupervisor::watch(ChildProcess& child) {
    auto look = Clock::now() + hooks_.address_interval;
    int output = child.output();
    while (true) {
        const bool stop = wait(status() == Status::Running ? kTick : kEagerTick, output);
        take_output(output);
        if (const auto ending = child.ended()) {
            constexpr int kMostReads = 64;  // a pipe holds no more
            for (int i = 0; i < kMostReads && take_output(output); ++i) {
            }
            ending_ = *ending;
            return Ending::Ended;
        }
        const bool changed = Clock::now() >= look && !same_networks(addresses_, addresses_now());
        if (stop || changed) {
            child.end(hooks_.end_patience);
            return stop ? Ending::Stopped : Ending::AddressesChanged;
        }
        if (Clock::now() >= look) look = Clock::now() + hooks_.address_interval;
        if (status() != Status::Running) ask_whether_it_answers();
    }
}

// Lines of coturn's log are for who looks for a fault; the last one is told when it ends. A line
// that quotes the secret is nobody's. `output` is -1 after its end. False: nothing has come.
bool TurnSupervisor::take_output(int& output) {
    std::array<char, 4 * kKiB> bytes{};
    const ssize_t count = output < 0 ? 0 : ::read(output, bytes.data(), bytes.size());
    if (count == 0) output = -1;
    for (ssize_t i = 0; i < count; ++i) {
        const char byte = bytes.at(static_cast<std::size_t>(i));
        if (byte != '\n') {
            if (line_.size() < kKiB) line_.push_back(byte);
            continue;
        }
        const std::string line = std::exchange(line_, {});
        if (line.empty() || line.find(facts_.secret) != std::string::npos) continue;
        log::debug("coturn", {{"says", line}});
        last_words_ = line;
    }
    return count > 0;
}

void TurnSupervisor::ask_whether_it_answers() {
    if (!answers_stun(addresses_.listening.back(), port_)) return;
    status_ = Status::Running;
    log::info("coturn runs", {{"port", port_}});
}

}  // namespace videochat::turn
