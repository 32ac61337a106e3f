#include "videochat/core/outbound_queue.hpp"

#include <array>
#include <string>

#include "support/catch.hpp"

using videochat::core::Frame;
using videochat::core::OutboundQueue;
using videochat::core::Push;

namespace {

std::string pending(const OutboundQueue& queue) {
    std::array<std::string_view, 64> pieces;
    std::string all;
    const std::size_t count = queue.gather(pieces);
    for (std::size_t i = 0; i < count; ++i)
        all += pieces[i];
    return all;
}

}  // namespace

TEST_CASE("OutboundQueue: partial writes go on where they stopped") {
    OutboundQueue queue;
    queue.push(Frame::copy_of("hello "));
    queue.push(Frame::copy_of("world"));
    CHECK(queue.bytes() == 11);
    queue.consume(2);
    CHECK(pending(queue) == "llo world");
    queue.consume(5);
    CHECK(pending(queue) == "orld");
    queue.consume(4);
    CHECK(queue.empty());
    CHECK(queue.bytes() == 0);
    queue.push(Frame::copy_of("again"));
    CHECK(pending(queue) == "again");
}

TEST_CASE("OutboundQueue: says overflow at either limit and keeps what it had") {
    OutboundQueue queue;
    CHECK(queue.push(Frame::copy_of("1234"), {.bytes = 10, .frames = 2}) == Push::Accepted);
    CHECK(queue.push(Frame::copy_of("1234567"), {.bytes = 10, .frames = 2}) == Push::Overflow);
    CHECK(queue.push(Frame::copy_of("12"), {.bytes = 10, .frames = 2}) == Push::Accepted);
    CHECK(queue.push(Frame::copy_of("3"), {.bytes = 10, .frames = 2}) == Push::Overflow);
    CHECK(pending(queue) == "123412");
}

TEST_CASE("OutboundQueue: dropping keeps the frame that is partly out") {
    OutboundQueue queue;
    queue.push(Frame::copy_of("abc"));
    queue.push(Frame::copy_of("def"));
    queue.consume(1);
    queue.drop_unsent();
    CHECK(pending(queue) == "bc");
    CHECK(queue.bytes() == 2);
    queue.consume(2);
    CHECK(queue.empty());

    queue.push(Frame::copy_of("xyz"));
    queue.drop_unsent();
    CHECK(queue.empty());
    CHECK(queue.bytes() == 0);
}

TEST_CASE("OutboundQueue: a frame is released as soon as it is out") {
    OutboundQueue queue;
    const Frame frame = Frame::copy_of("shared");
    queue.push(frame);
    queue.push(Frame::copy_of("rest"));
    CHECK(frame.use_count() == 2);
    queue.consume(frame.size());
    CHECK(frame.use_count() == 1);
}

TEST_CASE("OutboundQueue: a queue that never runs empty does not grow for ever") {
    OutboundQueue queue;
    queue.push(Frame::copy_of("x"));
    for (int i = 0; i < 10'000; ++i) {
        queue.push(Frame::copy_of(std::to_string(i % 10)));
        queue.consume(1);
        REQUIRE(queue.frames() == 1);
        REQUIRE(pending(queue) == std::to_string(i % 10));
    }
}

TEST_CASE("OutboundQueue: gathers at most what there is room for") {
    OutboundQueue queue;
    for (int i = 0; i < 5; ++i)
        queue.push(Frame::copy_of("ab"));
    std::array<std::string_view, 3> pieces;
    queue.consume(1);
    CHECK(queue.gather(pieces) == 3);
    CHECK(pieces[0] == "b");
    CHECK(pieces[2] == "ab");
}
