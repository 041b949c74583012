// The score against the words of the requirements (naive_score.hpp), for random models and
// histories.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "domain/naive_score.hpp"
#include "domain/plain_state.hpp"
#include "domain/run_score.hpp"
#include "domain/score.hpp"

namespace galena::domain {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Time kBegin = *parse_time("2026-01-01T00:00:00Z");
constexpr hours kHorizon{24 * 12};

// Moments that often lie exactly on the edges that matter: half hours, hours, days, and beside
// them.
Time random_moment(hours span) {
  const auto step = *rc::gen::element<Duration>(minutes{10}, minutes{30}, hours{1}, hours{12});
  const auto steps = *rc::gen::inRange<std::int64_t>(0, span / step + 1);
  return kBegin + step * steps + Duration{*rc::gen::element(-1, 0, 0, 0, 1)};
}

const KindTable& kinds() {
  static const auto table = [] {
    KindCode code = 0;
    return KindTable().with("Cat Petted", code);
  }();
  return *table;
}

Event random_event(std::uint32_t position) {
  Event event{.at = random_moment(hours{96}), .position = position};
  event.kind = *rc::gen::element<KindCode>(kPageViewed, kPageViewed, kPricingViewed, kScreenViewed,
                                           kDemoRequested, kEmailOpened, kEmailOpened,
                                           kUnsubscribed, kScoreAdjusted, kFirstFreeKind, kNoKind);
  event.counted = *rc::gen::inRange(0, 8) != 0;
  if (event.kind == kEmailOpened) event.object = *rc::gen::element<std::uint64_t>(0, 1, 2);
  if (event.kind == kScoreAdjusted) event.value = *rc::gen::inRange(-30'000'000, 30'000'000);
  event.known_at = event.at;
  return event;
}

template <class Made>
std::optional<Made> perhaps(rc::Gen<Made> gen) {
  return *rc::gen::arbitrary<bool>() ? std::optional<Made>(*gen) : std::nullopt;
}

Points random_points() {
  return {*rc::gen::element<std::int64_t>(-30, -7, 1, 5, 10, 25) * 1'000'000 +
          *rc::gen::element<std::int64_t>(0, 0, 250'000, 1)};
}

Rule random_rule(int index) {
  Rule rule{.name = "rule " + std::to_string(index), .points = random_points()};
  if (*rc::gen::arbitrary<bool>()) rule.cap = random_points();
  rule.group = *rc::gen::element<std::string>("", "", "g0", "g1");
  if (*rc::gen::inRange(0, 4) == 0) {
    rule.when = *rc::gen::element<std::string>("company.employees >= 50", "exists(title)",
                                               "not exists(phone)", "title.seniority = \"vp\"");
    return rule;
  }
  rule.on =
      *rc::gen::element<std::string>("Page Viewed", "Pricing Viewed", "Demo Requested",
                                     "Email Opened", "Unsubscribed", "cat petted", "Never Seen");
  if (*rc::gen::inRange(0, 3) == 0) {
    rule.where = *rc::gen::element<std::string>("amount >= 10", "plan = \"pro\" or amount < 0",
                                                "not exists(plan)", "plan != \"pro\"");
  }
  const auto spans =
      rc::gen::element<Duration>(minutes{30}, hours{1}, hours{5}, hours{24}, hours{72});
  rule.window = perhaps(spans);
  rule.half_life = perhaps(rc::gen::element<Duration>(hours{1}, hours{3}, hours{24}, hours{240}));
  const int repeat = *rc::gen::inRange(0, 3);
  rule.once_per_message = repeat == 1;
  if (repeat == 2) rule.once_per = *spans;
  if (*rc::gen::inRange(0, 3) == 0) {
    rule.sessions = *rc::gen::inRange(1u, 4u);
    rule.within = *spans;
  }
  return rule;
}

// A model, somebody, and what they did.
struct Scene {
  std::shared_ptr<const CompiledPlaybook> playbook;
  Record record;
  std::vector<Event> events;  // in order
  Time now;
  naive::Told told;
  std::vector<PropertyColumnPtr> columns;  // the same

  void tell(std::uint32_t position) {
    if (*rc::gen::arbitrary<bool>()) told[{position, "amount"}] = *rc::gen::element(-1.0, 10.0);
    if (*rc::gen::arbitrary<bool>()) {
      told[{position, "plan"}] = *rc::gen::element<std::string>("pro", "free");
    }
  }
  void fill_columns() {
    for (const auto& [name, slot] : playbook->properties) {
      auto column = std::make_shared<PlainColumn>();
      for (const auto& [where, value] : told) {
        if (where.second == name) column->put(where.first, value);
      }
      columns.push_back(column);
    }
  }
  Standing standing(Time at, std::vector<LedgerLine>* ledger = nullptr) const {
    return score(playbook->model, record, events, at, ledger, PropertyView(columns));
  }
};

Scene random_scene() {
  Scene scene;
  Playbook playbook = standard_playbook();
  if (*rc::gen::inRange(0, 4) != 0) {
    playbook.rules.clear();
    for (int i = *rc::gen::inRange(1, 6); i > 0; --i) playbook.rules.push_back(random_rule(i));
    playbook.groups = {{"g0", random_points()}, {"g1", random_points()}};
  }
  playbook.threshold = *rc::gen::element(Points{}, Points::whole(10), Points::whole(50));
  scene.playbook = *compile_playbook(playbook, 3, kinds());
  if (*rc::gen::arbitrary<bool>()) scene.record.employees = *rc::gen::element(10, 50, 200);
  if (*rc::gen::arbitrary<bool>()) scene.record.seniority = Seniority::vp;
  Person person;
  const auto count = *rc::gen::inRange(0u, 25u);
  for (std::uint32_t position = 1; position <= count; ++position) {
    person.history.append(random_event(position));
    scene.tell(position);
  }
  scene.fill_columns();
  const Person* const persons[] = {&person};
  events_in_order(persons, scene.events);
  scene.now = random_moment(kHorizon);
  return scene;
}

RC_GTEST_PROP(ScoreProperty, is_what_the_words_say, ()) {
  const Scene scene = random_scene();
  const Standing standing = scene.standing(scene.now);
  const naive::Score expected = naive::score(scene.playbook->source, kinds(), scene.record,
                                             scene.events, scene.now, scene.told);
  RC_ASSERT(std::abs(standing.fit.value() + standing.interest.value() - expected.fit -
                     expected.interest) <= expected.tolerance);
  RC_ASSERT(std::abs(standing.fit.value() - expected.fit) <= expected.tolerance);
}

RC_GTEST_PROP(ScoreProperty, is_the_sum_of_its_ledger, ()) {
  const Scene scene = random_scene();
  std::vector<LedgerLine> ledger;
  const Standing standing = scene.standing(scene.now, &ledger);
  Points fit, interest;
  for (const LedgerLine& line : ledger) {
    (line.is_fit ? fit : interest) += line.points;
    const bool cap = line.kind == LedgerLine::Kind::cap || line.kind == LedgerLine::Kind::group_cap;
    RC_ASSERT(!line.rule.empty());
    RC_ASSERT(!cap || line.position == 0u);
    RC_ASSERT(line.at <= scene.now);
  }
  RC_ASSERT(fit == standing.fit);
  RC_ASSERT(interest == standing.interest);
  const Standing quiet = scene.standing(scene.now);
  RC_ASSERT(quiet.fit == standing.fit);
  RC_ASSERT(quiet.interest == standing.interest);
  RC_ASSERT(quiet.valid_until >= standing.valid_until);  // it looks at no more than it needs
}

// One pass over packed events, lead after lead, gives the same to the bit.
RC_GTEST_PROP(ScoreProperty, over_many_leads_is_the_score_of_each, ()) {
  Scene scene = random_scene();
  std::vector<PackedEvent> packed;
  std::vector<std::uint32_t> positions;
  std::vector<EventExtra> extras;
  for (const Event& event : scene.events) {
    const auto place = static_cast<std::uint32_t>(packed.size());
    if (event.object != 0) extras.push_back({place, event.object});
    if (event.value != 0) extras.push_back({place, static_cast<std::uint64_t>(event.value)});
    packed.push_back(PackedEvent::of(event));
    positions.push_back(event.position);
  }
  const ScoreModel& model = scene.playbook->model;
  RunScorer scorer(model, PropertyView(scene.columns), scene.now);
  for (const std::size_t count : {packed.size(), packed.size() / 2, packed.size()}) {
    Tally tally(model, scene.now);
    add_attribute_rules(model, scene.record, tally);
    const auto first = std::span(packed).first(count);
    scorer.add({first, std::span(positions).first(count), extras}, tally);
    const auto expected = score(model, scene.record, std::span(scene.events).first(count),
                                scene.now, nullptr, PropertyView(scene.columns));
    RC_ASSERT(tally.fit == expected.fit);
    RC_ASSERT(tally.interest == expected.interest);
    if (first.empty() || first.back().at() > scene.now) continue;
    RC_ASSERT(tally.valid_until >= expected.valid_until);
    RC_ASSERT(tally.valid_until > scene.now);
    // It holds until then.
    const Time last = std::min(tally.valid_until - Duration{1}, scene.now + kHorizon);
    const auto then = score(model, scene.record, std::span(scene.events).first(count), last,
                            nullptr, PropertyView(scene.columns));
    RC_ASSERT(then.fit + then.interest == tally.fit + tally.interest);
  }
}

// No rule and no group ever gives more than its cap, in either direction.
RC_GTEST_PROP(ScoreProperty, caps_hold, ()) {
  const Scene scene = random_scene();
  std::vector<LedgerLine> ledger;
  scene.standing(scene.now, &ledger);
  const auto magnitude = [](Points points) { return std::abs(points.micro); };
  for (const Rule& rule : scene.playbook->source.rules) {
    Points sum;
    for (const LedgerLine& line : ledger) {
      if (line.kind != LedgerLine::Kind::group_cap && line.rule == rule.name) sum += line.points;
    }
    if (rule.cap) RC_ASSERT(magnitude(sum) <= magnitude(*rule.cap));
  }
  for (const CapGroup& group : scene.playbook->source.groups) {
    Points sum;
    for (const LedgerLine& line : ledger) {
      const bool own_cap = line.kind == LedgerLine::Kind::group_cap && line.rule == group.name;
      const bool member = line.kind != LedgerLine::Kind::group_cap &&
                          std::ranges::any_of(scene.playbook->source.rules, [&](const Rule& rule) {
                            return rule.name == line.rule && rule.group == group.name;
                          });
      if (own_cap || member) sum += line.points;
    }
    RC_ASSERT(magnitude(sum) <= magnitude(group.cap));
  }
}

// Nothing changes before `valid_until`, if nothing comes in.
RC_GTEST_PROP(ScoreProperty, stays_until_it_says, ()) {
  Scene scene = random_scene();
  scene.now = std::max(scene.now, kBegin + hours{97});  // all has happened
  const Standing standing = scene.standing(scene.now);
  RC_ASSERT(standing.valid_until > scene.now);
  const Time last = std::min(standing.valid_until - Duration{1}, scene.now + kHorizon);
  const auto span = (last - scene.now).count();
  for (const Time later : {last, scene.now + Duration{span / 2}, scene.now + Duration{span / 7}}) {
    const Standing then = scene.standing(later);
    RC_ASSERT(then.fit == standing.fit);
    RC_ASSERT(then.interest == standing.interest);
  }
}

// Following next_change from check to check finds the very moment at which time alone lifts a score
// to the threshold: compared with looking at every moment at which anything could change.
RC_GTEST_PROP(ScoreProperty, a_rise_is_found_at_its_moment, ()) {
  Scene scene = random_scene();
  scene.now = kBegin + hours{97};
  const ScoreModel& model = scene.playbook->model;
  const Points threshold = scene.playbook->source.threshold;
  const Criterion handed_over =
      Criterion::parse("score >= threshold", names_of(*scene.playbook)).value();
  std::set<Time> moments;
  for (const Event& event : scene.events) {
    // Of every event up to the same end, so that no moment is left out before it.
    for (hours age{1}; event.at + age <= scene.now + kHorizon; age += hours{1}) {
      moments.insert(event.at + age);
    }
    for (const Rule& rule : scene.playbook->source.rules) {
      if (rule.window) moments.insert(event.at + *rule.window);
    }
  }
  const auto at = [&](Time now) { return score(model, scene.record, scene.events, now); };
  RC_PRE(at(scene.now).score() < threshold);
  std::optional<Time> risen;
  for (const Time moment : moments) {
    if (moment <= scene.now || at(moment).score() < threshold) continue;
    risen = moment;
    break;
  }
  std::optional<Time> check = scene.now;
  while (check && *check < scene.now + kHorizon) {
    const Standing standing = at(*check);
    if (standing.score() >= threshold) break;
    const auto next = handed_over.next_change({scene.record, &standing, "lead", nullptr, *check});
    RC_ASSERT(!next || *next > *check);
    check = next;
  }
  if (risen) RC_ASSERT(check == risen);
}

}  // namespace
}  // namespace galena::domain
