#include "http/incoming_body.hpp"

#include <string>
#include <string_view>

#include "support/catch.hpp"

using namespace videochat::http;
using Status = IncomingBody::Status;

namespace {

RequestHead with_length(std::uint64_t length) {
    RequestHead head;
    head.body = length == 0 ? BodyFraming::None : BodyFraming::Length;
    head.content_length = length;
    return head;
}

RequestHead chunked() {
    RequestHead head;
    head.body = BodyFraming::Chunked;
    return head;
}

/// Shows `wire` in pieces of that size. Returns how much was taken.
std::size_t feed(IncomingBody& body, std::string_view wire, std::size_t piece) {
    std::size_t taken = 0;
    while (body.status() == Status::NeedMore && taken < wire.size()) {
        taken += body.take(wire.substr(taken, piece));
    }
    return taken;
}

constexpr std::string_view kChunks = "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX: 1\r\n\r\n";
constexpr std::string_view kNext = "GET / HTTP/1.1\r\n";

}  // namespace

TEST_CASE("a body that is none is whole, one that is declared too long is not read") {
    CHECK(IncomingBody(RequestHead{}, 0).status() == Status::Whole);
    CHECK(IncomingBody(with_length(0), 10).status() == Status::Whole);
    CHECK(IncomingBody(with_length(10), 10).status() == Status::NeedMore);
    CHECK(IncomingBody(with_length(11), 10).status() == Status::TooLarge);
    CHECK(IncomingBody(with_length(~std::uint64_t{0}), 10).status() == Status::TooLarge);
    CHECK(IncomingBody(chunked(), 0).status() == Status::NeedMore);
}

TEST_CASE("a body is taken in pieces of any size, and nothing of what is behind it") {
    for (std::size_t piece = 1; piece < 50; ++piece) {
        CAPTURE(piece);
        IncomingBody counted(with_length(7), 7);
        CHECK(feed(counted, "abcdefg" + std::string(kNext), piece) == 7);
        CHECK(counted.status() == Status::Whole);
        CHECK(counted.bytes() == "abcdefg");

        IncomingBody coded(chunked(), 7);
        CHECK(feed(coded, std::string(kChunks) + std::string(kNext), piece) == kChunks.size());
        CHECK(coded.status() == Status::Whole);
        CHECK(coded.bytes() == "abcdefg");
    }
}

TEST_CASE("a body in chunks is too large with its first byte over the limit, which is not kept") {
    for (std::size_t piece = 1; piece < 50; ++piece) {
        for (std::size_t limit = 0; limit < 7; ++limit) {
            CAPTURE(piece, limit);
            IncomingBody body(chunked(), limit);
            feed(body, kChunks, piece);
            CHECK(body.status() == Status::TooLarge);
            CHECK(body.bytes().size() <= limit);
        }
    }
    IncomingBody empty(chunked(), 0);
    feed(empty, "0\r\n\r\n", 1);
    CHECK(empty.status() == Status::Whole);
}

TEST_CASE("a body in malformed chunks is told as such, in pieces of any size") {
    for (std::size_t piece = 1; piece < 20; ++piece) {
        CAPTURE(piece);
        IncomingBody body(chunked(), 100);
        feed(body, "3\r\nabcd\r\n0\r\n\r\n", piece);
        CHECK(body.status() == Status::Malformed);
        CHECK(body.bytes() == "abc");
    }
}

TEST_CASE("a body that is dropped is counted, and nothing of it is kept") {
    for (std::size_t piece = 1; piece < 50; ++piece) {
        CAPTURE(piece);
        IncomingBody counted(with_length(7), 7, BodyBytes::Dropped);
        CHECK(feed(counted, "abcdefg" + std::string(kNext), piece) == 7);
        IncomingBody coded(chunked(), 7, BodyBytes::Dropped);
        CHECK(feed(coded, std::string(kChunks) + std::string(kNext), piece) == kChunks.size());
        for (const IncomingBody* const body : {&counted, &coded}) {
            CHECK(body->status() == Status::Whole);
            CHECK(body->is_dropped());
            CHECK(body->size() == 7);
            CHECK(body->bytes().empty());
        }
        IncomingBody too_long(chunked(), 6, BodyBytes::Dropped);
        feed(too_long, kChunks, piece);
        CHECK(too_long.status() == Status::TooLarge);
    }
    CHECK(IncomingBody(with_length(11), 10, BodyBytes::Dropped).status() == Status::TooLarge);
}
