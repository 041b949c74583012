// Log time of one workspace: the clock at arrival, never running back, and not believed when it
// jumps more than an hour ahead of the monotonic clock (ADR 0001, "Log time and the clock").
#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace galena::engine {

class LogClock {
 public:
  static constexpr Duration kJumpMax = std::chrono::hours{1};

  // `last` is the log time of the newest row; `clock` as it stands at start is believed.
  LogClock(Clock& clock, Time last)
      : clock_(clock),
        last_(last),
        anchor_(std::max(last, clock.now())),
        anchor_monotonic_(clock.monotonic()) {}

  // The log time for something that arrived when the clock said `arrived`.
  Time next(Time arrived) { return at(believed(arrived)); }

  // What is believed of a clock that said `arrived`: how far time has come.
  Time believed(Time arrived) {
    const auto elapsed = std::chrono::floor<Duration>(clock_.monotonic() - anchor_monotonic_);
    const Time expected = anchor_ + elapsed;
    held_ = arrived > expected + kJumpMax;
    return held_ ? expected : arrived;
  }

  // The log time of something at a moment that time has come to: that very moment, unless log time
  // is past it.
  Time at(Time moment) {
    last_ = std::max(last_, moment);
    return last_;
  }

  // What came after `last` was not logged: it may come again.
  void go_back(Time last) { last_ = last; }

  // True while the clock is not believed: timers wait.
  bool held() const { return held_; }

 private:
  Clock& clock_;
  Time last_;
  Time anchor_;
  std::chrono::nanoseconds anchor_monotonic_;
  bool held_ = false;
};

}  // namespace galena::engine
