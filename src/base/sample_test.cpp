#include "base/sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace galena {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SpreadSample, is_everything_if_there_is_no_more) {
  EXPECT_THAT(spread_sample(0, 10), IsEmpty());
  EXPECT_THAT(spread_sample(3, 0), IsEmpty());
  EXPECT_THAT(spread_sample(4, 4), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(spread_sample(4, 100), ElementsAre(0, 1, 2, 3));
}

TEST(SpreadSample, has_one_in_each_part) {
  const auto sample = spread_sample(1'000'003, 1'000);
  ASSERT_EQ(sample.size(), 1'000u);
  for (std::uint64_t part = 0; part < 1'000; ++part) {
    EXPECT_GE(sample[part], part * 1'000'003 / 1'000);
    EXPECT_LT(sample[part], (part + 1) * 1'000'003 / 1'000);
  }
}

TEST(SpreadSample, meets_things_that_take_turns_alike) {
  for (const std::uint64_t turns : {2, 3, 5, 10}) {
    const auto sample = spread_sample(20'000, 2'000);
    const auto first = std::ranges::count_if(sample, [&](auto at) { return at % turns == 0; });
    EXPECT_NEAR(double(first), 2'000.0 / double(turns), 150) << turns;
  }
}

}  // namespace
}  // namespace galena
