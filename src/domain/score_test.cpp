#include "domain/score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "domain/playbook.hpp"

namespace galena::domain {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const Time kNoon = *parse_time("2026-01-15T12:00:00Z");

Event event(KindCode kind, Time at, std::uint32_t position) {
  return {.at = at, .known_at = at, .position = position, .kind = kind};
}

std::shared_ptr<const CompiledPlaybook> compiled(const Playbook& playbook) {
  return *compile_playbook(playbook, 1, KindTable());
}

std::shared_ptr<const CompiledPlaybook> with_rule(Rule rule, std::vector<CapGroup> groups = {}) {
  Playbook playbook = standard_playbook();
  rule.name = "Rule";
  playbook.rules = {rule};
  playbook.groups = std::move(groups);
  return compiled(playbook);
}

TEST(Points, end_at_their_limits_and_never_wrap) {
  constexpr Points kMost{std::numeric_limits<std::int64_t>::max()};
  constexpr Points kLeast{-std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(kMost + Points{1}, kMost);
  EXPECT_EQ(kLeast - Points::whole(1), kLeast);
  EXPECT_EQ(kLeast + kLeast, kLeast);
  EXPECT_EQ(kMost - kLeast, kMost);
  EXPECT_EQ(-kLeast, kMost);
  EXPECT_EQ(Points::whole(10'000) * std::size_t{4'294'967'295}, kMost);
  EXPECT_EQ(Points::whole(-10'000) * std::size_t{4'294'967'295}, kLeast);
  EXPECT_EQ(Points::whole(-3) * std::size_t{4}, Points::whole(-12));
}

// The largest that a rule may give and the largest that can stand in a log, together.
TEST(Score, of_extremes_stays_on_its_side) {
  const auto playbook = with_rule({.on = "Demo Requested", .points = Points::whole(10'000)});
  for (const int sign : {1, -1}) {
    std::vector<Event> events;
    for (std::uint32_t i = 0; i < 2000; ++i) {
      events.push_back(event(i % 2 == 0 ? kScoreAdjusted : kDemoRequested, kNoon, i + 1));
      events.back().value = sign * std::numeric_limits<std::int64_t>::max();
    }
    std::vector<LedgerLine> ledger;
    const Standing standing = score(playbook->model, Record{}, events, kNoon, &ledger);
    EXPECT_EQ(ledger.size(), 2000u);
    EXPECT_EQ(standing.score() > Points{}, sign > 0);
    EXPECT_GT(std::abs(standing.score().value()), 9e12);
    EXPECT_EQ(interest_level(standing.interest), sign > 0 ? 1 : 4);
  }
}

TEST(Decay, halves_exactly) {
  const Decay decay(days{10});
  const Points points = Points::whole(25);
  EXPECT_EQ(decay.apply(points, Duration{0}), points);
  EXPECT_EQ(decay.apply(points, days{10}).micro, 12'500'000);
  EXPECT_EQ(decay.apply(points, days{20}).micro, 6'250'000);
  EXPECT_EQ(decay.apply(-points, days{10}).micro, -12'500'000);
  EXPECT_EQ(decay.apply(points, days{10} * 63), Points{});
  EXPECT_EQ(decay.apply(points, days{36'500}), Points{});
}

TEST(Decay, steps_once_an_hour_and_takes_no_future) {
  const Decay decay(hours{5});
  const Points points = Points::whole(10);
  EXPECT_EQ(decay.apply(points, hours{1} - Duration{1}), points);
  EXPECT_LT(decay.apply(points, hours{1}), points);
  EXPECT_EQ(decay.apply(points, hours{1}), decay.apply(points, hours{2} - Duration{1}));
  EXPECT_EQ(decay.apply(points, hours{-30}), points);
}

TEST(Decay, is_close_to_the_curve_and_never_rises) {
  for (const int half_life : {1, 2, 7, 24, 240, 8760}) {
    const Decay decay{hours{half_life}};
    Points before = Points::whole(10'000);
    for (int age = 0; age < 5 * half_life; age += 1 + half_life / 100) {
      const Points now = decay.apply(Points::whole(10'000), hours{age});
      EXPECT_NEAR(now.value(), 10'000 * std::exp2(-double(age) / half_life), 5e-6);
      EXPECT_LE(now, before);
      before = now;
    }
  }
}

TEST(Grades, edges) {
  EXPECT_EQ(fit_grade(Points::whole(40)), 'A');
  EXPECT_EQ(fit_grade({39'999'999}), 'B');
  EXPECT_EQ(fit_grade(Points::whole(25)), 'B');
  EXPECT_EQ(fit_grade({24'999'999}), 'C');
  EXPECT_EQ(fit_grade(Points::whole(10)), 'C');
  EXPECT_EQ(fit_grade({9'999'999}), 'D');
  EXPECT_EQ(fit_grade(Points::whole(-30)), 'D');
  EXPECT_EQ(interest_level(Points::whole(40)), 1);
  EXPECT_EQ(interest_level({39'999'999}), 2);
  EXPECT_EQ(interest_level(Points::whole(20)), 2);
  EXPECT_EQ(interest_level({19'999'999}), 3);
  EXPECT_EQ(interest_level(Points::whole(5)), 3);
  EXPECT_EQ(interest_level({4'999'999}), 4);
  EXPECT_EQ(interest_level(Points::whole(-30)), 4);
}

TEST(Temperature, edges) {
  Activity activity;
  EXPECT_EQ(temperature(activity, kNoon), Temperature::cold);
  activity.last_own_action = kNoon;
  EXPECT_EQ(temperature(activity, kNoon), Temperature::warm);
  EXPECT_EQ(temperature(activity, kNoon + days{90} - Duration{1}), Temperature::warm);
  EXPECT_EQ(temperature(activity, kNoon + days{90}), Temperature::cold);
  activity.last_hot_request = kNoon;
  EXPECT_EQ(temperature(activity, kNoon + days{30} - Duration{1}), Temperature::hot);
  EXPECT_EQ(temperature(activity, kNoon + days{30}), Temperature::warm);
  EXPECT_EQ(to_string(Temperature::hot), "hot");
  EXPECT_EQ(to_string(Temperature::warm), "warm");
  EXPECT_EQ(to_string(Temperature::cold), "cold");
}

TEST(EventsInOrder, are_sorted_by_event_time_and_then_by_the_log) {
  Person ann, device;
  ann.history.append(event(kDemoRequested, kNoon, 5));
  ann.history.append(event(kEmailOpened, kNoon - hours{2}, 7));
  device.history.append(event(kPageViewed, kNoon, 3));
  device.history.append(event(kPageViewed, kNoon - hours{1}, 6));
  const Person* const persons[] = {&ann, &device};
  std::vector<Event> scratch;
  std::vector<std::uint32_t> positions;
  for (const Event& one : events_in_order(persons, scratch)) positions.push_back(one.position);
  EXPECT_EQ(positions, (std::vector<std::uint32_t>{7, 6, 3, 5}));
}

TEST(EventsInOrder, what_came_under_a_shared_device_is_left_out) {
  Person device{.shared_since = 10};
  for (std::uint32_t position = 1; position <= 100; ++position) {
    device.history.append(event(kPageViewed, kNoon - hours{position}, position));
  }
  const Person* const persons[] = {&device};
  std::vector<Event> scratch;
  const auto events = events_in_order(persons, scratch);
  ASSERT_EQ(events.size(), 10u);
  EXPECT_EQ(events.front().position, 10u);
  EXPECT_EQ(events.back().position, 1u);
}

TEST(Score, of_nobody_is_nothing) {
  const auto playbook = compiled(standard_playbook());
  std::vector<LedgerLine> ledger;
  const Standing standing = score(playbook->model, Record(), EventIndex(), kNoon, &ledger);
  EXPECT_EQ(standing.score(), Points{});
  EXPECT_TRUE(ledger.empty());
  EXPECT_EQ(standing.model_version, 1u);
  EXPECT_EQ(standing.computed_at, kNoon);
  EXPECT_EQ(standing.activity.events, 0u);
}

TEST(Score, what_is_later_than_now_does_not_count) {
  const auto playbook = compiled(standard_playbook());
  const std::vector<Event> events = {event(kEmailOpened, kNoon, 1),
                                     event(kDemoRequested, kNoon + Duration{1}, 2)};
  const Standing before = score(playbook->model, Record(), events, kNoon);
  EXPECT_EQ(before.score(), Points::whole(1));
  EXPECT_EQ(before.activity.last_hot_request, std::nullopt);
  EXPECT_EQ(score(playbook->model, Record(), events, kNoon + Duration{1}).score(),
            Points::whole(26));
}

TEST(Score, a_ledger_line_names_its_event_and_a_cap_its_moment) {
  const auto playbook = compiled(standard_playbook());
  const std::vector<Event> events = {event(kDemoRequested, kNoon - days{2}, 4),
                                     event(kDemoRequested, kNoon - days{1}, 9)};
  std::vector<LedgerLine> ledger;
  score(playbook->model, Record(), events, kNoon, &ledger);
  ASSERT_EQ(ledger.size(), 3u);
  EXPECT_EQ(ledger[0].rule, "Demo request");
  EXPECT_EQ(ledger[0].at, kNoon - days{2});
  EXPECT_EQ(ledger[0].position, 4u);
  EXPECT_EQ(ledger[1].position, 9u);
  EXPECT_EQ(ledger[2].kind, LedgerLine::Kind::cap);
  EXPECT_EQ(ledger[2].points, Points::whole(-25));
  EXPECT_EQ(ledger[2].at, kNoon);
  EXPECT_EQ(ledger[2].position, 0u);
}

TEST(Score, a_faded_line_still_says_its_full_points) {
  const auto playbook =
      with_rule({.on = "Demo Requested", .points = Points::whole(20), .half_life = days{1}});
  const std::vector<Event> events = {event(kDemoRequested, kNoon, 4)};
  std::vector<LedgerLine> ledger;
  score(playbook->model, Record(), events, kNoon + days{1}, &ledger);
  ASSERT_EQ(ledger.size(), 1u);
  EXPECT_EQ(ledger[0].points, Points::whole(10));
  EXPECT_EQ(ledger[0].points_full, Points::whole(20));
}

TEST(Score, an_attribute_line_says_when_it_was_learned) {
  const auto playbook =
      with_rule({.when = "company.employees >= 10 and exists(title)", .points = Points::whole(5)});
  Record record;
  record.employees = 50;
  record.fields[std::size_t(Field::employees)] = {"50", Source::server, {}, kNoon, 8};
  record.fields[std::size_t(Field::title)] = {"CEO", Source::server, {}, kNoon - days{1}, 3};
  std::vector<LedgerLine> ledger;
  score(playbook->model, record, EventIndex(), kNoon + days{1}, &ledger);
  ASSERT_EQ(ledger.size(), 1u);
  EXPECT_TRUE(ledger[0].is_fit);
  EXPECT_EQ(ledger[0].at, kNoon);
  EXPECT_EQ(ledger[0].position, 8u);
}

TEST(Score, is_valid_until_the_next_step_or_edge) {
  const auto fading =
      with_rule({.on = "Demo Requested", .points = Points::whole(20), .half_life = days{1}});
  const std::vector<Event> events = {event(kDemoRequested, kNoon, 4)};
  EXPECT_EQ(score(fading->model, Record(), events, kNoon + minutes{90}).valid_until,
            kNoon + hours{2});
  EXPECT_EQ(score(fading->model, Record(), events, kNoon + hours{2}).valid_until, kNoon + hours{3});
  const auto forgotten =
      with_rule({.on = "Demo Requested", .points = Points::whole(20), .window = days{1}});
  EXPECT_EQ(score(forgotten->model, Record(), events, kNoon).valid_until, kNoon + days{1});
  EXPECT_EQ(score(forgotten->model, Record(), events, kNoon + days{1}).valid_until, Time::max());
}

TEST(Score, activity_says_what_was_done) {
  const auto playbook = compiled(standard_playbook());
  std::vector<Event> events = {event(kPageViewed, kNoon - days{3}, 1),
                               event(kPageViewed, kNoon - days{3} + minutes{29}, 2),
                               event(kPageViewed, kNoon - days{3} + minutes{59}, 3),
                               event(kDemoRequested, kNoon - days{2}, 4),
                               event(kEmailSent, kNoon - days{1}, 5),
                               event(kUnsubscribed, kNoon - hours{2}, 6)};
  Activity activity = score(playbook->model, Record(), events, kNoon).activity;
  EXPECT_EQ(activity.first_seen, kNoon - days{3});
  EXPECT_EQ(activity.last_seen, kNoon - hours{2});
  EXPECT_EQ(activity.last_own_action, kNoon - days{2});
  EXPECT_EQ(activity.last_hot_request, kNoon - days{2});
  EXPECT_EQ(activity.events, 6u);
  EXPECT_EQ(activity.sessions, 2u);
  EXPECT_TRUE(activity.shown_interest);
  EXPECT_TRUE(activity.unsubscribed);
  for (Event& told : events) told.counted = false;
  activity = score(playbook->model, Record(), events, kNoon).activity;
  EXPECT_EQ(activity.events, 6u);
  EXPECT_EQ(activity.sessions, 0u);
  EXPECT_EQ(activity.last_own_action, std::nullopt);
  EXPECT_FALSE(activity.unsubscribed);
}

TEST(Ceiling, is_how_far_time_alone_can_lift_a_score) {
  const Rule forgiven{.on = "Unsubscribed", .points = Points::whole(-30), .window = days{2}};
  const auto playbook = with_rule(forgiven);
  const std::vector<Event> events = {event(kUnsubscribed, kNoon, 1)};
  const Standing standing = score(playbook->model, Record(), events, kNoon);
  EXPECT_EQ(standing.score(), Points::whole(-30));
  EXPECT_EQ(standing.ceiling, Points{});
  EXPECT_EQ(standing.valid_until, kNoon + days{2});
  const auto steady = compiled(standard_playbook());
  const Standing still = score(steady->model, Record(), events, kNoon);
  EXPECT_EQ(still.ceiling, still.score());
}

// A look at each step of a score is taken only where the step may matter.
TEST(Ceiling, tells_criteria_what_they_need_not_wait_for) {
  const Rule forgiven{.on = "Unsubscribed", .points = Points::whole(-30), .window = days{2}};
  const auto playbook = with_rule(forgiven);
  const std::vector<Event> events = {event(kUnsubscribed, kNoon, 1)};
  const Standing standing = score(playbook->model, Record(), events, kNoon);
  const Record record;
  const auto next = [&](const char* text) {
    const auto criterion = Criterion::parse(text, names_of(*playbook));
    return criterion.value().next_change({record, &standing, "lead", nullptr, kNoon});
  };
  EXPECT_EQ(next("score >= 0"), kNoon + days{2});
  EXPECT_EQ(next("score > 0"), std::nullopt);
  EXPECT_EQ(next("score >= 1"), std::nullopt);
  EXPECT_EQ(next("score < 1"), std::nullopt);
  EXPECT_EQ(next("score <= -30"), kNoon + days{2});
  EXPECT_EQ(next("score >= -30"), kNoon + days{2});
  EXPECT_EQ(next("score = 7"), kNoon + days{2});
  EXPECT_EQ(next("fit < 1"), std::nullopt) << "who somebody is does not fade";
  EXPECT_EQ(next("interest >= 0"), kNoon + days{2});
}

}  // namespace
}  // namespace galena::domain
