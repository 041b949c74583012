#include "domain/import_dates.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena::domain {
namespace {

using testing::HasSubstr;

std::string date(std::string_view text, DateOrder order = DateOrder::unknown) {
  const auto read = read_date(text, order);
  return read ? *read : "wrong";
}

TEST(ImportDates, iso_and_what_is_close_to_it) {
  EXPECT_EQ(date("2025-03-04"), "2025-03-04");
  EXPECT_EQ(date("2025-03-04 09:30"), "2025-03-04T09:30:00.000Z");
  EXPECT_EQ(date(" 2025-03-04T09:30:00+01:00 "), "2025-03-04T08:30:00.000Z");
  EXPECT_EQ(date("2025/03/04"), "2025-03-04");
  EXPECT_EQ(date("2025/3/4 9:30 PM"), "2025-03-04T21:30:00.000Z");
  EXPECT_EQ(date("20250304"), "2025-03-04");
}

TEST(ImportDates, numbers_with_points_have_the_day_first) {
  EXPECT_EQ(date("04.03.2025"), "2025-03-04");
  EXPECT_EQ(date("4.3.25"), "2025-03-04");
  EXPECT_EQ(date("04.03.2025 09:30 Uhr"), "2025-03-04T09:30:00.000Z");
  EXPECT_EQ(date("Di., 04.03.2025, 09:30"), "2025-03-04T09:30:00.000Z");
  EXPECT_EQ(date("04.13.2025"), "wrong");
}

TEST(ImportDates, numbers_with_slashes_are_read_in_the_order_that_is_told_or_that_they_tell) {
  EXPECT_EQ(date("03/04/2025", DateOrder::month_first), "2025-03-04");
  EXPECT_EQ(date("03/04/2025", DateOrder::day_first), "2025-04-03");
  EXPECT_EQ(date("03/04/2025"), "wrong");
  EXPECT_THAT(read_date("03/04/2025", DateOrder::unknown).error().message, HasSubstr("months"));
  EXPECT_EQ(date("03/25/2025"), "2025-03-25");
  EXPECT_EQ(date("25/03/2025"), "2025-03-25");
  EXPECT_EQ(date("25-03-2025"), "2025-03-25");
  EXPECT_EQ(date("03/03/2025"), "2025-03-03");
  EXPECT_EQ(date("11/26/25, 4:16:55 PM"), "2025-11-26T16:16:55.000Z");
  EXPECT_EQ(date("3/4/2025 12:05 am", DateOrder::month_first), "2025-03-04T00:05:00.000Z");
  EXPECT_EQ(date("03/04/2025 09:30:00 AM", DateOrder::month_first), "2025-03-04T09:30:00.000Z");
}

TEST(ImportDates, months_have_names_in_four_languages) {
  for (const auto* text : {"4 Mar 2025", "Mar 4, 2025", "March 4th, 2025", "4. März 2025",
                           "04-Mar-2025", "4 mars 2025", "4 de marzo de 2025",
                           "Tuesday, March 4, 2025", "mardi 4 mars 2025", "4th of March 2025"}) {
    EXPECT_EQ(date(text), "2025-03-04") << text;
  }
  EXPECT_EQ(date("4. Dez. 2024"), "2024-12-04");
  EXPECT_EQ(date("1er août 2024"), "2024-08-01");
  EXPECT_EQ(date("Mar 4, 2025 9:30 AM EST"), "2025-03-04T14:30:00.000Z");
  EXPECT_EQ(date("4 Mar 2025 09:30 +0100"), "2025-03-04T08:30:00.000Z");
}

TEST(ImportDates, numbers_of_machines) {
  EXPECT_EQ(date("1741080600"), "2025-03-04T09:30:00.000Z");
  EXPECT_EQ(date("1741080600000"), "2025-03-04T09:30:00.000Z");
  EXPECT_EQ(date("45720"), "2025-03-04");
  EXPECT_EQ(date("45720.5"), "2025-03-04T12:00:00.000Z");
}

TEST(ImportDates, what_is_none_is_refused) {
  for (const auto* text : {"", "soon", "2025", "32.01.2025", "2025-02-30", "13/13/2025",
                           "4 Foo 2025", "1/2", "04.03.2025 25:00", "inf", "nan", "1e5",
                           "04.03.1960", "04.03.2025 09:30 or so", "99999999999999999999"}) {
    EXPECT_EQ(date(text), "wrong") << text;
  }
}

RC_GTEST_PROP(ImportDatesProperty, any_text_is_read_or_refused, (const std::string& text)) {
  const auto read = read_date(text, DateOrder::day_first);
  if (read) RC_ASSERT(read_date(*read, DateOrder::unknown) == *read);
}

RC_GTEST_PROP(ImportDatesProperty, a_written_date_is_read_back, ()) {
  const int year = *rc::gen::inRange(1971, 2100);
  const int month = *rc::gen::inRange(1, 13);
  const int day = *rc::gen::inRange(1, 29);
  const std::string expected = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  RC_ASSERT(date(fmt::format("{}.{}.{}", day, month, year)) == expected);
  RC_ASSERT(date(fmt::format("{}/{}/{}", day, month, year), DateOrder::day_first) == expected);
  // Where the first number can be no month it is the day, whatever was told.
  if (day <= 12) {
    RC_ASSERT(date(fmt::format("{}/{}/{}", month, day, year), DateOrder::month_first) == expected);
  }
}

TEST(DateOrderGuess, is_what_one_of_the_dates_says) {
  DateOrderGuess guess;
  guess.look_at("03/04/2025");
  EXPECT_EQ(guess.order(), DateOrder::unknown);
  guess.look_at("25/04/2025 9:30");
  EXPECT_EQ(guess.order(), DateOrder::day_first);
  guess.look_at("no date");
  guess.look_at("05/06/2025");
  EXPECT_EQ(guess.order(), DateOrder::day_first);
  guess.look_at("04/25/2025");
  EXPECT_EQ(guess.order(), DateOrder::unknown);
  for (const DateOrder order : {DateOrder::unknown, DateOrder::day_first, DateOrder::month_first}) {
    EXPECT_EQ(date_order(to_string(order)), order);
  }
}

}  // namespace
}  // namespace galena::domain
