#include "domain/decide.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "domain/draft.hpp"
#include "domain/identity.hpp"
#include "domain/record.hpp"
#include "domain/settle.hpp"

namespace galena::domain {
namespace {

// --- facts: the same for decide and recall -----------------------------------------------------

// Puts the keys where they were decided to be: makes what is new, moves what was merged.
void settle_persons(Draft& draft, const Outcome& outcome, const MessageKeys& keys) {
  for (const Landing& landing : outcome.landings) {
    if (landing.lead == draft.lead_count()) draft.add_lead(landing.lead);
    if (landing.person < draft.person_count()) continue;
    Person& person = draft.add_person(landing.person);
    person.key = *keys.of(landing.role);
    person.lead = landing.lead;
    draft.edit_lead(landing.lead).persons.push_back(landing.person);
  }
  for (const auto& [from, into] : outcome.merged) {
    for (const PersonOrdinal person : draft.lead(from).persons) {
      draft.edit(person).lead = into;
      draft.edit_lead(into).persons.push_back(person);
    }
    // The merged lead keeps its list of persons: that is what an unmerge gives back.
    draft.edit_lead(from).merged_into = into;
    draft.edit_lead(into).created_at =
        std::min(draft.lead(into).created_at, draft.lead(from).created_at);
  }
  for (const PersonOrdinal person : outcome.shared) {
    draft.edit(person).shared_since = static_cast<std::uint32_t>(draft.position());
  }
}

KindCode kind_of_message(Draft& draft, const Message& message) {
  switch (message.type) {
    case MessageType::track:
      return draft.kind(message.event);
    case MessageType::page:
      return message.path.starts_with("/pricing") ? kPricingViewed : kPageViewed;
    case MessageType::screen:
      return kScreenViewed;
    case MessageType::identify:
      return kIdentified;
    case MessageType::group:
      return kGrouped;
    case MessageType::alias:
      break;
  }
  return kAliased;
}

Event event_of(Draft& draft, const EventInput& input) {
  const Message& message = input.message;
  // The clock at arrival corrects the client's; log time only orders (they differ after a clock ran
  // back).
  const Time arrived = input.arrived.value_or(draft.at());
  Event event{.at = std::min(message.event_time(arrived), draft.at()),
              .known_at = draft.at(),
              .position = static_cast<std::uint32_t>(draft.position()),
              .kind = kind_of_message(draft, message)};
  const KindTraits traits = kind_traits(event.kind);
  // Only an adjustment input adjusts; an event of that name is kept and counts for nothing.
  event.counted =
      event.kind != kScoreAdjusted && !(traits.trusted_only && input.source == Source::browser);
  if (traits.per_message && !message.email_id.empty()) {
    event.object = stable_hash(message.email_id);
  }
  return event;
}

// True if a fact was news, so that the record must be folded again.
bool add_facts(Draft& draft, PersonOrdinal ordinal, const EventInput& input,
               const MessageKeys& keys, Time at) {
  const auto told = [&](Field field, const std::string& value) {
    return Fact{field, input.source, at, draft.at(), static_cast<std::uint32_t>(draft.position()),
                value};
  };
  bool news = false;
  for (const auto& [field, value] : input.message.traits) {
    news |= tell(draft.edit(ordinal).facts, told(field, value));
  }
  // Without the trait, an address among the keys can only be the user id.
  if (keys.address && input.message.trait(Field::email).empty()) {
    Fact fact = told(Field::email, keys.address->text);
    fact.implied = true;
    news |= tell(draft.edit(ordinal).facts, std::move(fact));
  }
  return news;
}

// All that follows from what an event says and from who it was found to be. Gives the lead.
LeadOrdinal take_in(Draft& draft, const EventInput& input, const Outcome& outcome,
                    const MessageKeys& keys, Event& event) {
  settle_persons(draft, outcome, keys);
  event = event_of(draft, input);
  draft.append(*outcome.under, event);
  const bool news = add_facts(draft, *outcome.under, input, keys, event.at);
  const LeadOrdinal lead = draft.person(*outcome.under).lead;
  const bool persons_changed = draft.person_count() != draft.state().person_count();
  if (news || persons_changed || !outcome.merged.empty()) draft.refold(lead);
  for (const PersonOrdinal person : outcome.shared) draft.refold(draft.person(person).lead);
  return lead;
}

Event adjustment_event(const Draft& draft, const AdjustmentInput& input) {
  return {.at = draft.at(),
          .known_at = draft.at(),
          .position = static_cast<std::uint32_t>(draft.position()),
          .kind = kScoreAdjusted,
          .value = input.points.micro};
}

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
  Event event;

  // 1. Who: every key of the message finds its person and lead. From here on the lead is known.
  const MessageKeys keys = keys_of(input.message, state);
  Outcome outcome = identify(state, keys, input.source);

  // 2. What: the event joins its person's history, the record is folded anew if something is news.
  const LeadOrdinal lead = take_in(draft, input, outcome, keys, event);

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
  settle(draft, lead, counted ? event.kind : KindCode{kNoKind}, outcome);
  for (const PersonOrdinal person : outcome.shared) {
    if (draft.person(person).lead != lead)
      settle(draft, draft.person(person).lead, kNoKind, outcome);
  }
  for (const auto& [from, into] : outcome.merged) settle(draft, from, kNoKind, outcome);

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
  draft.set_playbook(std::move(*playbook));
  Outcome outcome;
  // Leads are moved under the new version by continuations, a thousand at a time.
  if (state.lead_count() > 0) outcome.rescore_next = 0;
  return draft.finish(std::move(outcome));
}

// The person of a lead that a manual change goes to: not a shared device, whose events no longer
// count.
PersonOrdinal person_to_adjust(const State& state, const Lead& lead) {
  for (const PersonOrdinal person : lead.persons) {
    if (state.person(person).shared_since == 0) return person;
  }
  return lead.persons.front();
}

Result<Changes> decide_adjustment(const State& state, const AdjustmentInput& input, Time now) {
  if (input.lead >= state.lead_count()) return fail(ErrorCode::not_found, "there is no such lead");
  if (input.points > AdjustmentInput::kPointsMax || input.points < -AdjustmentInput::kPointsMax) {
    return fail(ErrorCode::invalid, "an adjustment may be of 1,000,000 points", "/points");
  }
  Draft draft(state, now);
  const LeadOrdinal lead = survivor(state, input.lead);
  Outcome outcome{.under = person_to_adjust(state, state.lead(lead))};
  draft.append(*outcome.under, adjustment_event(draft, input));
  draft.rescore(lead);
  settle(draft, lead, kNoKind, outcome);
  return draft.finish(std::move(outcome));
}

void decide_one_by_time(Draft& draft, LeadOrdinal lead, Outcome& outcome) {
  draft.rescore(lead);
  settle(draft, lead, kNoKind, outcome);
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
  for (const LeadOrdinal lead : input.leads) {
    if (lead < state.lead_count()) decide_one_by_time(draft, lead, outcome);
  }
  return draft.finish(std::move(outcome));
}

// --- recall --------------------------------------------------------------------------------------

// True if all that the outcome names is there or comes with it, new ordinals in their order.
bool fits(const State& state, const Outcome& outcome, const MessageKeys& keys) {
  PersonOrdinal persons = state.person_count();
  LeadOrdinal leads = state.lead_count();
  for (const Landing& landing : outcome.landings) {
    if (landing.lead > leads || landing.person > persons || !keys.of(landing.role)) return false;
    if (landing.lead == leads) ++leads;
    if (landing.person == persons) ++persons;
  }
  return (!outcome.under || *outcome.under < persons) &&
         std::ranges::all_of(outcome.merged,
                             [&](const auto& merged) {
                               return merged.first < leads && merged.second < leads &&
                                      merged.first != merged.second;
                             }) &&
         std::ranges::all_of(outcome.shared,
                             [&](PersonOrdinal person) { return person < persons; }) &&
         std::ranges::all_of(outcome.stages,
                             [&](const StageDecision& stage) { return stage.lead < leads; }) &&
         std::ranges::all_of(outcome.segments, [&](const SegmentDecision& decided) {
           return decided.lead < leads && state.playbook() != nullptr &&
                  state.playbook()->segments.code_of(decided.segment);
         });
}

Result<Changes> recall_event(const State& state, const EventInput& input, const MessageKeys& keys,
                             const Outcome& outcome, Time at) {
  Draft draft(state, at);
  Event event;
  take_in(draft, input, outcome, keys, event);
  enter_stages(draft, outcome);
  enter_segments(draft, outcome);
  return draft.finish(outcome);
}

Result<Changes> recall_playbook(const State& state, const PlaybookInput& input,
                                const Outcome& outcome, Time at) {
  auto playbook = next_playbook(state, input);
  if (!playbook) return tl::unexpected(playbook.error());
  Draft draft(state, at);
  draft.set_playbook(std::move(*playbook));
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
  }
  return fail(ErrorCode::internal, "an input of no known kind");
}

Result<Changes> recall_by_kind(const State& state, const Input& input, const MessageKeys& keys,
                               const Outcome& outcome, Time at) {
  switch (kind_of(input)) {
    case InputKind::event:
      return recall_event(state, std::get<EventInput>(input), keys, outcome, at);
    case InputKind::playbook:
      return recall_playbook(state, std::get<PlaybookInput>(input), outcome, at);
    case InputKind::adjustment: {
      Draft draft(state, at);
      draft.append(*outcome.under, adjustment_event(draft, std::get<AdjustmentInput>(input)));
      enter_stages(draft, outcome);
      enter_segments(draft, outcome);
      return draft.finish(outcome);
    }
    case InputKind::rescore:
    case InputKind::time:
      return recall_stages(state, outcome, at);
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
  const auto* event = std::get_if<EventInput>(&input);
  const MessageKeys keys = event != nullptr ? keys_of(event->message, state) : MessageKeys{};
  const bool needs_no_person = event == nullptr && !std::holds_alternative<AdjustmentInput>(input);
  if (!(outcome.under || needs_no_person) || !fits(state, outcome, keys)) {
    return fail(ErrorCode::internal,
                fmt::format("log position {}: the recorded outcome does not fit the input",
                            state.last_position() + 1));
  }
  auto changes = recall_by_kind(state, input, keys, outcome, at);
  if (changes) finish(input, *changes);
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
  return score(state.playbook()->model, *lead.record, events_of(state, lead), now, ledger);
}

std::optional<Time> next_change(const State& state, const Lead& lead) {
  if (lead.visitor || lead.merged_into) return std::nullopt;
  const CompiledPlaybook& playbook = *state.playbook();
  const LeadOrdinal ordinal = state.person(lead.persons.front()).lead;
  const EventIndex* kept = state.event_index(ordinal);
  const EventIndex events = kept != nullptr ? EventIndex() : EventIndex(events_of(state, lead));
  const Time now = lead.standing.computed_at;
  const Standpoint found = standpoint_of(playbook,
                                         {*lead.record, &lead.standing, lead.stage(),
                                          kept != nullptr ? kept : &events, now, lead.created_at},
                                         kNoKind);
  const auto known =
      lead.segments ? std::span(lead.segments->current) : std::span<const SegmentChange>();
  const bool as_recorded = found.stages.empty() && std::ranges::equal(found.segments, known, {}, {},
                                                                      &SegmentChange::segment);
  if (!as_recorded) return now;
  if (found.due_at == Time::max()) return std::nullopt;
  return found.due_at;
}

}  // namespace galena::domain
