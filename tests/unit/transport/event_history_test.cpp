#include "transport/event_history.hpp"

#include <algorithm>
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
constexpr EventHistory::Limits kLimits{.packets = 3, .bytes = 1000, .age = 2min};

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
    const std::string old = add(small, kStart, {.packets = 9, .bytes = 1, .age = 2min});
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

// What is sent again has to fit into the queue of who comes back, and its CONNECT with it.
TEST_CASE("EventHistory: an attachment counts as much as an event") {
    EventHistory history;
    const std::string before = add(history);
    const std::string first = add(history);
    const std::vector<Frame> attachments{Frame::copy_of("a")};
    const EncodedEvent event({R"(["n",{"_placeholder":true,"num":0}])"}, attachments);
    history.add(event, kLimits, kStart);
    CHECK_FALSE(history.since(before));
    REQUIRE(history.since(first));
    CHECK(history.since(first)->size() == 1);
}

TEST_CASE("EventHistory: what is kept is never so much that a CONNECT has no place beside it") {
    constexpr std::size_t kLongestConnect = 64;  // 40{"sid":"...","pid":"..."}
    EventHistory history;
    const EventHistory::Limits limits{.packets = 0, .bytes = 1000, .age = 2min};
    std::vector<std::string> offsets;
    for (int i = 0; i < 100; ++i)
        offsets.push_back(add(history, kStart, limits));
    const auto oldest = std::find_if(offsets.begin(), offsets.end(), [&](const auto& offset) {
        return history.since(offset).has_value();
    });
    REQUIRE(oldest != offsets.end());
    std::size_t bytes = kLongestConnect;
    const auto missed = history.since(*oldest);
    for (const auto* entry : *missed)
        bytes += entry->packet.size();
    CHECK(bytes <= limits.bytes);
}
