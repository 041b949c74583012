#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena {
namespace {

using std::chrono::days;
using std::chrono::hours;

std::string again(std::string_view text) {
  const auto time = parse_time(text);
  return time ? format_time(*time) : "refused";
}

TEST(ParseTime, reads_what_clients_send) {
  EXPECT_EQ(again("2026-01-15T10:00:00.000Z"), again("2026-01-15T10:00:00Z"));
  EXPECT_EQ(again("2026-01-15T11:30:00+01:30"), again("2026-01-15T10:00:00Z"));
  EXPECT_NE(again("2024-02-29T00:00:00Z"), "refused");
}

TEST(ParseTime, refuses_what_no_calendar_has) {
  for (const auto* text : {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-01-15T25:00:00Z", "yesterday", "2026-01-15T10:00:00Z and more"}) {
    EXPECT_EQ(again(text), "refused") << text;
  }
}

RC_GTEST_PROP(TimeProperty, what_is_written_reads_back, ()) {
  const Time time = from_ms(*rc::gen::inRange<std::int64_t>(0, 4'102'444'800'000));
  const auto read = parse_time(format_time(time));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == time);
}

TEST(ParseDuration, reads_a_number_and_a_unit) {
  EXPECT_EQ(parse_duration("24h"), Duration{hours{24}});
  EXPECT_EQ(parse_duration("7 days"), Duration{days{7}});
  EXPECT_EQ(parse_duration("2 weeks"), Duration{days{14}});
  EXPECT_EQ(parse_duration("36525 days"), Duration{days{36'525}});
}

TEST(ParseDuration, refuses_what_is_none) {
  for (const auto* text : {"", "7", "days", "-1 day", "0s", "1.5h", "1 month"}) {
    const auto read = parse_duration(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find("length of time"), std::string::npos) << text;
  }
}

TEST(ParseDuration, ends_at_a_hundred_years) {
  for (const auto* text : {"36526 days", "01220132002weeks", "9223372036854775807ms"}) {
    const auto read = parse_duration(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find("100 years"), std::string::npos) << text;
  }
}

RC_GTEST_PROP(TimeProperty, a_duration_reads_back, ()) {
  const auto unit = *rc::gen::element<std::int64_t>(1, 1000, 60'000, 3'600'000, 86'400'000);
  const Duration duration{unit * *rc::gen::inRange<std::int64_t>(1, 3'155'760'000'000 / unit)};
  RC_ASSERT(parse_duration(format_duration(duration)) == duration);
}

}  // namespace
}  // namespace galena
