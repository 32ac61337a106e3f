// The table of counters.
#include "observe/metrics.hpp"

#include <set>
#include <string>

#include "support/catch.hpp"

using namespace videochat::observe;

TEST_CASE("Metrics: every counter has a name of its own, in snake_case") {
    std::set<std::string> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Counter::kCount); ++i) {
        const std::string name = name_of(static_cast<Counter>(i));
        INFO(name);
        CHECK_FALSE(name.empty());
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
        CHECK(names.insert(name).second);
    }
}

TEST_CASE("Metrics: counters count apart") {
    Metrics metrics;
    metrics.add(Counter::DeadPeers);
    metrics.add(Counter::MessagesReceived);
    metrics.add(Counter::MessagesReceived);
    CHECK(metrics.get(Counter::DeadPeers) == 1);
    CHECK(metrics.get(Counter::MessagesReceived) == 2);
    CHECK(metrics.get(Counter::Exceptions) == 0);
}
