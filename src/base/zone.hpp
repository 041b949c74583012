// A time zone: what "today" and "this month" mean for the people of a workspace.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace date {
class time_zone;
}

namespace galena {

enum class Calendar : std::uint8_t { day, week, month, quarter, year };

class Zone {
 public:
  static Zone utc();
  // "Europe/Berlin"; Error (invalid) for a name that the IANA database does not have.
  static Result<Zone> named(std::string_view name);

  // The beginning of the day, week (Monday), month … that holds `at`, moved on by `steps` of them.
  // A midnight that a change of the clocks skips is the moment of the change; of two, the first.
  Time begin_of(Calendar calendar, Time at, int steps = 0) const;
  // The beginning of a day given as "2026-01-15"; Error (invalid) if no calendar has it.
  Result<Time> day(std::string_view text) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // of the process-wide database
};

}  // namespace galena
