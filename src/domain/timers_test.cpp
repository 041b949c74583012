#include "domain/timers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

namespace galena::domain {
namespace {

TEST(Timers, the_earliest_comes_first_and_of_equals_the_oldest) {
  Timers timers;
  EXPECT_EQ(timers.next(), Time::max());
  timers.set(7, from_ms(30));
  timers.set(2, from_ms(20));
  timers.set(9, from_ms(20));
  timers.set(4, Time::max());
  EXPECT_EQ(timers.size(), 3u);
  EXPECT_EQ(timers.next(), from_ms(20));
  EXPECT_EQ(timers.take(), 2u);
  EXPECT_EQ(timers.take(), 9u);
  EXPECT_EQ(timers.take(), 7u);
  EXPECT_EQ(timers.next(), Time::max());
}

TEST(Timers, a_lead_has_one_moment) {
  Timers timers;
  for (int i = 0; i < 1000; ++i) timers.set(3, from_ms(1000 - i));
  EXPECT_EQ(timers.size(), 1u);
  timers.set(3, from_ms(5000));
  EXPECT_EQ(timers.next(), from_ms(5000));
  timers.set(3, Time::max());
  EXPECT_EQ(timers.size(), 0u);
}

// Against a plain map, asked after every step.
RC_GTEST_PROP(TimersProperty, are_a_map_from_lead_to_moment, ()) {
  Timers timers;
  std::map<LeadOrdinal, Time> plain;
  const auto earliest = [&] {
    return std::ranges::min_element(
        plain, {}, [](const auto& entry) { return std::pair(entry.second, entry.first); });
  };
  for (int step = *rc::gen::inRange(0, 300); step > 0; --step) {
    const auto lead = *rc::gen::inRange<LeadOrdinal>(0, 40);
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        timers.set(lead, Time::max());
        plain.erase(lead);
        break;
      case 1:
        if (plain.empty()) break;
        RC_ASSERT(timers.take() == earliest()->first);
        plain.erase(earliest());
        break;
      default:
        plain[lead] = from_ms(*rc::gen::inRange(0, 30));
        timers.set(lead, plain[lead]);
    }
    RC_ASSERT(timers.size() == plain.size());
    RC_ASSERT(timers.next() == (plain.empty() ? Time::max() : earliest()->second));
  }
}

}  // namespace
}  // namespace galena::domain
