// videochat-bench-load: puts a bounded load on a WebSocket relay on this machine and prints one
// line of JSON: the server's processor time per unit of work, or its memory per connection. Exit
// status 0: a figure; 1: the server failed; 2: bad options.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "options.hpp"
#include "scenario.hpp"

namespace {

std::unique_ptr<bench::Scenario> make_scenario(const bench::Options& options) {
    if (options.mode == "pairs") {
        return bench::make_pairs(options);
    }
    if (options.mode == "fanout") {
        return bench::make_fanout(options);
    }
    if (options.mode == "connect") {
        return bench::make_connect(options);
    }
    return bench::make_idle(options);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        make_scenario(bench::parse_options(argc, argv))->run();
        return 0;
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "videochat-bench-load: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "videochat-bench-load: %s\n", error.what());
        return 1;
    }
}
