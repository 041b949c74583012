#include "domain/criteria_points.hpp"

#include <gtest/gtest.h>

#include "domain/criteria_text.hpp"

namespace galena::domain {
namespace {

PointsAsked asked(std::string_view text) {
  const auto expression = parse_criterion(text);
  EXPECT_TRUE(expression.has_value()) << text;
  return points_asked(*expression, Points::whole(50));
}

std::vector<std::int64_t> steps(std::string_view text) {
  std::vector<std::int64_t> micro;
  for (const Points step : asked(text).steps) micro.push_back(step.micro);
  return micro;
}

TEST(PointsAsked, says_at_which_scores_a_criterion_may_come_to_hold) {
  using Steps = std::vector<std::int64_t>;
  EXPECT_EQ(steps("score >= threshold"), (Steps{50'000'000}));
  EXPECT_EQ(steps("score > 12"), (Steps{12'000'001}));
  EXPECT_EQ(steps("score >= 0.1"), (Steps{100'000}));
  EXPECT_EQ(steps("score >= 0.1000001"), (Steps{100'001}));
  EXPECT_EQ(steps("(score >= 30 and unsubscribed) or score >= 7"), (Steps{7'000'000, 30'000'000}));
  EXPECT_EQ(steps("not score < 5 and not score <= 4"), (Steps{4'000'001, 5'000'000}));
  EXPECT_EQ(steps("exists(title) and company.employees >= 9"), Steps{});
  EXPECT_EQ(steps("score >= 1e300"), (Steps{9'000'000'000'000'000'000}));
}

TEST(PointsAsked, knows_what_does_not_wait_for_more) {
  for (const char* text : {"score >= 3", "not score < 3", "not not score > 3", "unsubscribed",
                           "exists(score) and stage = \"lead\"", "not company.employees = 3"}) {
    EXPECT_TRUE(asked(text).only_rise) << text;
  }
  for (const char* text :
       {"score < 3", "not score >= 3", "score = 3", "score != 3", "score in (3, 4)", "fit >= 3",
        "interest >= 3", "exists(fit)", "score > 3 and not (unsubscribed or score > 30)"}) {
    EXPECT_FALSE(asked(text).only_rise) << text;
  }
}

}  // namespace
}  // namespace galena::domain
