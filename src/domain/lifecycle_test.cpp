#include "domain/lifecycle.hpp"

#include <gtest/gtest.h>

#include "domain/playbook.hpp"

namespace galena::domain {
namespace {

using Names = std::vector<std::string_view>;

const Lifecycle& classic() {
  static const auto compiled = *compile_playbook(standard_playbook(), 1, KindTable());
  return compiled->lifecycle;
}

Standing standing_with(int score, bool acted, bool shown_interest) {
  Standing standing{.interest = Points::whole(score)};
  if (acted) standing.activity.last_own_action = from_ms(1);
  standing.activity.shown_interest = shown_interest;
  return standing;
}

Names entered(std::string_view stage, const Standing& standing, KindCode happened = kNoKind,
              const Lifecycle& lifecycle = classic()) {
  const Record record;
  return stages_entered(lifecycle, {record, &standing, stage}, happened);
}

TEST(Lifecycle, stages_have_their_place) {
  EXPECT_EQ(classic().index_of("contact"), 0u);
  EXPECT_EQ(classic().index_of("disqualified"), 8u);
  EXPECT_EQ(classic().index_of("nothing"), 9u);
}

TEST(Lifecycle, criteria_move_forward_through_all_that_hold) {
  EXPECT_EQ(entered("contact", standing_with(0, false, false)), Names{});
  EXPECT_EQ(entered("contact", standing_with(0, true, true)), Names{"lead"});
  EXPECT_EQ(entered("contact", standing_with(50, true, true)), (Names{"lead", "mql"}));
  EXPECT_EQ(entered("contact", standing_with(50, true, false)), Names{"mql"});
  EXPECT_EQ(entered("contact", standing_with(50, false, false)), Names{});
  EXPECT_EQ(entered("lead", standing_with(49, true, true)), Names{});
}

TEST(Lifecycle, nothing_moves_back) {
  EXPECT_EQ(entered("mql", standing_with(0, true, true)), Names{});
  EXPECT_EQ(entered("customer", standing_with(80, true, true), kSalesAccepted), Names{});
}

TEST(Lifecycle, events_move_forward_when_they_happen) {
  EXPECT_EQ(entered("mql", standing_with(50, true, true), kSalesAccepted), Names{"sal"});
  EXPECT_EQ(entered("contact", standing_with(0, false, false), kOpportunityWon), Names{"customer"});
  EXPECT_EQ(entered("contact", standing_with(50, true, true), kOpportunityCreated),
            (Names{"lead", "mql", "opportunity"}));
  EXPECT_EQ(entered("mql", standing_with(50, true, true), kDemoRequested), Names{});
}

TEST(Lifecycle, only_a_person_gives_and_takes_back_some_stages) {
  for (const std::string_view stage : {"sql", "recycled", "disqualified"}) {
    EXPECT_EQ(entered(stage, standing_with(80, true, true), kOpportunityWon), Names{}) << stage;
  }
}

TEST(Lifecycle, what_is_off_the_way_outweighs_only_the_start) {
  const Names by_weight{"contact", "recycled", "disqualified", "lead",    "mql",
                        "sal",     "sql",      "opportunity",  "customer"};
  for (std::size_t i = 0; i < by_weight.size(); ++i) {
    for (std::size_t j = 0; j < by_weight.size(); ++j) {
      EXPECT_EQ(classic().outweighs(by_weight[i], by_weight[j]), i > j)
          << by_weight[i] << " against " << by_weight[j];
    }
  }
  EXPECT_FALSE(classic().outweighs("customer", "unknown"));
  EXPECT_FALSE(classic().outweighs("unknown", "contact"));
}

TEST(Lifecycle, a_stage_that_is_no_longer_known_begins_anew) {
  EXPECT_EQ(entered("hot", standing_with(50, true, true)), (Names{"lead", "mql"}));
}

TEST(Lifecycle, a_stage_without_event_waits_for_none) {
  for (const Lifecycle::Stage& stage : classic().stages) {
    EXPECT_EQ(stage.on == kNoKind, stage.rule.on.empty()) << stage.rule.name;
  }
}

}  // namespace
}  // namespace galena::domain
