// How long a step may go on with what nobody has asked for just now: timers that came due, a
// playbook's continuation. Whoever sends something meanwhile waits no longer than that.
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace galena::engine {

class UpkeepTime {
 public:
  static constexpr std::chrono::milliseconds kWhileAlone{5};
  static constexpr std::chrono::milliseconds kWhileSomebodyWaits{2};

  explicit UpkeepTime(Clock& clock) : clock_(clock) {}

  void begin_step() { spent_ = {}; }

  // Counts from here on until it goes, within a step.
  class Turn {
   public:
    explicit Turn(UpkeepTime& time) : time_(time), begun_(time.clock_.monotonic()) {}
    ~Turn() { time_.spent_ += elapsed(); }
    Turn(const Turn&) = delete;

    bool is_over(bool somebody_waits) const {
      return time_.spent_ + elapsed() >= (somebody_waits ? kWhileSomebodyWaits : kWhileAlone);
    }

   private:
    std::chrono::nanoseconds elapsed() const { return time_.clock_.monotonic() - begun_; }

    UpkeepTime& time_;
    const std::chrono::nanoseconds begun_;
  };

 private:
  Clock& clock_;
  std::chrono::nanoseconds spent_{};
};

}  // namespace galena::engine
