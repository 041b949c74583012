#include "base/zone.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena {
namespace {

std::string begin(std::string_view zone, Calendar calendar, std::string_view at, int steps = 0) {
  return format_time(Zone::named(zone)->begin_of(calendar, *parse_time(at), steps));
}

TEST(Zone, days_are_those_of_the_place) {
  EXPECT_EQ(begin("Europe/Berlin", Calendar::day, "2026-01-15T22:59:59Z"),
            "2026-01-14T23:00:00.000Z");
  EXPECT_EQ(begin("Europe/Berlin", Calendar::day, "2026-01-15T23:00:00Z"),
            "2026-01-15T23:00:00.000Z");
  // The day on which clocks go forward has 23 hours.
  EXPECT_EQ(begin("Europe/Berlin", Calendar::day, "2026-03-29T12:00:00Z"),
            "2026-03-28T23:00:00.000Z");
  EXPECT_EQ(begin("Europe/Berlin", Calendar::day, "2026-03-29T12:00:00Z", 1),
            "2026-03-29T22:00:00.000Z");
  // In Santiago the clocks skip midnight itself.
  EXPECT_EQ(begin("America/Santiago", Calendar::day, "2023-09-03T12:00:00Z"),
            "2023-09-03T04:00:00.000Z");
}

TEST(Zone, knows_weeks_months_quarters_and_years) {
  const auto* at = "2026-05-20T10:00:00Z";  // a Wednesday
  EXPECT_EQ(begin("Etc/UTC", Calendar::week, at), "2026-05-18T00:00:00.000Z");
  EXPECT_EQ(begin("Etc/UTC", Calendar::week, at, -1), "2026-05-11T00:00:00.000Z");
  EXPECT_EQ(begin("Etc/UTC", Calendar::month, at), "2026-05-01T00:00:00.000Z");
  EXPECT_EQ(begin("Etc/UTC", Calendar::month, at, 8), "2027-01-01T00:00:00.000Z");
  EXPECT_EQ(begin("Etc/UTC", Calendar::quarter, at), "2026-04-01T00:00:00.000Z");
  EXPECT_EQ(begin("Etc/UTC", Calendar::quarter, at, -2), "2025-10-01T00:00:00.000Z");
  EXPECT_EQ(begin("Etc/UTC", Calendar::year, at, 1), "2027-01-01T00:00:00.000Z");
}

TEST(Zone, refuses_what_is_none) {
  EXPECT_FALSE(Zone::named("Europe/Atlantis"));
  for (const auto* text : {"2026-02-30", "2026-1-1", "2026-01-01T00:00:00Z", "", "tomorrow"}) {
    EXPECT_FALSE(Zone::utc().day(text)) << text;
  }
}

RC_GTEST_PROP(ZoneProperty, spans_follow_each_other_without_a_gap, ()) {
  const auto zone = *Zone::named(*rc::gen::element<std::string>(
      "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "Etc/UTC"));
  const auto calendar = static_cast<Calendar>(*rc::gen::inRange(0, 5));
  const Time at = from_ms(*rc::gen::inRange<std::int64_t>(1'000'000'000'000, 1'900'000'000'000));
  const Time from = zone.begin_of(calendar, at);
  const Time to = zone.begin_of(calendar, at, 1);
  RC_ASSERT(from <= at);
  RC_ASSERT(at < to);
  RC_ASSERT(zone.begin_of(calendar, from) == from);
  RC_ASSERT(zone.begin_of(calendar, to) == to);
  RC_ASSERT(zone.begin_of(calendar, to, -1) == from);
  RC_ASSERT(zone.begin_of(calendar, from - Duration{1}, 1) == from);
}

}  // namespace
}  // namespace galena
