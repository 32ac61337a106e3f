#include "videochat/core/token_bucket.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;
using videochat::core::TokenBucket;

namespace {
constexpr TokenBucket::TimePoint kStart{1h};
constexpr TokenBucket::Rate kRate{.per_second = 10, .burst = 3};
}  // namespace

TEST_CASE("TokenBucket: lets a burst through, then the rate") {
    TokenBucket bucket;
    for (int i = 0; i < 3; ++i)
        CHECK(bucket.take(1, kRate, kStart));
    CHECK_FALSE(bucket.take(1, kRate, kStart));
    CHECK(bucket.take(1, kRate, kStart + 200ms));
    CHECK_FALSE(bucket.take(1, kRate, kStart + 200ms));
}

TEST_CASE("TokenBucket: what is asked for in vain need not be owed") {
    TokenBucket bucket;
    CHECK(bucket.take_if_there(3, kRate, kStart));
    for (int i = 0; i < 100; ++i)
        CHECK_FALSE(bucket.take_if_there(1, kRate, kStart));
    CHECK(bucket.take_if_there(1, kRate, kStart + 101ms));
    CHECK_FALSE(bucket.take_if_there(1, kRate, kStart + 101ms));
    CHECK(bucket.take_if_there(1'000'000, {}, kStart));
}

TEST_CASE("TokenBucket: tells how long its debt lasts") {
    TokenBucket bucket;
    CHECK(bucket.take(3, kRate, kStart));
    CHECK(bucket.debt(kRate) == 0ns);
    CHECK_FALSE(bucket.take(5, kRate, kStart));
    CHECK(bucket.debt(kRate) > 499ms);
    CHECK(bucket.debt(kRate) < 501ms);
    CHECK_FALSE(bucket.is_full(kRate, kStart + 799ms));
    CHECK(bucket.is_full(kRate, kStart + 801ms));
}

TEST_CASE("TokenBucket: a rate of 0 is no limit, and a clock that stands still no gain") {
    TokenBucket bucket;
    CHECK(bucket.take(1'000'000, {}, kStart));
    CHECK(bucket.debt({}) == 0ns);
    CHECK(bucket.take(3, kRate, kStart));
    CHECK_FALSE(bucket.take(1, kRate, kStart - 1h));
}
