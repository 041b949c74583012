// Who is in which segment, lead by lead and moment by moment, against the words of the criteria
// (naive_criteria.hpp): whatever came in, and where nothing came in but time.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "domain/lifecycle.hpp"
#include "domain/naive_criteria.hpp"
#include "domain/timers.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;
using std::chrono::days;
using std::chrono::hours;

// A workspace over which time passes as in the engine: what is due is decided as of its own moment,
// before what comes later.
class Living {
 public:
  Living() { take(playbook_input(random_rules()), kTestTime); }
  // The same once more.
  explicit Living(const std::vector<std::pair<Time, Input>>& taken_) {
    for (const auto& [at, input] : taken_) take(input, at);
  }

  void come_to(Time now) {
    while (timers_.next() <= now) {
      log_time_ = std::max(log_time_, timers_.next());
      TimeInput due;
      while (timers_.next() <= log_time_) due.leads.push_back(timers_.take());
      run(due);
    }
    log_time_ = std::max(log_time_, now);
  }

  // What cannot be (a merge of one with itself) is refused and leaves nothing.
  void take(Input input, Time now) {
    come_to(now);
    taken.emplace_back(now, input);
    add_evidence(input, workspace.now(), rows_);
    const auto changes = decide(workspace.now(), input, log_time_);
    RC_ASSERT(changes || kind_of(input) != InputKind::event);
    if (!changes) return;
    put(input, *changes);
    while (const auto next = workspace.now().rescore_next()) {
      const RescoreInput more{*next, *next + 2, workspace.now().playbook()->version};
      put(more, decided(more));
    }
  }

  // As after a stop: from a snapshot, timers from where the log ends.
  void restart() {
    auto opened = open_base(in_memory(base_bytes(*workspace.publish())), "test");
    RC_ASSERT(opened.has_value());
    workspace = Workspace(std::move(opened->version));
    timers_.clear();
    for (LeadOrdinal i = 0; i < workspace.now().lead_count(); ++i) {
      Lead lead = workspace.now().lead(i);
      lead.standing = standing_of(workspace.now(), lead, workspace.now().log_time());
      timers_.set(i, next_change(workspace.now(), lead).value_or(Time::max()));
      workspace.refresh(i, std::make_shared<const Lead>(std::move(lead)));
    }
  }

  Workspace workspace;
  std::vector<std::pair<Time, Input>> taken;
  std::vector<Time> turned_by_time;

 private:
  Changes decided(const Input& input) const {
    auto changes = decide(workspace.now(), input, log_time_);
    RC_ASSERT(changes.has_value());
    return *changes;
  }

  void put(const Input& input, const Changes& changes) {
    rows_.push_back(row_of(input, changes));
    workspace.apply(changes);
    for (const auto& [ordinal, lead] : changes.leads) timers_.set(ordinal, lead->due_at);
  }

  void run(const TimeInput& due) {
    const Changes changes = decided(due);
    for (const auto& [ordinal, lead] : changes.leads) {
      RC_ASSERT(lead->due_at > log_time_);
      timers_.set(ordinal, lead->due_at);
    }
    if (changes.outcome.stages.empty() && changes.outcome.segments.empty()) {
      for (const auto& [ordinal, lead] : changes.leads) workspace.refresh(ordinal, lead);
      return;
    }
    turned_by_time.push_back(log_time_);
    rows_.push_back(row_of(due, changes));
    workspace.apply(changes);
  }

  std::vector<LoggedRow> rows_;
  Timers timers_;
  Time log_time_ = kTestTime;
};

Living random_life() {
  Living living;
  Time now = kTestTime;
  for (int left = *rc::gen::inRange(1, 60); left > 0; --left) {
    now += minutes{*rc::gen::element(0, 1, 20, 60 * 30)};
    const Input input = random_input(living.workspace.now(), now);
    if (!living.workspace.now().find_taken_in(identity_of(input))) living.take(input, now);
  }
  return living;
}

naive::World world_of(const State& state, const Lead& lead, const CriteriaNames& names) {
  return {names, *state.kinds(), events_of(state, lead),
          naive::told_in(state.playbook()->properties, state.properties())};
}

// By code. Each asks for the others as they are found so far, until nobody's answer changes.
std::vector<SegmentCode> members(const State& state, const Lead& lead, Time now) {
  if (lead.visitor || lead.merged_into) return {};
  const CompiledPlaybook& playbook = *state.playbook();
  const CriteriaNames names = names_of(playbook);
  const naive::World world = world_of(state, lead, names);
  const Standing standing = standing_of(state, lead, now);
  std::vector<SegmentCode> found;
  for (std::size_t round = 0; round <= playbook.segments.all.size(); ++round) {
    const Subject subject{*lead.record, &standing,       lead.stage(), nullptr,
                          now,          lead.created_at, found};
    std::vector<SegmentCode> next;
    for (const Segments::Segment& segment : playbook.segments.all) {
      if (naive::holds(world, segment.when.expression(), subject)) next.push_back(segment.code);
    }
    found = std::move(next);
  }
  std::ranges::sort(found);
  return found;
}

bool waits_for_a_stage(const State& state, const Lead& lead, Time now) {
  if (lead.visitor || lead.merged_into) return false;
  const CriteriaNames names = names_of(*state.playbook());
  const naive::World world = world_of(state, lead, names);
  const Standing standing = standing_of(state, lead, now);
  const auto segments = members(state, lead, now);
  const Subject subject{*lead.record, &standing,       lead.stage(), nullptr,
                        now,          lead.created_at, segments};
  return std::ranges::any_of(
      state.playbook()->lifecycle.ahead_of(lead.stage()), [&](const Lifecycle::Stage& stage) {
        return stage.when && naive::holds(world, stage.when->expression(), subject);
      });
}

void check_all(const Version& state, Time now) {
  std::vector<std::uint32_t> sizes(state.playbook()->segments.names.size());
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    const Lead& lead = state.lead(i);
    std::vector<SegmentCode> recorded;
    if (lead.segments) {
      for (const SegmentChange& change : lead.segments->current) recorded.push_back(change.segment);
    }
    for (const SegmentCode code : recorded) ++sizes[code];
    RC_ASSERT(recorded == members(state, lead, now));
    RC_ASSERT(!waits_for_a_stage(state, lead, now));
  }
  for (std::size_t code = 0; code < sizes.size(); ++code) {
    RC_ASSERT(state.members_of(static_cast<SegmentCode>(code)) == sizes[code]);
  }
}

RC_GTEST_PROP(MembershipProperty, is_what_the_criteria_say_at_any_time, ()) {
  Living living;
  Time now = kTestTime;
  for (int left = *rc::gen::inRange(1, 50); left > 0; --left) {
    now += minutes{*rc::gen::element(0, 1, 20, 60 * 30)};
    const Input input = random_input(living.workspace.now(), now);
    if (!living.workspace.now().find_taken_in(identity_of(input))) living.take(input, now);
    now += minutes{*rc::gen::inRange(0, 60 * 24 * 3)};
    living.come_to(now);
    check_all(living.workspace.now(), now);
  }
}

// Every moment at which a window of random_history.hpp may move, and the one just after.
std::set<Time> moments_of(const State& state, Time from, Time to) {
  std::set<Time> moments;
  const auto note = [&](Time moment) {
    for (const Time one : {moment, moment + Duration{1}}) {
      if (one > from && one < to) moments.insert(one);
    }
  };
  for (PersonOrdinal i = 0; i < state.person_count(); ++i) {
    std::vector<Event> events;
    state.person(i).history.collect(events);
    for (const Event& event : events) {
      for (const hours length :
           {hours{48}, hours{72}, hours{24 * 5}, hours{24 * 9}, hours{24 * 20}, hours{24 * 30}}) {
        note(event.at + length);
      }
    }
  }
  for (Time day = Zone::utc().begin_of(Calendar::month, from); day < to;
       day = Zone::utc().begin_of(Calendar::month, day, 1)) {
    note(day);
  }
  return moments;
}

RC_GTEST_PROP(MembershipProperty, turns_by_time_at_the_very_moment, ()) {
  Living living = random_life();
  living.turned_by_time.clear();
  const Time from = living.workspace.now().log_time();
  const auto moments = moments_of(living.workspace.now(), from, from + days{40});
  for (const Time moment : moments) {
    living.come_to(moment - Duration{1});
    check_all(living.workspace.now(), moment - Duration{1});
    living.come_to(moment);
    check_all(living.workspace.now(), moment);
  }
  // Points that fade turn the score at any hour.
  const auto& rules = living.workspace.now().playbook()->source.rules;
  if (std::ranges::any_of(rules, [](const Rule& rule) { return rule.half_life.has_value(); }))
    return;
  for (const Time turned : living.turned_by_time) {
    if (!moments.contains(turned)) RC_LOG() << format_time(turned) << " is no moment\n";
    RC_ASSERT(moments.contains(turned));
  }
}

// Whoever starts again, wherever, or looks seldom, has the same turns at the same moments.
RC_GTEST_PROP(MembershipProperty, does_not_depend_on_when_somebody_looks, ()) {
  Living living = random_life();
  Living other(living.taken);
  const Time end = living.workspace.now().log_time() + days{40};
  for (Time now = living.workspace.now().log_time(); now < end;) {
    now += hours{*rc::gen::inRange(1, 24 * 9)};
    if (*rc::gen::arbitrary<bool>()) living.restart();
    living.come_to(now);
  }
  living.come_to(end + days{10});
  other.come_to(end + days{10});
  RC_ASSERT(dump(living.workspace) == dump(other.workspace));
}

}  // namespace
}  // namespace galena::workspace
