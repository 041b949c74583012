#include "domain/segments.hpp"

#include <gmock/gmock.h>

#include "domain/plain_state.hpp"

namespace galena::domain {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Playbook with_segments(std::vector<SegmentRule> segments) {
  Playbook playbook = standard_playbook();
  playbook.segments = std::move(segments);
  return playbook;
}

Error refusal(std::vector<SegmentRule> segments) {
  auto compiled = compile_playbook(with_segments(std::move(segments)), 1, KindTable());
  return compiled ? Error{} : compiled.error();
}

std::vector<std::string> segments_of(const State& state, LeadOrdinal lead) {
  std::vector<std::string> names;
  if (!state.lead(lead).segments) return names;
  for (const SegmentChange& change : state.lead(lead).segments->current) {
    names.push_back(state.playbook()->segments.names[change.segment]);
  }
  return names;
}

TEST(Segments, a_mistake_names_the_segment_and_the_column) {
  const Error error = refusal({{"Fine", "unsubscribed"}, {"Big", "company.employees >= \"x\""}});
  EXPECT_EQ(error.field, "segment \"Big\"");
  EXPECT_THAT(error.message, HasSubstr("segment \"Big\" (column 22)"));
  EXPECT_THAT(refusal({{"A", "unsubscribed and in_segment(\"B\")"}}).message,
              HasSubstr("segment \"A\" (column 29): there is no segment \"B\""));
}

TEST(Segments, a_circle_is_refused_by_name) {
  const Error error = refusal({{"A", "in_segment(\"B\")"},
                               {"B", "unsubscribed or in_segment(\"C\")"},
                               {"C", "not in_segment(\"B\")"}});
  EXPECT_EQ(error.field, "segment \"B\"");
  EXPECT_THAT(error.message, HasSubstr("\"B\" → \"C\" → \"B\""));
  EXPECT_THAT(refusal({{"A", "in_segment(\"A\")"}}).message, HasSubstr("\"A\" → \"A\""));
}

TEST(Segments, those_that_others_ask_for_are_decided_first_and_the_stage_divides) {
  const auto compiled = compile_playbook(with_segments({{"last", "in_segment(\"staged\")"},
                                                        {"second", "in_segment(\"first\")"},
                                                        {"staged", "stage = \"mql\""},
                                                        {"first", "unsubscribed"}}),
                                         1, KindTable());
  ASSERT_TRUE(compiled.has_value());
  EXPECT_THAT((*compiled)->segments.order, ElementsAre(3, 1, 2, 0));
  EXPECT_TRUE((*compiled)->segments.find("last")->reads_stage);
  EXPECT_FALSE((*compiled)->segments.find("second")->reads_stage);
}

TEST(Segments, a_stage_may_ask_for_those_before_it_only) {
  Playbook playbook = with_segments({{"keen", "count(\"Pricing Viewed\") >= 2"},
                                     {"staged", "in_segment(\"keen\") and stage = \"lead\""}});
  playbook.stages[2].when = "in_segment(\"keen\")";
  EXPECT_TRUE(compile_playbook(playbook, 1, KindTable()).has_value());
  playbook.stages[2].when = "in_segment(\"staged\")";
  const auto refused = compile_playbook(playbook, 1, KindTable());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().field, "lifecycle.stage \"mql\"");
  EXPECT_THAT(refused.error().message, HasSubstr("segment \"staged\" reads the stage"));
}

TEST(Segments, points_cannot_ask_for_one) {
  Playbook playbook = with_segments({{"keen", "unsubscribed"}});
  playbook.rules.front().when = "in_segment(\"keen\")";
  const auto refused = compile_playbook(playbook, 1, KindTable());
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("cannot read the score, the stage, a segment"));
}

TEST(Segments, codes_stay_with_their_names) {
  const auto before =
      compile_playbook(with_segments({{"A", "unsubscribed"}, {"B", "own_action"}}), 1, KindTable());
  const auto after = compile_playbook(with_segments({{"C", "own_action"}, {"B", "own_action"}}), 2,
                                      KindTable(), (*before)->segments.names);
  EXPECT_THAT((*after)->segments.names, ElementsAre("A", "B", "C"));
  EXPECT_EQ((*after)->segments.find("B")->code, 1);
  EXPECT_EQ((*after)->segments.find("A"), nullptr);
  EXPECT_EQ((*after)->segments.code_of("A"), 0);
}

TEST(Membership, follows_events_time_and_playbooks) {
  PlainState state = new_state(
      with_segments({{"visitors of late", "count(\"Page Viewed\", last 30 days) >= 1"},
                     {"gone quiet", "not in_segment(\"visitors of late\") and exists(title)"}}));
  take(state, identify_as(R"("userId":"ann")", R"("title":"CEO")"));
  EXPECT_THAT(segments_of(state, 0), ElementsAre("gone quiet"));
  const Changes visit =
      take(state, event_input(MessageType::page, R"({"userId":"ann","properties":{"path":"/"}})"),
           kTestTime + hours{1});
  EXPECT_EQ(visit.outcome.segments, (std::vector<SegmentDecision>{{0, "gone quiet", false},
                                                                  {0, "visitors of late", true}}));
  const Time due = kTestTime + days{30};
  EXPECT_EQ(state.lead(0).due_at, due);
  take(state, TimeInput{{0}}, due - Duration{1});
  EXPECT_THAT(segments_of(state, 0), ElementsAre("visitors of late"));
  take(state, TimeInput{{0}}, due);
  EXPECT_THAT(segments_of(state, 0), ElementsAre("gone quiet"));
  const SegmentChange& since = state.lead(0).segments->current.front();
  EXPECT_EQ(since.at, due);
  EXPECT_EQ(since.position, state.last_position());
  EXPECT_EQ(state.lead(0).due_at, Time::max());
  EXPECT_EQ(state.lead(0).segments->changes.size(), 5u);

  take(state, playbook_input(with_segments({{"all", "exists(title)"}})), due + hours{1});
  EXPECT_THAT(segments_of(state, 0), ElementsAre("gone quiet")) << "a continuation is to come";
  const Changes moved = take(state, RescoreInput{0, 1000, 2}, due + hours{1});
  EXPECT_EQ(moved.outcome.segments,
            (std::vector<SegmentDecision>{{0, "gone quiet", false}, {0, "all", true}}));
}

TEST(Membership, waits_for_an_event_name_that_is_yet_to_come) {
  PlainState state = new_state(with_segments({{"petters", "count(\"Cat Petted\") >= 2"}}));
  take(state, track(R"("userId":"ann")", "Cat Petted"));
  EXPECT_THAT(segments_of(state, 0), IsEmpty());
  take(state, track(R"("userId":"ann")", "cat_petted"));
  EXPECT_THAT(segments_of(state, 0), ElementsAre("petters"));
}

TEST(Membership, is_for_people_and_ends_with_a_merge) {
  PlainState state =
      new_state(with_segments({{"seen", "count(\"A\") >= 1"}, {"often", "count(\"A\") >= 2"}}));
  take(state, track(R"("anonymousId":"laptop")", "A"));
  EXPECT_EQ(state.lead(0).segments, nullptr) << "a device is nobody's lead yet";
  take(state, track(R"("userId":"ann")", "A"));
  EXPECT_THAT(segments_of(state, 1), ElementsAre("seen"));
  const Changes merged =
      take(state, event_input(MessageType::identify, R"({"userId":"ann","anonymousId":"laptop"})"));
  ASSERT_EQ(merged.outcome.merged.size(), 1u);
  const auto [from, into] = merged.outcome.merged.front();
  EXPECT_THAT(segments_of(state, into), ElementsAre("seen", "often"));
  EXPECT_THAT(segments_of(state, from), IsEmpty());
}

TEST(Membership, keeps_the_newest_changes_of_a_lead) {
  SegmentStory story;
  note_change(story, {.at = from_ms(1), .position = 1, .segment = 7, .entered = true});
  for (std::uint32_t i = 0; i < 150; ++i) {
    note_change(story,
                {.at = from_ms(2 + i), .position = 2 + i, .segment = 3, .entered = i % 2 == 0});
  }
  EXPECT_EQ(story.changes.size(), 100u);
  EXPECT_EQ(story.changes.back().position, 151u);
  EXPECT_TRUE(story.contains(7)) << "however long ago it came in";
  EXPECT_FALSE(story.contains(3));
}

TEST(Stages, may_count_events_and_are_entered_by_time) {
  Playbook playbook = standard_playbook();
  playbook.stages[2].when =
      "count(\"White Paper Downloaded\") >= 3 and count(\"Pricing Viewed\", last 7 days) = 0";
  PlainState state = new_state(playbook);
  take(state,
       event_input(MessageType::page, R"({"userId":"ann","properties":{"path":"/pricing"}})"));
  for (int i = 0; i < 3; ++i) take(state, track(R"("userId":"ann")", "White Paper Downloaded"));
  EXPECT_EQ(state.lead(0).stage(), "lead");
  EXPECT_EQ(state.lead(0).due_at, kTestTime + days{7});
  EXPECT_EQ(next_change(state, state.lead(0)), kTestTime + days{7});
  take(state, TimeInput{{0}}, kTestTime + days{7});
  EXPECT_EQ(state.lead(0).stage(), "mql");
  EXPECT_EQ(state.lead(0).due_at, Time::max());
}

TEST(Stages, that_read_the_stage_follow_at_once) {
  Playbook playbook = standard_playbook();
  playbook.stages[2].when = "stage = \"lead\" and exists(title)";
  PlainState state = new_state(playbook);
  take(state, identify_as(R"("userId":"ann")", R"("title":"CEO")"));
  const Changes changes = take(state, track(R"("userId":"ann")", "Demo Requested"));
  ASSERT_EQ(changes.outcome.stages.size(), 2u);
  EXPECT_EQ(state.lead(0).stage(), "mql");
}

TEST(NextChange, is_at_once_where_the_rules_say_another_thing_than_the_record) {
  PlainState state = new_state();
  take(state, identify_as(R"("userId":"ann")", R"("title":"CEO")"));
  take(state, playbook_input(with_segments({{"all", "exists(title)"}})));
  EXPECT_EQ(next_change(state, state.lead(0)), state.lead(0).standing.computed_at);
}

}  // namespace
}  // namespace galena::domain
