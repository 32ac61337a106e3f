#include "transport/event_history.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using videochat::core::EncodedEvent;
using videochat::core::Frame;
using videochat::net::TimePoint;
using videochat::transport::EventHistory;

namespace {

constexpr TimePoint kStart{1h};
constexpr EventHistory::Limits kLimits{.events = 3, .bytes = 1000, .age = 2min};

/// Adds `["n"]` and returns its offset.
std::string add(EventHistory& history, TimePoint when = kStart,
                const EventHistory::Limits& limits = kLimits) {
    const EncodedEvent event({R"(["n"])"});
    history.add(event, limits, when);
    return std::to_string(event.serial());
}

}  // namespace

TEST_CASE("EventHistory: tells what came after an offset, and no more") {
    EventHistory history;
    const std::string first = add(history);
    const std::string second = add(history);
    const auto missed = history.since(first);
    REQUIRE(missed);
    REQUIRE(missed->size() == 1);
    CHECK(missed->front()->packet.view() == R"(42["n",")" + second + R"("])");
    CHECK(history.since(second)->empty());
}

TEST_CASE("EventHistory: does not know other offsets") {
    EventHistory history;
    add(history);
    for (const char* offset :
         {"", "0", "-1", "x", "1x", "99999999999999999999", "18446744073709551615"})
        CHECK_FALSE(history.since(offset));
}

TEST_CASE("EventHistory: forgets the oldest beyond its number, its bytes and its age") {
    EventHistory history;
    const std::string first = add(history);
    const std::string second = add(history);
    add(history);
    CHECK(history.since(first));
    add(history);
    CHECK_FALSE(history.since(first));
    CHECK(history.since(second));

    EventHistory small;
    const std::string old = add(small, kStart, {.events = 9, .bytes = 1, .age = 2min});
    CHECK_FALSE(small.since(old));

    EventHistory aged;
    const std::string young = add(aged, kStart);
    add(aged, kStart + 2min);
    CHECK(aged.since(young));
    add(aged, kStart + 2min + 1ms);
    CHECK_FALSE(aged.since(young));
}

TEST_CASE("EventHistory: keeps attachments with their event") {
    EventHistory history;
    const std::string before = add(history);
    const std::vector<Frame> attachments{Frame::copy_of("abc")};
    const EncodedEvent event({R"(["n",{"_placeholder":true,"num":0}])"}, attachments);
    history.add(event, kLimits, kStart);
    const auto missed = history.since(before);
    REQUIRE(missed);
    REQUIRE(missed->size() == 1);
    REQUIRE(missed->front()->attachments.size() == 1);
    CHECK(missed->front()->attachments.front().view() == "abc");
    CHECK(missed->front()->packet.view().starts_with("451-["));
}
