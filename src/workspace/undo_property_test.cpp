// Taking back is as if it had never been: one story is told with inputs that are taken back, the
// other with nothing in their place, and nobody can tell which is which.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "domain/draft.hpp"
#include "domain/regroup.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

// What takes a place in the log and does nothing.
Input nothing() {
  return TimeInput{};
}

std::string shown(const FieldValue& value) {
  return value.known() ? fmt::format("{}@{}", value.value, value.position) : "";
}

// A lead as its user sees it, by keys and not by numbers. Without its stages: they are asked again
// by what is remembered of facts, which is less than was told (ADR 0008).
std::string portrait(const State& state, const Lead& lead, Time now) {
  std::set<std::string> keys;
  for (const PersonOrdinal ordinal : lead.persons) {
    const Person& person = state.person(ordinal);
    if (person.nobody) continue;
    keys.insert(fmt::format("{}{}*{}", static_cast<int>(person.key.kind), person.key.text,
                            person.shared_since));
  }
  if (keys.empty()) return "";
  std::string text =
      fmt::format("{}: {} {}", fmt::join(keys, " "), lead.visitor, to_ms(lead.created_at));
  for (const FieldValue& value : lead.record->fields) text += "," + shown(value);
  std::vector<LedgerLine> ledger;
  const Standing standing = standing_of(state, lead, now, &ledger);
  text += fmt::format(" = {} + {}", standing.fit.micro, standing.interest.micro);
  for (const LedgerLine& line : ledger) {
    text += fmt::format(" {}@{}:{}", line.rule, line.position, line.points.micro);
  }
  return text;
}

std::multiset<std::string> portraits(const State& state, Time now) {
  std::multiset<std::string> leads;
  for (LeadOrdinal i = 0; i < state.lead_count(); ++i) {
    if (state.lead(i).merged_into) continue;
    std::string portrait_of = portrait(state, state.lead(i), now);
    if (!portrait_of.empty()) leads.insert(std::move(portrait_of));
  }
  return leads;
}

void show(const std::vector<LoggedRow>& rows) {
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (rows[at].kind == InputKind::playbook) continue;
    RC_LOG() << at + 1 << " " << rows[at].input << " => " << rows[at].outcome << "\n";
  }
}

void expect_equal(const std::multiset<std::string>& one, const std::multiset<std::string>& other) {
  for (const std::string& lead : one) {
    if (one.count(lead) != other.count(lead)) RC_LOG() << "is:     " << lead << "\n";
  }
  for (const std::string& lead : other) {
    if (one.count(lead) != other.count(lead)) RC_LOG() << "should: " << lead << "\n";
  }
  RC_ASSERT(one == other);
}

// A workspace with its log.
struct Told {
  Workspace workspace;
  std::vector<LoggedRow> rows;

  bool take(Input input, Time now) {
    add_evidence(input, workspace.now(), rows);
    const auto changes = decide(workspace.now(), input, now);
    if (!changes) return false;
    rows.push_back(row_of(input, *changes));
    workspace.apply(*changes);
    return true;
  }
};

RC_GTEST_PROP(UndoProperty, a_merge_taken_back_never_was, ()) {
  Told with, without;
  Time now = kTestTime;
  for (Told* told : {&with, &without}) told->take(playbook_input(standard_playbook()), now);
  std::vector<Position> merges;
  for (int count = *rc::gen::inRange(2, 60); count > 0; --count) {
    now += minutes{*rc::gen::element(0, 1, 20, 60 * 30)};
    const LeadOrdinal leads = with.workspace.now().lead_count();
    if (leads > 1 && *rc::gen::inRange(0, 8) == 0) {
      const MergeInput merge{*rc::gen::inRange<LeadOrdinal>(0, leads),
                             *rc::gen::inRange<LeadOrdinal>(0, leads), "same", "user 1", ""};
      if (!with.take(merge, now)) continue;
      merges.push_back(with.workspace.now().last_position());
      RC_ASSERT(without.take(nothing(), now));
      continue;
    }
    const Input input = random_event(now);
    RC_ASSERT(with.take(input, now) && without.take(input, now));
  }
  std::size_t undone = 0;
  while (!merges.empty()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, merges.size());
    if (with.take(VoidInput{.voids = merges[at], .reason = "", .author = "user 1"}, now)) ++undone;
    merges.erase(merges.begin() + std::ptrdiff_t(at));
    without.take(nothing(), now);
  }
  RC_CLASSIFY(undone > 0);
  RC_CLASSIFY(undone > 1);
  const auto should = portraits(without.workspace.now(), now);
  if (portraits(with.workspace.now(), now) != should) show(with.rows);
  expect_equal(portraits(with.workspace.now(), now), should);
}

// Not an alias of a text that may be a user id: which it was taken for when it came, it stays.
Input random_clear_event(Time now) {
  EventInput event = random_event(now);
  while (event.message.previous_id.starts_with("u")) event = random_event(now);
  return event;
}

RC_GTEST_PROP(UndoProperty, an_event_taken_back_never_was, ()) {
  Told with, without;
  Time now = kTestTime;
  for (Told* told : {&with, &without}) told->take(playbook_input(standard_playbook()), now);
  std::vector<Position> wrong;
  std::vector<Position> taken_back;
  for (int count = *rc::gen::inRange(2, 50); count > 0; --count) {
    now += minutes{*rc::gen::element(0, 1, 20, 60 * 30)};
    const Input input = random_clear_event(now);
    RC_ASSERT(with.take(input, now));
    const bool is_wrong = *rc::gen::inRange(0, 4) == 0;
    RC_ASSERT(without.take(is_wrong ? nothing() : input, now));
    if (is_wrong) wrong.push_back(with.workspace.now().last_position());
    // Some mistakes are seen at once, some at the end.
    if (!wrong.empty() && *rc::gen::inRange(0, 6) == 0) {
      RC_ASSERT(with.take(VoidInput{.voids = wrong.back(), .reason = "", .author = "user 1"}, now));
      RC_ASSERT(without.take(nothing(), now));
      taken_back.push_back(wrong.back());
      wrong.pop_back();
    }
  }
  while (!wrong.empty()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, wrong.size());
    RC_ASSERT(with.take(VoidInput{.voids = wrong[at], .reason = "", .author = "user 1"}, now));
    RC_ASSERT(without.take(nothing(), now));
    wrong.erase(wrong.begin() + std::ptrdiff_t(at));
  }
  RC_CLASSIFY(!taken_back.empty());
  const auto should = portraits(without.workspace.now(), now);
  if (portraits(with.workspace.now(), now) != should) show(with.rows);
  expect_equal(portraits(with.workspace.now(), now), should);
}

// The story told again as it was finds everybody where they are.
RC_GTEST_PROP(UndoProperty, nothing_taken_back_changes_nothing, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(1, 120));
  const Version& state = history.workspace.now();
  const Draft draft(state, history.now());
  for (LeadOrdinal lead = 0; lead < state.lead_count(); ++lead) {
    if (state.lead(lead).merged_into) continue;
    const auto regrouping = regroup(draft, std::vector{lead}, 1);
    RC_ASSERT(regrouping.has_value());
    if (!regrouping->groups.empty()) show(history.rows);
    RC_ASSERT(regrouping->groups.empty());
    RC_ASSERT(regrouping->shared_since.empty());
    for (const auto& [from, into] : regrouping->gone) RC_ASSERT(survivor(state, from) == into);
  }
}

}  // namespace
}  // namespace galena::workspace
