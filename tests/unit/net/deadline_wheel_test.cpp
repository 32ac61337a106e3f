#include "net/deadline_wheel.hpp"

#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using videochat::net::DeadlineWheel;
using videochat::net::TimePoint;

namespace {

constexpr TimePoint kStart{1h};

class Alarm final : public DeadlineWheel::Entry {
  public:
    std::vector<TimePoint> fired;
    std::function<void(TimePoint)> then;

  private:
    void on_deadline(TimePoint now) override {
        fired.push_back(now);
        if (then) then(now);
    }
};

}  // namespace

TEST_CASE("DeadlineWheel: fires once, never early, within a tick") {
    DeadlineWheel wheel(kStart);
    Alarm alarm;
    wheel.set(alarm, kStart + 100ms);
    wheel.advance(kStart + 99ms);
    CHECK(alarm.fired.empty());
    wheel.advance(kStart + 100ms + DeadlineWheel::kTick);
    CHECK(alarm.fired.size() == 1);
    wheel.advance(kStart + 1h);
    CHECK(alarm.fired.size() == 1);
    CHECK_FALSE(wheel.next().has_value());
}

TEST_CASE("DeadlineWheel: deadlines beyond the wheel's length wait for their lap") {
    DeadlineWheel wheel(kStart);
    Alarm alarm;
    wheel.set(alarm, kStart + 65s);
    for (auto now = kStart; now < kStart + 65s; now += 500ms) {
        wheel.advance(now);
        REQUIRE(alarm.fired.empty());
    }
    wheel.advance(kStart + 65s + DeadlineWheel::kTick);
    CHECK(alarm.fired.size() == 1);
}

TEST_CASE("DeadlineWheel: a deadline can be moved, cancelled, and set again while firing") {
    DeadlineWheel wheel(kStart);
    Alarm moved;
    Alarm cancelled;
    Alarm periodic;
    wheel.set(moved, kStart + 100ms);
    wheel.set(moved, kStart + 1s);
    wheel.set(cancelled, kStart + 100ms);
    DeadlineWheel::cancel(cancelled);
    periodic.then = [&](TimePoint now) { wheel.set(periodic, now + 100ms); };
    wheel.set(periodic, kStart + 100ms);
    for (auto now = kStart; now <= kStart + 900ms; now += 20ms)
        wheel.advance(now);
    CHECK(moved.fired.empty());
    CHECK(cancelled.fired.empty());
    CHECK(periodic.fired.size() >= 7);
    wheel.advance(kStart + 1100ms);
    CHECK(moved.fired.size() == 1);
}

TEST_CASE("DeadlineWheel: an entry that is destroyed by another one does not fire") {
    DeadlineWheel wheel(kStart);
    auto victim = std::make_unique<Alarm>();
    Alarm killer;
    killer.then = [&](TimePoint) { victim.reset(); };
    wheel.set(killer, kStart + 100ms);
    wheel.set(*victim, kStart + 100ms);
    wheel.advance(kStart + 1s);
    CHECK(killer.fired.size() == 1);
    CHECK(victim == nullptr);
}

TEST_CASE("DeadlineWheel: next is never later than the first deadline") {
    DeadlineWheel wheel(kStart);
    std::mt19937 random(7);
    std::uniform_int_distribution<int> delay(1, 90'000);
    std::vector<std::unique_ptr<Alarm>> alarms;
    std::vector<TimePoint> due;
    for (int i = 0; i < 500; ++i) {
        alarms.push_back(std::make_unique<Alarm>());
        due.push_back(kStart + std::chrono::milliseconds(delay(random)));
        wheel.set(*alarms.back(), due.back());
    }
    auto now = kStart;
    while (const auto next = wheel.next()) {
        REQUIRE(*next > now);
        now = *next;
        wheel.advance(now);
    }
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        REQUIRE(alarms[i]->fired.size() == 1);
        CHECK(alarms[i]->fired[0] >= due[i]);
        CHECK(alarms[i]->fired[0] <= due[i] + DeadlineWheel::kTick);
    }
}
