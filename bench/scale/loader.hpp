// Makes a data directory of a million leads through the real engine, by hand, over the real store.
#pragma once

#include <string>

#include "base/time.hpp"
#include "engine/engine.hpp"
#include "journey.hpp"

namespace galena::scale {

// The time of the bench: stands where it was put.
class BenchClock final : public Clock {
 public:
  explicit BenchClock(Time now) : now_(now) {}

  Time now() override { return now_; }
  std::chrono::nanoseconds monotonic() override { return now_.time_since_epoch(); }
  void move_to(Time now) { now_ = now; }

 private:
  Time now_;
};

struct LoadOptions {
  std::string directory;  // has no data yet
  Crowd crowd;
  Span span;
  std::string playbook;  // TOML, becomes the live one when all has come in
};

// Everything comes in under the standard playbook, as of its own time, so that no time-driven check
// runs for two made-up years; then the playbook is applied, and the time is `span.until`. Leaves
// the keys of the workspace in DIRECTORY/keys.json. Says how far it is on stderr and what it took
// on stdout. Throws std::runtime_error.
void load(const LoadOptions& options);

}  // namespace galena::scale
