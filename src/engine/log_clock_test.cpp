#include "engine/log_clock.hpp"

#include <gtest/gtest.h>

namespace galena::engine {
namespace {

using namespace std::chrono_literals;

class HandClock final : public Clock {
 public:
  Time now() override { return wall; }
  std::chrono::nanoseconds monotonic() override { return steady; }
  // Both go on, as clocks do.
  void pass(Duration time) {
    wall += time;
    steady += time;
  }

  Time wall = from_ms(1'800'000'000'000);
  std::chrono::nanoseconds steady{5s};
};

TEST(LogClock, FollowsTheClock) {
  HandClock clock;
  LogClock log(clock, Time{});
  const Time start = log.next(clock.now());
  clock.pass(10min);
  EXPECT_EQ(log.next(clock.now()), start + 10min);
  EXPECT_FALSE(log.held());
}

TEST(LogClock, NeverRunsBack) {
  HandClock clock;
  LogClock log(clock, Time{});
  const Time start = log.next(clock.now());
  clock.wall -= 3h;
  EXPECT_EQ(log.next(clock.now()), start);
  clock.pass(1h);
  EXPECT_EQ(log.next(clock.now()), start);
}

TEST(LogClock, StartsNoEarlierThanTheLogEnds) {
  HandClock clock;
  const Time last = clock.now() + 20min;
  LogClock log(clock, last);
  EXPECT_EQ(log.next(clock.now()), last);
}

TEST(LogClock, DoesNotBelieveAJumpOfMoreThanAnHour) {
  HandClock clock;
  LogClock log(clock, Time{});
  const Time start = log.next(clock.now());
  clock.pass(1min);
  clock.wall += 24h * 365;
  EXPECT_EQ(log.next(clock.now()), start + 1min);
  EXPECT_TRUE(log.held());
  clock.pass(1min);
  EXPECT_EQ(log.next(clock.now()), start + 2min);
}

TEST(LogClock, BelievesAgainWhenTheClockComesBack) {
  HandClock clock;
  LogClock log(clock, Time{});
  const Time start = log.next(clock.now());
  clock.wall += 48h;
  log.next(clock.now());
  clock.wall -= 48h;
  clock.pass(1min);
  EXPECT_EQ(log.next(clock.now()), start + 1min);
  EXPECT_FALSE(log.held());
}

TEST(LogClock, AJumpOfLessThanAnHourIsTaken) {
  HandClock clock;
  LogClock log(clock, Time{});
  const Time start = log.next(clock.now());
  clock.wall += 59min;
  EXPECT_EQ(log.next(clock.now()), start + 59min);
  EXPECT_FALSE(log.held());
}

}  // namespace
}  // namespace galena::engine
