#include "domain/decide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "domain/draft.hpp"
#include "domain/erasure.hpp"
#include "domain/identity.hpp"
#include "domain/identity_rules.hpp"
#include "domain/settle.hpp"
#include "domain/standpoint.hpp"
#include "domain/voiding.hpp"

namespace galena::domain {
namespace {

// --- decisions: decide only --------------------------------------------------------------------

// Where a new lead begins, with the score that it begins with.
void decide_first_stage(const Draft& draft, LeadOrdinal ordinal, Outcome& outcome) {
  if (ordinal < draft.state().lead_count()) return;
  const Lead& lead = draft.lead(ordinal);
  outcome.stages.push_back(
      {ordinal, lead.stage(), lead.standing.score(), draft.playbook().version});
}

// The survivor of a merge stands where the one whose stage outweighs the other's stood.
void decide_kept_stage(Draft& draft, Outcome& outcome) {
  const Lifecycle& lifecycle = draft.playbook().lifecycle;
  for (const auto& [from, into] : outcome.merged) {
    const StageEntry& theirs = draft.lead(from).stages.back();
    if (!lifecycle.outweighs(theirs.stage, draft.lead(into).stage())) continue;
    StageDecision kept{into, theirs.stage, theirs.score, theirs.model_version};
    enter_stages(draft, {.stages = {kept}});
    outcome.stages.push_back(std::move(kept));
  }
}

Result<Changes> decide_event(const State& state, const EventInput& input, Time now) {
  Draft draft(state, now);

  // 1. Who: every key of the message finds its person and lead. From here on the lead is known.
  const MessageKeys keys = keys_of(input.message, state);
  const SeenPersons persons = find_persons(state, keys);
  Outcome outcome = identify(state, persons, input.source);

  // 2. What: the event joins its person's history, the record is folded anew if something is news.
  const auto [lead, event] = take_in(draft, input, keys, persons, outcome);

  // 3. Worth: the score needs the whole record and history, so it stands after both. A device
  //    found to be shared takes its points away from the lead it was with.
  draft.rescore(lead);
  for (const PersonOrdinal person : outcome.shared) draft.rescore(draft.person(person).lead);

  // 4. What follows: stages and segments read the score. They are promises, so they are recorded.
  //    A lead that has gone into another is in no segment any more.
  decide_first_stage(draft, lead, outcome);
  enter_stages(draft, outcome);
  decide_kept_stage(draft, outcome);
  const bool counted = event.counted && draft.person(*outcome.under).shared_since == 0;
  decide_standpoint(draft, lead, counted ? event.kind : KindCode{kNoKind}, outcome);
  for (const PersonOrdinal person : outcome.shared) {
    const LeadOrdinal other = draft.person(person).lead;
    if (other != lead) decide_standpoint(draft, other, kNoKind, outcome);
  }
  for (const auto& [from, into] : outcome.merged) decide_standpoint(draft, from, kNoKind, outcome);

  // 5. Who else: everybody in the account of which it told something.
  decide_colleagues(draft, outcome);

  return draft.finish(std::move(outcome));
}

Result<std::shared_ptr<const CompiledPlaybook>> next_playbook(const State& state,
                                                              const PlaybookInput& input) {
  auto read = read_playbook(input.toml, Playbook{});
  if (!read) return tl::unexpected(read.error());
  const std::uint32_t version = state.playbook() ? state.playbook()->version + 1 : 1;
  return compile_playbook(
      *read, version, *state.kinds(),
      state.playbook() ? state.playbook()->segments.names : std::vector<std::string>());
}

// The playbook with its columns. What was told of the erased stays forgotten, also where the log
// has not been rewritten yet. False if the log was not read as far as it goes.
bool take_over(Draft& draft, std::shared_ptr<const CompiledPlaybook> playbook,
               const PlaybookInput& input) {
  draft.set_playbook(std::move(playbook));
  if (!draft.set_columns(input.evidence)) return false;
  const State& state = draft.state();
  if (input.evidence.empty() || state.suppressions()->erasures.empty()) return true;
  std::vector<Event> events;
  state.each_person([&](PersonOrdinal, const Person& person) {
    if (person.erased) person.history.collect(events);
    return true;
  });
  for (const Event& event : events) draft.forget_properties(event.position);
  return true;
}

tl::unexpected<Error> not_read_again() {
  return fail(ErrorCode::internal, "the log was not read for the properties of a playbook");
}

Result<Changes> decide_playbook(const State& state, const PlaybookInput& input, Time now) {
  if (input.replaces != 0 && input.replaces != state.playbook()->version) {
    return fail(ErrorCode::conflict, "the playbook was changed at the same moment");
  }
  auto playbook = next_playbook(state, input);
  if (!playbook) return tl::unexpected(playbook.error());
  if ((*playbook)->lifecycle.stages.empty()) {
    return fail(ErrorCode::invalid, "a playbook needs at least one [[lifecycle.stage]]",
                "lifecycle.stage");
  }
  Draft draft(state, now);
  if (!take_over(draft, std::move(*playbook), input)) return not_read_again();
  Outcome outcome;
  // Leads are moved under the new version by continuations, a thousand at a time.
  if (state.lead_count() > 0) outcome.rescore_next = 0;
  return draft.finish(std::move(outcome));
}

// The lead that is meant by one that somebody names. Errors: not_found.
Result<LeadOrdinal> lead_named(const State& state, LeadOrdinal named) {
  if (named >= state.lead_count()) return fail(ErrorCode::not_found, "there is no such lead");
  const LeadOrdinal lead = survivor(state, named);
  if (is_organisation(state, lead)) return fail(ErrorCode::not_found, "there is no such lead");
  if (is_erased(state, lead)) return fail(ErrorCode::gone, "this person has been erased");
  if (is_taken_back(state, lead)) {
    return fail(ErrorCode::not_found, "all that was known of this lead has been taken back");
  }
  return lead;
}

Result<Changes> decide_adjustment(const State& state, const AdjustmentInput& input, Time now) {
  const auto named = lead_named(state, input.lead);
  if (!named) return tl::unexpected(named.error());
  if (input.points > AdjustmentInput::kPointsMax || input.points < -AdjustmentInput::kPointsMax) {
    return fail(ErrorCode::invalid, "an adjustment may be of 1,000,000 points", "/points");
  }
  Draft draft(state, now);
  const LeadOrdinal lead = *named;
  Outcome outcome{.under = person_named(state, input.lead)};
  draft.append(*outcome.under, adjustment_event(draft, input));
  draft.rescore(lead);
  decide_standpoint(draft, lead, kNoKind, outcome);
  return draft.finish(std::move(outcome));
}

// True if the lead was told something after that position.
bool was_told_since(const State& state, LeadOrdinal lead, Position position) {
  return std::ranges::any_of(state.lead(lead).persons, [&](PersonOrdinal person) {
    return std::ranges::any_of(state.person(person).facts,
                               [&](const Fact& fact) { return fact.position > position; });
  });
}

// What stands against merging the two unasked (ADR 0013).
std::optional<Error> fault_of_unasked(const State& state, const MergeInput::Unasked& unasked,
                                      LeadOrdinal one, LeadOrdinal other) {
  const auto conflict = [](std::string problem) {
    return Error{ErrorCode::conflict, std::move(problem), ""};
  };
  const auto& merge_from = state.playbook()->source.matching.merge_from;
  const StatePeople people(state);
  if (!merge_from || unasked.probability < *merge_from) {
    return conflict("nothing is merged unasked at this probability");
  }
  if (people.is_visitor(one) || people.is_visitor(other)) return conflict("a visitor is nobody");
  if (people.has_user(one) && people.has_user(other)) {
    return conflict("both have a user id: only by hand");
  }
  if (are_told_apart(state, one, other)) return conflict("somebody said that they are two");
  if (was_told_since(state, one, unasked.as_of) || was_told_since(state, other, unasked.as_of)) {
    return conflict("more is known of them since");
  }
  return std::nullopt;
}

// Two leads become one, as one said: what each key of them is from now on follows from that.
Result<Changes> decide_merge(const State& state, const MergeInput& input, Time now) {
  const auto lead = lead_named(state, input.lead);
  const auto other = lead_named(state, input.other);
  if (!lead) return tl::unexpected(lead.error());
  if (!other) return tl::unexpected(other.error());
  if (*lead == *other) return fail(ErrorCode::conflict, "they are one lead already");
  if (input.unasked) {
    const auto fault = fault_of_unasked(state, *input.unasked, *lead, *other);
    if (fault) return tl::unexpected(*fault);
  }
  Draft draft(state, now);
  const SeenPersons persons = persons_named(state, input.lead, input.other);
  Outcome outcome{.merged = {merge_direction(StatePeople(state), *lead, *other)}};
  const LeadOrdinal into = outcome.merged.front().second;
  outcome.under = persons.by_role.front();
  take_in_merge(draft, persons, outcome);
  draft.rescore(into);
  decide_kept_stage(draft, outcome);
  decide_standpoint(draft, into, kNoKind, outcome);
  decide_standpoint(draft, outcome.merged.front().first, kNoKind, outcome);
  return draft.finish(std::move(outcome));
}

Changes said_distinct(const State& state, const DistinctInput& input, Outcome outcome, Time at) {
  Draft draft(state, at);
  draft.see({static_cast<std::uint32_t>(draft.position()), Sighting::Kind::distinct,
             persons_named(state, input.lead, input.other)});
  return draft.finish(std::move(outcome));
}

Result<Changes> decide_distinct(const State& state, const DistinctInput& input, Time now) {
  const auto lead = lead_named(state, input.lead);
  const auto other = lead_named(state, input.other);
  if (!lead) return tl::unexpected(lead.error());
  if (!other) return tl::unexpected(other.error());
  if (*lead == *other) return fail(ErrorCode::conflict, "they are one lead");
  Outcome outcome{.under = persons_named(state, input.lead, input.other).by_role.front()};
  return said_distinct(state, input, std::move(outcome), now);
}

void decide_one_by_time(Draft& draft, LeadOrdinal lead, Outcome& outcome) {
  draft.rescore(lead);
  decide_standpoint(draft, lead, kNoKind, outcome);
}

Result<Changes> decide_rescore(const State& state, const RescoreInput& input, Time now) {
  Draft draft(state, now);
  Outcome outcome;
  if (input.playbook_version != draft.playbook().version) {
    return fail(ErrorCode::conflict, "a newer playbook has taken over");
  }
  const LeadOrdinal end = std::min(input.to, state.lead_count());
  for (LeadOrdinal lead = input.from; lead < end; ++lead) decide_one_by_time(draft, lead, outcome);
  if (end < state.lead_count()) outcome.rescore_next = end;
  return draft.finish(std::move(outcome));
}

Result<Changes> decide_time(const State& state, const TimeInput& input, Time now) {
  Draft draft(state, now);
  Outcome outcome;
  // Two moments of one lead may come due together; it enters a stage once.
  std::unordered_set<LeadOrdinal> decided;
  for (const LeadOrdinal lead : input.leads) {
    if (lead >= state.lead_count() || !decided.insert(lead).second) continue;
    decide_one_by_time(draft, lead, outcome);
  }
  return draft.finish(std::move(outcome));
}

// --- recall --------------------------------------------------------------------------------------

tl::unexpected<Error> does_not_fit(const State& state) {
  return fail(ErrorCode::internal,
              fmt::format("log position {}: the recorded outcome does not fit the input",
                          state.last_position() + 1));
}

// The same for what an undo found.
bool fits_regrouping(const State& state, const Outcome& outcome) {
  LeadOrdinal leads = state.lead_count();
  const auto is_person = [&](PersonOrdinal person) { return person < state.person_count(); };
  for (const auto& [lead, persons] : outcome.groups) {
    if (lead > leads || persons.empty() || !std::ranges::all_of(persons, is_person)) return false;
    if (lead == leads) ++leads;
  }
  return std::ranges::all_of(outcome.gone,
                             [&](const auto& gone) {
                               return gone.first < state.lead_count() && gone.second < leads;
                             }) &&
         std::ranges::all_of(outcome.shared_since,
                             [&](const auto& shared) { return is_person(shared.first); }) &&
         std::ranges::all_of(outcome.restaged, [&](const auto& restaged) {
           return restaged.first < leads && !restaged.second.empty();
         });
}

// The same for segments; leads may come with the outcome.
bool fits_segments(const State& state, const Outcome& outcome) {
  const std::size_t leads = state.lead_count() + outcome.landings.size() + outcome.groups.size();
  return std::ranges::all_of(outcome.segments, [&](const SegmentDecision& decided) {
    return decided.lead < leads && state.playbook() != nullptr &&
           state.playbook()->segments.code_of(decided.segment).has_value();
  });
}

// True if all that the outcome names is there or comes with it, new ordinals in their order.
bool fits(const State& state, const Outcome& outcome, const SeenPersons& persons) {
  PersonOrdinal person_count = state.person_count();
  LeadOrdinal leads = state.lead_count();
  for (const Landing& landing : outcome.landings) {
    if (landing.person != persons.of(landing.role) || landing.lead > leads) return false;
    if (landing.lead == leads) ++leads;
    if (landing.person == person_count) ++person_count;
  }
  const auto is_there = [&](PersonOrdinal person) {
    return person == kNobody || person < person_count;
  };
  return (!outcome.under || *outcome.under < person_count) &&
         std::ranges::all_of(persons.by_role, is_there) &&
         std::ranges::all_of(outcome.merged,
                             [&](const auto& merged) {
                               return merged.first < leads && merged.second < leads &&
                                      merged.first != merged.second;
                             }) &&
         std::ranges::all_of(outcome.shared,
                             [&](PersonOrdinal person) { return person < person_count; }) &&
         std::ranges::all_of(outcome.stages,
                             [&](const StageDecision& stage) { return stage.lead < leads; }) &&
         std::ranges::all_of(outcome.erased,
                             [&](PersonOrdinal person) { return person < person_count; }) &&
         fits_segments(state, outcome) && fits_regrouping(state, outcome);
}

Result<Changes> recall_event(const State& state, const EventInput& input, const MessageKeys& keys,
                             const SeenPersons& persons, const Outcome& outcome, Time at) {
  Draft draft(state, at);
  take_in(draft, input, keys, persons, outcome);
  enter_stages(draft, outcome);
  enter_segments(draft, outcome);
  return draft.finish(outcome);
}

Result<Changes> recall_merge(const State& state, const MergeInput& input, const Outcome& outcome,
                             Time at) {
  if (outcome.merged.size() != 1 || std::max(input.lead, input.other) >= state.lead_count()) {
    return does_not_fit(state);
  }
  Draft draft(state, at);
  take_in_merge(draft, persons_named(state, input.lead, input.other), outcome);
  enter_stages(draft, outcome);
  enter_segments(draft, outcome);
  return draft.finish(outcome);
}

Result<Changes> recall_playbook(const State& state, const PlaybookInput& input,
                                const Outcome& outcome, Time at) {
  auto playbook = next_playbook(state, input);
  if (!playbook) return tl::unexpected(playbook.error());
  Draft draft(state, at);
  if (!take_over(draft, std::move(*playbook), input)) return not_read_again();
  return draft.finish(outcome);
}

Result<Changes> recall_stages(const State& state, const Outcome& outcome, Time at) {
  Draft draft(state, at);
  enter_stages(draft, outcome);
  enter_segments(draft, outcome);
  return draft.finish(outcome);
}

}  // namespace

namespace {

Result<Changes> decide_by_kind(const State& state, const Input& input, Time now) {
  switch (kind_of(input)) {
    case InputKind::event:
      return decide_event(state, std::get<EventInput>(input), now);
    case InputKind::playbook:
      return decide_playbook(state, std::get<PlaybookInput>(input), now);
    case InputKind::adjustment:
      return decide_adjustment(state, std::get<AdjustmentInput>(input), now);
    case InputKind::rescore:
      return decide_rescore(state, std::get<RescoreInput>(input), now);
    case InputKind::time:
      return decide_time(state, std::get<TimeInput>(input), now);
    case InputKind::merge:
      return decide_merge(state, std::get<MergeInput>(input), now);
    case InputKind::voiding:
      return decide_void(state, std::get<VoidInput>(input), now);
    case InputKind::erasure:
      return decide_erasure(state, std::get<EraseInput>(input), now);
    case InputKind::distinct:
      return decide_distinct(state, std::get<DistinctInput>(input), now);
  }
  return fail(ErrorCode::internal, "an input of no known kind");
}

Result<Changes> recall_by_kind(const State& state, const Input& input, const Outcome& outcome,
                               Time at) {
  switch (kind_of(input)) {
    case InputKind::event: {
      const auto& event = std::get<EventInput>(input);
      const MessageKeys keys = keys_of(event, state);
      const SeenPersons persons = find_persons(state, keys, event.gone);
      if (!outcome.under || !fits(state, outcome, persons)) return does_not_fit(state);
      return recall_event(state, event, keys, persons, outcome, at);
    }
    case InputKind::playbook:
      return recall_playbook(state, std::get<PlaybookInput>(input), outcome, at);
    case InputKind::adjustment: {
      if (!outcome.under) return does_not_fit(state);
      Draft draft(state, at);
      draft.append(*outcome.under, adjustment_event(draft, std::get<AdjustmentInput>(input)));
      enter_stages(draft, outcome);
      enter_segments(draft, outcome);
      return draft.finish(outcome);
    }
    case InputKind::rescore:
    case InputKind::time:
      return recall_stages(state, outcome, at);
    case InputKind::merge:
      return recall_merge(state, std::get<MergeInput>(input), outcome, at);
    case InputKind::voiding:
      if (!outcome.under) return does_not_fit(state);
      return recall_void(state, std::get<VoidInput>(input), outcome, at);
    case InputKind::erasure:
      return recall_erasure(state, std::get<EraseInput>(input), outcome, at);
    case InputKind::distinct: {
      const auto& said = std::get<DistinctInput>(input);
      if (std::max(said.lead, said.other) >= state.lead_count()) return does_not_fit(state);
      return said_distinct(state, said, outcome, at);
    }
  }
  return fail(ErrorCode::internal, "an input of no known kind");
}

void finish(const Input& input, Changes& changes) {
  changes.identity = identity_of(input);
  const InputKind kind = kind_of(input);
  changes.ends_rescore =
      (kind == InputKind::playbook || kind == InputKind::rescore) && !changes.outcome.rescore_next;
}

}  // namespace

Result<Changes> decide(const State& state, const Input& input, Time now) {
  auto changes = decide_by_kind(state, input, now);
  if (changes) finish(input, *changes);
  return changes;
}

Result<Changes> recall(const State& state, const Input& input, const Outcome& outcome, Time at) {
  const bool has_keys = std::holds_alternative<EventInput>(input);
  if (!has_keys && !fits(state, outcome, SeenPersons::none())) return does_not_fit(state);
  auto changes = recall_by_kind(state, input, outcome, at);
  if (changes) finish(input, *changes);
  if (changes) changes->recalled = true;
  return changes;
}

std::vector<Event> events_of(const State& state, const Lead& lead) {
  std::vector<const Person*> persons;
  for (const PersonOrdinal person : lead.persons) persons.push_back(&state.person(person));
  std::vector<Event> events;
  events_in_order(persons, events);
  return events;
}

Standing standing_of(const State& state, const Lead& lead, Time now,
                     std::vector<LedgerLine>* ledger) {
  return score(state.playbook()->model, *lead.record, events_of(state, lead), now, ledger,
               PropertyView(state.properties()));
}

std::optional<Time> next_change(const State& state, const Lead& lead) {
  if (lead.visitor || lead.merged_into) return std::nullopt;
  if (state.person(lead.persons.front()).erased) return std::nullopt;
  const CompiledPlaybook& playbook = *state.playbook();
  const LeadOrdinal ordinal = state.person(lead.persons.front()).lead;
  const EventIndex* kept = state.event_index(ordinal);
  const EventIndex events = kept != nullptr ? EventIndex() : EventIndex(events_of(state, lead));
  const Time now = lead.standing.computed_at;
  const PropertyView told(state.properties());
  const Subject subject{
      *lead.record, &lead.standing,  lead.stage(), kept != nullptr ? kept : &events,
      now,          lead.created_at, {},           &told};
  const Standpoint found = standpoint_of(playbook, subject, kNoKind);
  const auto known =
      lead.segments ? std::span(lead.segments->current) : std::span<const SegmentChange>();
  const bool as_recorded = found.stages.empty() && std::ranges::equal(found.segments, known, {}, {},
                                                                      &SegmentChange::segment);
  if (!as_recorded) return now;
  if (found.due_at == Time::max()) return std::nullopt;
  return found.due_at;
}

}  // namespace galena::domain
