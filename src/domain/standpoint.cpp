#include "domain/standpoint.hpp"

#include <algorithm>

#include "domain/settle.hpp"

namespace galena::domain {
namespace {

// Moves on through the stages as long as one leads to the next (a stage may read the stage).
void move_on(const Lifecycle& lifecycle, Subject& subject, KindCode happened,
             std::vector<std::string_view>& stages) {
  for (;;) {
    const auto entered = stages_entered(lifecycle, subject, happened);
    if (entered.empty()) return;
    stages.insert(stages.end(), entered.begin(), entered.end());
    subject.stage = entered.back();
    happened = kNoKind;
  }
}

Time next_moment(const CompiledPlaybook& playbook, const Subject& subject) {
  Time next = Time::max();
  const auto note = [&](const Criterion& criterion) {
    if (const auto moment = criterion.next_change(subject)) next = std::min(next, *moment);
  };
  for (const Segments::Segment& segment : playbook.segments.all) note(segment.when);
  for (const Lifecycle::Stage& stage : playbook.lifecycle.ahead_of(subject.stage)) {
    if (stage.when) note(*stage.when);
  }
  return next;
}

bool stands_nowhere(const Draft& draft, const Lead& lead) {
  return lead.visitor || lead.merged_into || draft.person(lead.persons.front()).erased;
}

// Decisions about one lead, in a row.
void enter_segments(Draft& draft, std::span<const SegmentDecision> decisions) {
  if (decisions.empty()) return;
  Lead& lead = draft.edit_lead(decisions.front().lead);
  auto story = lead.segments ? std::make_shared<SegmentStory>(*lead.segments)
                             : std::make_shared<SegmentStory>();
  for (const SegmentDecision& decided : decisions) {
    const auto code = draft.playbook().segments.code_of(decided.segment);
    GALENA_ASSERT(code.has_value());  // decided upon it, or recall has looked
    note_change(*story, {.at = draft.at(),
                         .position = static_cast<std::uint32_t>(draft.position()),
                         .segment = *code,
                         .entered = decided.entered});
  }
  lead.segments = std::move(story);
}

// From those that the lead was in to those that it is in; who goes, goes first.
void decide_segments(Draft& draft, LeadOrdinal ordinal, const std::vector<SegmentCode>& members,
                     Outcome& outcome) {
  const Lead& lead = draft.lead(ordinal);
  const auto& names = draft.playbook().segments.names;
  const std::size_t begin = outcome.segments.size();
  if (lead.segments) {
    for (const SegmentChange& known : lead.segments->current) {
      if (std::ranges::binary_search(members, known.segment)) continue;
      outcome.segments.push_back({ordinal, names[known.segment], false});
    }
  }
  for (const SegmentCode member : members) {
    if (lead.segments && lead.segments->contains(member)) continue;
    outcome.segments.push_back({ordinal, names[member], true});
  }
  enter_segments(draft, std::span(outcome.segments).subspan(begin));
}

}  // namespace

Standpoint standpoint_of(const CompiledPlaybook& playbook, Subject subject, KindCode happened) {
  Standpoint found;
  find_members(playbook.segments, SegmentPhase::before_stages, subject, found.segments);
  subject.segments = found.segments;
  move_on(playbook.lifecycle, subject, happened, found.stages);
  find_members(playbook.segments, SegmentPhase::behind_stages, subject, found.segments);
  subject.segments = found.segments;
  found.due_at = next_moment(playbook, subject);
  std::ranges::sort(found.segments);
  return found;
}

void decide_standpoint(Draft& draft, LeadOrdinal ordinal, KindCode happened, Outcome& outcome) {
  Lead& lead = draft.edit_lead(ordinal);
  Standpoint found;
  if (!stands_nowhere(draft, lead)) {
    const PropertyView told = draft.properties();
    const Subject subject{*lead.record, &lead.standing,  lead.stage(), &draft.events_of(ordinal),
                          draft.at(),   lead.created_at, {},           &told};
    found = standpoint_of(draft.playbook(), subject, happened);
  }
  for (const std::string_view stage : found.stages) {
    outcome.stages.push_back(
        {ordinal, std::string(stage), lead.standing.score(), draft.playbook().version});
    enter_stages(draft, {.stages = {outcome.stages.back()}});
  }
  decide_segments(draft, ordinal, found.segments, outcome);
  draft.edit_lead(ordinal).due_at = found.due_at;
}

void decide_colleagues(Draft& draft, Outcome& outcome) {
  for (const LeadOrdinal lead : draft.take_colleagues(kColleaguesMax)) {
    draft.rescore(lead);
    decide_standpoint(draft, lead, kNoKind, outcome);
  }
}

void enter_segments(Draft& draft, const Outcome& outcome) {
  const std::span<const SegmentDecision> all(outcome.segments);
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].lead == all[begin].lead) ++end;
    enter_segments(draft, all.subspan(begin, end - begin));
  }
}

}  // namespace galena::domain
