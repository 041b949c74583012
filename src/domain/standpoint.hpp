// Where a lead stands by the rules: its stages, its segments, and until when. The station of decide
// behind the score; what it decides is recorded, and recall enters the same.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "domain/draft.hpp"

namespace galena::domain {

// What the rules say about a lead at one moment.
struct Standpoint {
  std::vector<std::string_view> stages;  // that it enters now, in order
  std::vector<SegmentCode> segments;     // that it is in, by code
  // When any of this may turn if nothing comes in: the very moment, or an earlier one at which to
  // ask again; Time::max(): never.
  Time due_at = Time::max();
};

// `subject` stands at the stage that was last recorded; `happened` is the event just taken in
// (kNoKind if none). Order: segments that do not read the stage, stages, the other segments.
Standpoint standpoint_of(const CompiledPlaybook& playbook, Subject subject, KindCode happened);

// Decides about one lead whose score is computed, and enters what was decided. A visitor, a lead
// that has become part of another, and who has been erased, moves through no stages and is in no
// segment.
void decide_standpoint(Draft& draft, LeadOrdinal lead, KindCode happened, Outcome& outcome);

// What was told of an organisation counts for everybody in it: the leads whose account knows
// something else are scored and decided about, some at once, the rest as soon as this is over.
constexpr std::size_t kColleaguesMax = 100;
void decide_colleagues(Draft& draft, Outcome& outcome);

// Enters the segments that an outcome holds.
void enter_segments(Draft& draft, const Outcome& outcome);

}  // namespace galena::domain
