// Runs an installed coturn (turnserver) beside the server: writes its configuration, starts it,
// starts it again when it ends or when this machine's addresses change, and ends it with us. On a
// thread of its own, which may block. Made and ended by the Server; any thread may ask for
// status().
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/interfaces.hpp"
#include "net/unique_fd.hpp"
#include "turn/child_process.hpp"
#include "turn/restart_delay.hpp"
#include "turn/turn_addresses.hpp"
#include "videochat/config.hpp"

namespace videochat::turn {

enum class Status {
    Missing,     ///< not installed
    Restarting,  ///< it has not answered yet, or has ended and will be started again
    Running,
};
/// "missing", "restarting", "running".
std::string_view name_of(Status status);

class TurnSupervisor {
  public:
    struct Facts {
        std::string secret;           ///< of the time-limited credentials
        std::string host;             ///< the one address to listen at; empty: every one
        std::size_t user_quota = 10;  ///< allocations of one seat
    };
    /// Tests have other addresses and less patience.
    struct Hooks {
        std::function<std::vector<net::InterfaceAddress>()> addresses = net::interface_addresses;
        RestartDelay::Times restart = {};
        Milliseconds address_interval = 10s;  ///< how often the machine's addresses are looked at
        Milliseconds end_patience = 1500ms;   ///< for coturn to end by itself
    };

    /// Looks for the program and chooses the port, which stays the same for good. Throws
    /// std::runtime_error with one line: a configuration that coturn could not use, no free port.
    TurnSupervisor(const TurnConfig& config, Facts facts);
    TurnSupervisor(const TurnConfig& config, Facts facts, Hooks hooks);
    ~TurnSupervisor();  ///< stop()
    TurnSupervisor(const TurnSupervisor&) = delete;
    TurnSupervisor& operator=(const TurnSupervisor&) = delete;

    /// Once. Without an installed coturn: logs what to install, and that is all.
    void start();
    /// Begins to end coturn and returns at once.
    void request_stop();
    /// Returns when it has ended: within 2 s.
    void stop();

    Status status() const { return status_.load(std::memory_order_relaxed); }
    /// UDP and TCP; 0: not installed.
    std::uint16_t port() const { return port_; }
    /// What browsers are told ("turn:{host}:3478?transport=udp", and over TCP); empty: not
    /// installed.
    std::vector<std::string> urls() const;

  private:
    enum class Ending { Ended, Stopped, AddressesChanged };

    void run();
    Ending run_once();
    Ending watch(ChildProcess& child);
    bool take_output(int& output);
    void ask_whether_it_answers();
    TurnAddresses addresses_now() const;
    bool wait(Milliseconds time, int output = -1) const;

    const TurnConfig config_;
    const Facts facts_;
    const Hooks hooks_;
    const std::string program_;  ///< empty: not installed
    TurnAddresses addresses_;
    std::uint16_t port_ = 0;
    std::string ending_;      ///< how coturn ended
    std::string last_words_;  ///< the last line that it wrote
    std::string line_;        ///< what has come of the next one
    std::atomic<Status> status_{Status::Restarting};
    net::UniqueFd stop_event_;
    std::thread thread_;
};

}  // namespace videochat::turn
