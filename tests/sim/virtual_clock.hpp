// Time in the simulation: passes when told to, and can be set wrong as an owner or a time server
// does.
#pragma once

#include "base/time.hpp"

namespace galena::sim {

class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Time begin) : wall_(begin) {}

  Time now() override { return wall_; }
  std::chrono::nanoseconds monotonic() override { return monotonic_; }

  void pass(Duration time) {
    wall_ += time;
    monotonic_ += time;
  }
  // The wall clock alone is set, forwards or backwards.
  void jump(Duration by) { wall_ += by; }

 private:
  Time wall_;
  std::chrono::nanoseconds monotonic_{0};
};

}  // namespace galena::sim
