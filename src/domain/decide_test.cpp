#include "domain/decide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <tuple>

#include "domain/plain_state.hpp"

namespace galena::domain {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::HasSubstr;

const Lead& lead_of(const State& state, std::string_view user) {
  const auto person = state.find_person({KeyKind::user, std::string(user)});
  return state.lead(survivor(state, state.person(person.value()).lead));
}

TEST(Decide, the_first_input_is_a_playbook) {
  const PlainState state = new_state();
  EXPECT_EQ(state.last_position(), 1u);
  EXPECT_EQ(state.playbook()->version, 1u);
  EXPECT_EQ(state.rescore_next(), std::nullopt);
}

TEST(Decide, changes_nothing_by_itself_and_gives_the_same_again) {
  PlainState state = new_state();
  const Input input = track(R"("userId":"ann")", "Demo Requested");
  const auto first = decide(state, input, kTestTime);
  const auto second = decide(state, input, kTestTime);
  EXPECT_EQ(state.lead_count(), 0u);
  EXPECT_EQ(first->outcome, second->outcome);
  EXPECT_EQ(first->position, 2u);
  EXPECT_EQ(first->at, kTestTime);
}

TEST(Decide, an_event_is_kept_with_its_times) {
  PlainState state = new_state();
  take(state, event_input(MessageType::track, R"({"userId":"ann","event":"Email Opened",
      "timestamp":"2026-01-10T10:00:00Z","properties":{"email_id":"m1"}})"));
  const auto events = events_of(state, lead_of(state, "ann"));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].at, *parse_time("2026-01-10T10:00:00Z"));
  EXPECT_EQ(events[0].known_at, kTestTime);
  EXPECT_EQ(events[0].position, 2u);
  EXPECT_EQ(events[0].kind, kEmailOpened);
  EXPECT_TRUE(events[0].counted);
  EXPECT_NE(events[0].object, 0u);
}

TEST(Decide, the_clock_at_arrival_corrects_the_client_and_log_time_bounds_it) {
  PlainState state = new_state();
  EventInput input = event_input(MessageType::track, R"({"userId":"ann","event":"A",
      "timestamp":"2026-01-20T08:00:00Z","sentAt":"2026-01-20T10:00:00Z"})");
  input.arrived = kTestTime - hours{1};  // log time had run an hour ahead
  take(state, input);
  EXPECT_EQ(events_of(state, lead_of(state, "ann"))[0].at, kTestTime - hours{3});
  input.arrived = kTestTime + hours{5};
  take(state, input);
  EXPECT_EQ(events_of(state, lead_of(state, "ann"))[1].at, kTestTime);
}

TEST(Decide, a_stage_is_recorded_with_its_score_and_model) {
  PlainState state = new_state();
  const Changes changes =
      take(state, identify_as(R"("userId":"ann")", R"("title":"CEO","employees":200)"));
  EXPECT_EQ(changes.outcome.stages,
            (std::vector<StageDecision>{{0, "contact", Points::whole(35), 1}}));
  const Changes demo =
      take(state, track(R"("userId":"ann")", "Demo Requested"), kTestTime + hours{1});
  EXPECT_EQ(demo.outcome.stages, (std::vector<StageDecision>{{0, "lead", Points::whole(60), 1},
                                                             {0, "mql", Points::whole(60), 1}}));
  const Lead& lead = lead_of(state, "ann");
  ASSERT_EQ(lead.stages.size(), 3u);
  EXPECT_EQ(lead.stages[0].stage, "contact");
  EXPECT_EQ(lead.stages[0].score, Points::whole(35));
  EXPECT_EQ(lead.stages[0].model_version, 1u);
  EXPECT_EQ(lead.stages[2].stage, "mql");
  EXPECT_EQ(lead.stages[2].at, kTestTime + hours{1});
  EXPECT_EQ(lead.stages[2].position, 3u);
  EXPECT_EQ(lead.created_at, kTestTime);
  EXPECT_FALSE(lead.visitor);
}

TEST(Decide, an_unknown_event_name_is_remembered) {
  PlainState state = new_state();
  take(state, track(R"("userId":"ann")", "Cat Petted"));
  EXPECT_EQ(state.kinds()->find("cat_petted"), kFirstFreeKind);
  const auto kinds = state.kinds();
  take(state, track(R"("userId":"ann")", "CAT petted"));
  EXPECT_EQ(state.kinds(), kinds);  // no new table for a known name
}

TEST(Decide, an_adjustment_needs_a_lead) {
  PlainState state = new_state();
  const auto changes = decide(state, AdjustmentInput{0, Points::whole(5), "", "", ""}, kTestTime);
  ASSERT_FALSE(changes.has_value());
  EXPECT_EQ(changes.error().code, ErrorCode::not_found);
}

TEST(Decide, a_stage_may_ask_since_when_somebody_is_known) {
  for (const auto& [when, stage] : {std::pair{"created_at >= 2026-01-15", "known"},
                                    std::pair{"created_at < 2026-01-15", "contact"}}) {
    Playbook playbook = standard_playbook();
    playbook.stages = {{.name = "contact"}, {.name = "known", .when = when}};
    PlainState state = new_state(playbook);
    take(state, identify_as(R"("userId":"ann")", R"("title":"CEO")"));
    EXPECT_EQ(state.lead(0).stage(), stage) << when;
  }
}

TEST(Decide, an_adjustment_of_a_merged_lead_goes_to_the_survivor) {
  PlainState state = new_state();
  take(state, track(R"("anonymousId":"laptop")", "A"));
  take(state, track(R"("userId":"ann")", "A"));
  take(state, track(R"("userId":"ann","anonymousId":"laptop")", "A"));
  ASSERT_EQ(state.lead(0).merged_into, 1u);
  take(state, AdjustmentInput{0, Points::whole(5), "", "", ""});
  EXPECT_EQ(lead_of(state, "ann").standing.score(), Points::whole(5));
}

TEST(Decide, a_merge_moves_no_event_and_keeps_the_list_of_persons) {
  PlainState state = new_state();
  take(state, track(R"("anonymousId":"laptop")", "A"), kTestTime - days{1});
  take(state, track(R"("userId":"ann")", "A"));
  take(state, track(R"("userId":"ann","anonymousId":"laptop")", "B"));
  EXPECT_EQ(state.lead(0).persons, std::vector<PersonOrdinal>{0});
  EXPECT_EQ(state.lead(1).persons, (std::vector<PersonOrdinal>{1, 0}));
  EXPECT_EQ(state.person(0).history.size(), 1u);
  EXPECT_EQ(state.person(1).history.size(), 2u);
  EXPECT_EQ(state.lead(1).created_at, kTestTime - days{1});
}

TEST(Decide, a_playbook_that_cannot_be_is_refused) {
  PlainState state = new_state();
  EXPECT_FALSE(decide(state, PlaybookInput{"[[[", "", ""}, kTestTime).has_value());
  const auto empty = decide(state, PlaybookInput{"", "", ""}, kTestTime);
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().field, "lifecycle.stage");
}

// --- continuations of a playbook change ----------------------------------------------------------

Playbook with_threshold(int points) {
  Playbook playbook = standard_playbook();
  playbook.threshold = Points::whole(points);
  return playbook;
}

TEST(Rescore, goes_on_lead_by_lead_until_all_are_moved) {
  PlainState state = new_state();
  for (const auto* user : {"a", "b", "c"}) {
    take(state, track(fmt::format(R"("userId":"{}")", user), "Demo Requested"));
  }
  take(state, playbook_input(with_threshold(25)));
  EXPECT_EQ(state.rescore_next(), 0u);
  EXPECT_EQ(lead_of(state, "a").stage(), "lead");
  const Changes first = take(state, RescoreInput{0, 2, 2});
  EXPECT_EQ(first.outcome.rescore_next, 2u);
  EXPECT_EQ(lead_of(state, "b").stage(), "mql");
  EXPECT_EQ(lead_of(state, "c").stage(), "lead");
  take(state, RescoreInput{2, 1002, 2});
  EXPECT_EQ(state.rescore_next(), std::nullopt);
  EXPECT_EQ(lead_of(state, "c").stage(), "mql");
  EXPECT_EQ(lead_of(state, "c").standing.model_version, 2u);
}

TEST(Rescore, is_void_under_a_newer_playbook) {
  PlainState state = new_state();
  take(state, track(R"("userId":"ann")", "Demo Requested"));
  take(state, playbook_input(with_threshold(25)));
  take(state, playbook_input(with_threshold(26)));
  const auto changes = decide(state, RescoreInput{0, 1, 2}, kTestTime);
  ASSERT_FALSE(changes.has_value());
  EXPECT_EQ(changes.error().code, ErrorCode::conflict);
  EXPECT_EQ(state.rescore_next(), 0u);
}

TEST(Rescore, an_event_in_between_is_scored_by_the_new_model) {
  PlainState state = new_state();
  take(state, playbook_input(with_threshold(25)));
  take(state, track(R"("userId":"ann")", "Demo Requested"));
  EXPECT_EQ(lead_of(state, "ann").stage(), "mql");
  EXPECT_EQ(lead_of(state, "ann").standing.model_version, 2u);
}

// --- time
// ------------------------------------------------------------------------------------------

Playbook forgiving() {
  Playbook playbook = standard_playbook();
  for (Rule& rule : playbook.rules) {
    if (rule.on == "Unsubscribed") rule.window = hours{48};
  }
  return playbook;
}

TEST(NextChange, is_the_moment_at_which_time_alone_can_lift_a_lead) {
  PlainState state = new_state(forgiving());
  take(state, identify_as(R"("userId":"ann")", R"("title":"CEO","employees":200)"));
  take(state, track(R"("userId":"ann")", "Unsubscribed"));
  take(state, track(R"("userId":"ann")", "Demo Requested"), kTestTime + hours{1});
  EXPECT_EQ(lead_of(state, "ann").stage(), "lead");
  const auto due = next_change(state, lead_of(state, "ann"));
  ASSERT_EQ(due, kTestTime + hours{48});
  take(state, TimeInput{{0}}, *due - Duration{1});
  EXPECT_EQ(lead_of(state, "ann").stage(), "lead");
  const Changes changes = take(state, TimeInput{{0}}, *due);
  EXPECT_EQ(lead_of(state, "ann").stage(), "mql");
  EXPECT_EQ(changes.outcome.stages, (std::vector<StageDecision>{{0, "mql", Points::whole(60), 1}}));
  EXPECT_EQ(next_change(state, lead_of(state, "ann")), std::nullopt);  // it has nothing to wait for
}

// The stage "mql" has another criterion than the standard one's.
PlainState state_with_hand_off(const std::string& criterion) {
  Playbook playbook = forgiving();
  for (StageRule& stage : playbook.stages) {
    if (stage.name == "mql") stage.when = criterion;
  }
  return new_state(playbook);
}

TEST(NextChange, follows_whatever_a_stage_asks_of_the_score) {
  const std::vector<std::pair<std::string, bool>> waits{
      {"score >= 20", true},       {"not score < 20", true},
      {"score > 24.5", true},      {"score >= 25.5", false},
      {"score > 25", false},       {"unsubscribed and score >= 90", false},
      {"interest >= 20", true},    {"score > 0 and score < 30", true},
      {"score in (25, 26)", true}, {"country = \"DE\" and score >= 20", true},
      {"country = \"DE\"", false}};
  for (const auto& [criterion, is_waited_for] : waits) {
    PlainState state = state_with_hand_off(criterion);
    take(state, track(R"("userId":"ann")", "Unsubscribed"));
    take(state, track(R"("userId":"ann")", "Demo Requested"), kTestTime + hours{1});
    ASSERT_EQ(lead_of(state, "ann").stage(), "lead") << criterion;
    const auto expected = is_waited_for ? std::optional(kTestTime + hours{48}) : std::nullopt;
    EXPECT_EQ(next_change(state, lead_of(state, "ann")), expected) << criterion;
  }
}

TEST(NextChange, enters_a_stage_once_if_two_moments_of_a_lead_are_due_together) {
  PlainState state = new_state(forgiving());
  take(state, identify_as(R"("userId":"ann")", R"("title":"CEO","employees":200)"));
  take(state, track(R"("userId":"ann")", "Unsubscribed"));
  take(state, track(R"("userId":"ann")", "Demo Requested"), kTestTime + hours{1});
  const std::size_t before = lead_of(state, "ann").stages.size();
  take(state, TimeInput{{0, 0}}, kTestTime + hours{48});
  EXPECT_EQ(lead_of(state, "ann").stage(), "mql");
  EXPECT_EQ(lead_of(state, "ann").stages.size(), before + 1);
}

TEST(NextChange, is_at_once_if_it_came_while_nobody_looked) {
  PlainState state = new_state(forgiving());
  take(state, identify_as(R"("userId":"ann")", R"("title":"CEO","employees":200)"));
  take(state, track(R"("userId":"ann")", "Unsubscribed"));
  take(state, track(R"("userId":"ann")", "Demo Requested"), kTestTime + hours{1});
  Lead lead = lead_of(state, "ann");
  lead.standing = standing_of(state, lead, kTestTime + hours{60});
  EXPECT_EQ(next_change(state, lead), kTestTime + hours{60});
}

// What is left when a lead at `theirs` is found to be the person of a lead at `own`.
std::string stage_after_merge(const std::string& own, const std::string& theirs) {
  PlainState state = new_state();
  for (const auto& [user, stage, lead] : {std::tuple{"ann", own, 0u}, {"bob", theirs, 1u}}) {
    const Outcome recorded{
        .landings = {{KeyRole::user, lead, lead}}, .under = lead, .stages = {{lead, stage, {}, 1}}};
    state.apply(
        recall(state, track(fmt::format(R"("userId":"{}")", user), "A"), recorded, kTestTime)
            .value());
  }
  const Changes changes =
      take(state, event_input(MessageType::alias, R"({"userId":"ann","previousId":"bob"})"));
  EXPECT_EQ(changes.outcome.merged.size(), 1u);
  return lead_of(state, "ann").stage();
}

TEST(Merge, the_further_stage_on_the_way_is_kept) {
  EXPECT_EQ(stage_after_merge("lead", "opportunity"), "opportunity");
  EXPECT_EQ(stage_after_merge("opportunity", "lead"), "opportunity");
  for (const char* off_the_way : {"recycled", "disqualified"}) {
    for (const char* worked : {"lead", "mql", "sal", "sql", "opportunity", "customer"}) {
      EXPECT_EQ(stage_after_merge(worked, off_the_way), worked);
      EXPECT_EQ(stage_after_merge(off_the_way, worked), worked);
    }
  }
}

TEST(Merge, what_a_person_set_aside_stays_so_beside_mere_data) {
  EXPECT_EQ(stage_after_merge("disqualified", "contact"), "disqualified");
  EXPECT_EQ(stage_after_merge("contact", "disqualified"), "disqualified");
  EXPECT_EQ(stage_after_merge("recycled", "disqualified"), "disqualified");
}

TEST(Adjustment, is_bounded_in_the_core_too) {
  PlainState state = new_state();
  take(state, track(R"("userId":"ann")", "A"));
  const Points most = AdjustmentInput::kPointsMax;
  const Points one{1};
  for (const Points points :
       {most + one, -most - one, Points{std::numeric_limits<std::int64_t>::max()},
        Points{std::numeric_limits<std::int64_t>::min()}}) {
    const auto refused = decide(state, AdjustmentInput{0, points, "x", "user 1", ""}, kTestTime);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    EXPECT_EQ(refused.error().field, "/points");
  }
  take(state, AdjustmentInput{0, most, "x", "user 1", ""});
  EXPECT_EQ(lead_of(state, "ann").standing.score(), most);
  take(state, AdjustmentInput{0, -most, "x", "user 1", ""});
  EXPECT_EQ(lead_of(state, "ann").standing.score(), Points{});
}

TEST(Playbook, one_that_replaces_another_version_than_the_live_one_is_refused) {
  PlainState state = new_state();
  const std::string toml = write_playbook(standard_playbook());
  const auto stale = decide(state, PlaybookInput{toml, "user 1", "", 2, ""}, kTestTime);
  ASSERT_FALSE(stale.has_value());
  EXPECT_EQ(stale.error().code, ErrorCode::conflict);
  take(state, PlaybookInput{toml, "user 1", "", 1, ""});
  EXPECT_EQ(state.playbook()->version, 2u);
}

TEST(Facts, a_user_id_that_is_an_address_is_one) {
  PlainState state = new_state();
  const auto email = [&] { return (*lead_of(state, "Ann@A.com").record)[Field::email]; };
  take(state, track(R"("userId":"Ann@A.com")", "A", Source::browser));
  EXPECT_EQ(email().value, "ann@a.com");
  EXPECT_EQ(email().position, 2u);
  take(state, identify_as(R"("userId":"Ann@A.com")", R"("email":"b@a.com")", Source::browser));
  EXPECT_EQ(email().value, "b@a.com") << "a trait is more than an id";
  take(state, track(R"("userId":"Ann@A.com")", "A", Source::browser));
  EXPECT_EQ(email().value, "b@a.com") << "whenever it was told";
  take(state, track(R"("userId":"Ann@A.com")", "A"));
  EXPECT_EQ(email().value, "ann@a.com") << "a server's word is more than a browser's";
}

TEST(NextChange, is_nothing_where_nothing_is_forgotten_or_nobody_is_there) {
  PlainState state = new_state();
  take(state, track(R"("userId":"ann")", "Unsubscribed"));
  EXPECT_EQ(next_change(state, lead_of(state, "ann")), std::nullopt);
  PlainState forgetting = new_state(forgiving());
  take(forgetting, track(R"("anonymousId":"laptop")", "Unsubscribed"));
  EXPECT_EQ(next_change(forgetting, forgetting.lead(0)), std::nullopt);  // a visitor
  take(forgetting, track(R"("userId":"ann")", "Unsubscribed"));
  EXPECT_EQ(next_change(forgetting, lead_of(forgetting, "ann")), std::nullopt);  // too far below
}

TEST(Time, an_input_that_names_nobody_changes_nothing) {
  PlainState state = new_state();
  const Changes changes = take(state, TimeInput{{5, 9}});
  EXPECT_TRUE(changes.leads.empty() && changes.persons.empty());
}

// --- recall
// ----------------------------------------------------------------------------------------

TEST(Recall, takes_stages_and_identity_from_what_was_recorded) {
  PlainState state = new_state();
  const Input input = track(R"("userId":"ann")", "Demo Requested");
  const Outcome recorded{.landings = {{KeyRole::user, 0, 0}},
                         .under = 0,
                         .stages = {{0, "customer", Points::whole(7), 1}}};
  const auto changes = recall(state, input, recorded, kTestTime);
  ASSERT_TRUE(changes.has_value());
  state.apply(*changes);
  EXPECT_EQ(lead_of(state, "ann").stage(), "customer");
  EXPECT_EQ(lead_of(state, "ann").stages.back().score, Points::whole(7));
}

TEST(Recall, an_outcome_that_does_not_fit_its_input_is_an_error) {
  const PlainState state = new_state();
  const Input event = track(R"("userId":"ann")", "A");
  for (const Outcome& outcome :
       {Outcome{}, Outcome{.landings = {{KeyRole::address, 0, 0}}, .under = 0},
        Outcome{.landings = {{KeyRole::user, 0, 0}}},
        Outcome{.landings = {{KeyRole::user, 5, 0}}, .under = 5},
        Outcome{.landings = {{KeyRole::user, 0, 5}}, .under = 0},
        Outcome{.landings = {{KeyRole::user, 0, 0}}, .under = 3},
        Outcome{.landings = {{KeyRole::user, 0, 0}}, .under = 0, .merged = {{0, 4}}},
        Outcome{.landings = {{KeyRole::user, 0, 0}}, .under = 0, .shared = {4}},
        Outcome{.landings = {{KeyRole::user, 0, 0}}, .under = 0, .stages = {{4, "mql", {}, 1}}}}) {
    const auto changes = recall(state, event, outcome, kTestTime);
    ASSERT_FALSE(changes.has_value()) << outcome_text(outcome);
    EXPECT_EQ(changes.error().code, ErrorCode::internal);
    EXPECT_THAT(changes.error().message, HasSubstr("log position 2"));
  }
  for (const Input& input : {Input{AdjustmentInput{}}, Input{TimeInput{}}, Input{RescoreInput{}}}) {
    const Outcome outcome{.under = 9, .stages = {{4, "mql", {}, 1}}};
    ASSERT_FALSE(recall(state, input, outcome, kTestTime).has_value());
  }
  EXPECT_FALSE(recall(state, AdjustmentInput{}, Outcome{}, kTestTime).has_value());
}

}  // namespace
}  // namespace galena::domain
