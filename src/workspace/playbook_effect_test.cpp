// What a change would do, against deciding about each lead by itself.
#include "workspace/playbook_effect.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/decide.hpp"
#include "domain/playbook_columns.hpp"
#include "domain/standpoint.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

struct Expected {
  std::uint64_t scored = 0, changed = 0;
  std::map<std::pair<std::string, std::string>, std::uint64_t> stages;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> segments;
  std::vector<LeadOrdinal> changed_leads;
  std::map<LeadOrdinal, Points> after;
};

void note_segments(const CompiledPlaybook& next, const Lead& lead,
                   const std::vector<SegmentCode>& members, Expected& expected) {
  static const SegmentStory kNone;
  const SegmentStory& story = lead.segments ? *lead.segments : kNone;
  for (const SegmentCode code : members) {
    if (!story.contains(code)) ++expected.segments[next.segments.names[code]].first;
  }
  for (const SegmentChange& entry : story.current) {
    if (std::ranges::binary_search(members, entry.segment)) continue;
    ++expected.segments[next.segments.names[entry.segment]].second;
  }
}

void note_lead(const Version& state, const CompiledPlaybook& next, const PropertyView& told,
               LeadOrdinal ordinal, Time now, Expected& expected) {
  const Lead& lead = state.lead(ordinal);
  if (lead.merged_into || lead.visitor || is_erased(state, ordinal)) return;
  ++expected.scored;
  const Points before = standing_of(state, lead, now).score();
  const EventIndex events(events_of(state, lead));
  const Standing after = score(next.model, *lead.record, events, now, nullptr, told);
  const Standpoint then = standpoint_of(
      next, {*lead.record, &after, lead.stage(), &events, now, lead.created_at, {}, &told},
      kNoKind);
  expected.after[ordinal] = after.score();
  note_segments(next, lead, then.segments, expected);
  if (before == after.score() && then.stages.empty()) return;
  ++expected.changed;
  expected.changed_leads.push_back(ordinal);
  if (then.stages.empty()) return;
  ++expected.stages[{lead.stage(), std::string(then.stages.back())}];
}

RC_GTEST_PROP(PlaybookEffectProperty, is_what_deciding_about_each_would_do, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 120));
  const VersionPtr state = history.workspace.publish();
  const Time now = history.now() + minutes{*rc::gen::element(0, 60 * 24 * 20)};
  Playbook rules = random_rules();
  if (*rc::gen::inRange(0, 3) == 0) rules.stages.erase(rules.stages.begin() + 1);
  const auto next = compile_playbook(rules, state->playbook()->version + 1, *state->kinds(),
                                     state->playbook()->segments.names);
  if (!next) return;  // a segment or rule asked for the stage that was taken away
  PlaybookInput input{write_playbook(rules), "user 1", ""};
  add_evidence(input, *state, history.rows);
  const auto told = columns_for(**next, *state, input.evidence);
  RC_ASSERT(told.has_value());
  const PropertyView view(*told);
  Expected expected;
  for (LeadOrdinal i = 0; i < state->lead_count(); ++i) {
    note_lead(*state, **next, view, i, now, expected);
  }
  LeadTable table;
  const auto look = table.look(state, now);
  const PlaybookEffect effect = effect_of(look, **next, view);
  RC_ASSERT(effect.scored == expected.scored);
  RC_ASSERT(effect.changed == expected.changed);
  RC_ASSERT(effect.stages.size() == expected.stages.size());
  for (const auto& [move, count] : expected.stages)
    RC_ASSERT(effect.stages.at(move).count == count);
  RC_ASSERT(effect.segments.size() == expected.segments.size());
  for (const auto& [name, counts] : expected.segments) {
    RC_ASSERT(effect.segments.at(name).first.count == counts.first);
    RC_ASSERT(effect.segments.at(name).second.count == counts.second);
  }
  std::size_t at = 0;
  for (const PlaybookEffect::Change& change : effect.sample) {
    RC_ASSERT(change.lead == expected.changed_leads.at(at++));
    RC_ASSERT(change.after == expected.after.at(change.lead));
  }
  std::uint64_t all = 0;
  for (const std::uint64_t count : effect.after) all += count;
  RC_ASSERT(all == expected.scored);
}

}  // namespace
}  // namespace galena::workspace
