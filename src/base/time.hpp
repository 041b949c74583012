// Points in time and lengths of time, in milliseconds, UTC. Domain code is handed the time and
// never asks for it; only the edges (engine, server, cli) hold a Clock.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galena {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// Milliseconds since 1970-01-01T00:00:00Z, the form in which times are stored.
constexpr std::int64_t to_ms(Time time) {
  return time.time_since_epoch().count();
}
constexpr Time from_ms(std::int64_t ms) {
  return Time{Duration{ms}};
}

// Reads RFC 3339 ("2026-01-15T10:00:00.000Z", "2026-01-15T11:00:00+01:00"), the looser ISO 8601
// that clients send (date alone, no zone = UTC, a blank for "T"; more than three decimals are
// cut), years 1970 to 9999. Anything else is an Error without field.
Result<Time> parse_time(std::string_view text);

// Writes RFC 3339 in UTC with milliseconds: 2026-01-15T10:00:00.000Z.
std::string format_time(Time time);

// Reads "90s", "30m", "24h", "7 days", "2 weeks": a whole number and a unit (ms, s, m/min, h, d, w;
// long names too), a hundred years at most. Months and years are calendar words and refused here.
Result<Duration> parse_duration(std::string_view text);

// Writes a duration in its largest whole unit: "30 days", "24h", "90s".
std::string format_duration(Duration duration);

// Where the wall clock and the monotonic clock come from. Two implementations: the system's and
// the simulator's.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
  virtual std::chrono::nanoseconds monotonic() = 0;
};

// The machine's clocks. Banned in domain/ and workspace/ (tests/tidy).
Clock& system_clock();

}  // namespace galena
