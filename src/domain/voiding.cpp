#include "domain/voiding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/email_address.hpp"
#include "domain/erased_rows.hpp"
#include "domain/regroup.hpp"
#include "domain/restage.hpp"
#include "domain/settle.hpp"
#include "domain/standpoint.hpp"

namespace galena::domain {
namespace {

constexpr std::size_t kEvidenceMax = 100'000;  // rows that are read again for one event
constexpr std::size_t kLeadsMax = 10'000;      // whose stages are told again

std::vector<Event> events_under(const Person& person) {
  std::vector<Event> events;
  person.history.collect(events);
  return events;
}

// Of events in log order.
const Event* event_at(const std::vector<Event>& events, Position position) {
  const auto found = std::ranges::lower_bound(events, position, {}, &Event::position);
  return found != events.end() && found->position == position ? &*found : nullptr;
}

bool is_event(const LoggedInput& row) {
  return std::holds_alternative<EventInput>(row.input);
}

bool is_said_of_two(const LoggedInput& row) {
  return std::holds_alternative<MergeInput>(row.input) ||
         std::holds_alternative<DistinctInput>(row.input);
}

// An undo of one input: what it has to do with.
class Voiding {
 public:
  Voiding(const State& state, const VoidInput& input) : state_(state), input_(input) {
    const LoggedInput* voided = input.voided_input();
    if (voided == nullptr || !voided->outcome.under) return;
    if (*voided->outcome.under >= state.person_count()) return;
    voided_ = voided;
    under_ = *voided->outcome.under;
    find_persons_seen();
    find_sighting();
  }

  // What stands against it.
  std::optional<Error> fault() const {
    const LoggedInput* named = input_.voided_input();
    if (named == nullptr) return Error{ErrorCode::not_found, "there is no such event", ""};
    const bool may = is_event(*named) || is_said_of_two(*named) ||
                     std::holds_alternative<AdjustmentInput>(named->input);
    if (!may || voided_ == nullptr) {
      return Error{ErrorCode::invalid,
                   "only events and what was said by hand of a lead can be taken back", ""};
    }
    if (state_.person(under_).erased) {
      return Error{ErrorCode::gone, "whoever this was of has been erased", ""};
    }
    const std::vector<Event> events = events_under(state_.person(under_));
    const Event* event = event_at(events, input_.voids);
    const bool stands =
        is_said_of_two(*voided_) ? sighting_.has_value() : event != nullptr && !event->voided;
    if (!stands) return Error{ErrorCode::conflict, "it has been taken back already", ""};
    if (input_.evidence.size() > kEvidenceMax) {
      return Error{ErrorCode::conflict, "too much was sent of this person to tell it again", ""};
    }
    return std::nullopt;
  }

  PersonOrdinal under() const { return under_; }

  // Whether it has to be found out again who is one with whom: only if it said that somebody is
  // there or who belongs to whom.
  bool concerns_identity() const {
    if (sighting_) return true;
    return is_event(*voided_) && birth_of(state_.person(under_)) == input_.voids;
  }

  std::vector<LeadOrdinal> leads() const {
    std::vector<LeadOrdinal> leads;
    for (const PersonOrdinal person : seen_) leads.push_back(state_.person(person).lead);
    return leads;
  }

  // Marks it and tells its person's own story again: facts, and who they were seen with.
  void take_back(Draft& draft) const {
    draft.move_events();
    if (sighting_) draft.forget(*sighting_);
    if (is_said_of_two(*voided_)) return;
    draft.edit(under_).history.take_back(static_cast<std::uint32_t>(input_.voids));
    if (!is_event(*voided_)) return;
    if (input_.evidence.size() > 1 || told_facts()) retell_facts(draft);
    if (sighting_) see_again(draft);
  }

  // The event, adjustment or merge by hand that stands on a person of whom nothing else does, or
  // did by then: a merge of somebody who was not there yet would be lost.
  std::optional<Position> stands_on_nobody(const Draft& draft) const {
    for (const PersonOrdinal ordinal : seen_) {
      const Person& person = draft.person(ordinal);
      if (const auto merge = merge_before_all(draft, person)) return merge;
      if (!is_nobody(draft, person)) continue;
      if (!person.sightings.empty()) return draft.sighting(person.sightings.front()).position;
      const std::vector<Event> events = events_under(person);
      const auto stands = std::ranges::find(events, false, &Event::voided);
      if (stands != events.end()) return stands->position;
    }
    return std::nullopt;
  }

 private:
  static std::optional<Position> merge_before_all(const Draft& draft, const Person& person) {
    Position first = birth_of(person).value_or(std::numeric_limits<Position>::max());
    std::optional<Position> merge;
    for (const SightingNumber number : person.sightings) {
      const Sighting& sighting = draft.sighting(number);
      if (sighting.is_message()) first = std::min<Position>(first, sighting.position);
      if (sighting.kind != Sighting::Kind::merge) continue;
      merge = std::min<Position>(merge.value_or(sighting.position), sighting.position);
    }
    return merge && *merge < first ? merge : std::nullopt;
  }

  bool told_facts() const {
    const auto* event = std::get_if<EventInput>(&voided_->input);
    return event != nullptr && says_facts(*event, keys_of(*event, state_));
  }

  void find_persons_seen() {
    seen_ = {under_};
    if (const auto* event = std::get_if<EventInput>(&voided_->input)) {
      for (const PersonOrdinal person : persons_of(*event, voided_->outcome).by_role) {
        if (person < state_.person_count()) seen_.push_back(person);
      }
    }
    std::ranges::sort(seen_);
    seen_.erase(std::ranges::unique(seen_).begin(), seen_.end());
  }

  // Who the keys of a row are: as it was decided, where it was.
  SeenPersons persons_of(const EventInput& event, const Outcome& outcome) const {
    SeenPersons persons = find_persons(state_, keys_of(event, state_), event.gone);
    for (const Landing& landing : outcome.landings) persons.of(landing.role) = landing.person;
    // Of the erased nothing is told any more. (A row that is about to be rewritten still has their
    // keys, under which nobody is found.)
    for (PersonOrdinal& person : persons.by_role) {
      if (person >= state_.person_count() || state_.person(person).erased) person = kNobody;
    }
    return persons;
  }

  void find_sighting() {
    for (const PersonOrdinal person : seen_) {
      for (const SightingNumber number : state_.person(person).sightings) {
        if (state_.sighting(number).position == input_.voids) sighting_ = number;
      }
    }
    if (!sighting_) return;
    for (const PersonOrdinal person : state_.sighting(*sighting_).persons.by_role) {
      const bool is_seen = std::ranges::find(seen_, person) != seen_.end();
      if (person != kNobody && !is_seen) seen_.push_back(person);
    }
  }

  // What the person's messages say, without those that are taken back.
  void retell_facts(Draft& draft) const {
    const std::vector<Event> events = events_under(draft.person(under_));
    Person& person = draft.edit(under_);
    person.facts.clear();
    person.told_of.reset();
    for (const LoggedInput& row : input_.evidence) {
      const auto* told = std::get_if<EventInput>(&row.input);
      const Event* event = event_at(events, row.position);
      if (told == nullptr || event == nullptr || event->voided) continue;
      if (state_.suppressions()->entries.empty()) {
        add_facts(person, *told, keys_of(*told, state_), *event);
        continue;
      }
      const bool names_erased = names_erased_address(*told, *event);
      EventInput left = *told;
      std::erase_if(left.message.traits, [&](const auto& trait) {
        return trait.first == Field::email ? names_erased : mentions_erased(trait.second, *event);
      });
      MessageKeys keys = keys_of(left, state_);
      if (names_erased) keys.address.reset();
      add_facts(person, left, keys, *event);
    }
  }

  bool may_be(PersonOrdinal previous, const EventInput& told) const {
    const std::string& id = told.message.previous_id;
    return id.empty() ? told.gone.of(KeyRole::previous) == previous
                      : state_.person(previous).key.text == id;
  }

  // True if the address has been erased since the event came.
  bool was_erased_since(const IdentityKey& address, const Event& event) const {
    const Suppressions& suppressions = *state_.suppressions();
    const auto entry = suppressions.entries.find(suppression_of(suppressions.secret, address));
    return entry != suppressions.entries.end() && event.known_at <= entry->second.at;
  }

  // The row is only to be rewritten then: by its key, or in other words.
  bool names_erased_address(const EventInput& told, const Event& event) const {
    const MessageKeys keys = keys_of(told, state_);
    return keys.address && was_erased_since(*keys.address, event);
  }
  bool mentions_erased(std::string_view text, const Event& event) const {
    if (!text.contains('@') && !text.contains("%40")) return false;
    return std::ranges::any_of(addresses_in(text), [&](const std::string& address) {
      const auto parsed = parse_email(address);
      return parsed && was_erased_since({KeyKind::address, parsed->key}, event);
    });
  }

  // A sighting that is taken back stays told if a later message says the same.
  void see_again(Draft& draft) const {
    const Sighting& sighting = state_.sighting(*sighting_);
    const std::vector<Event> events = events_under(draft.person(under_));
    for (const LoggedInput& row : input_.evidence) {
      const auto* told = std::get_if<EventInput>(&row.input);
      const Event* event = event_at(events, row.position);
      if (told == nullptr || event == nullptr || event->voided) continue;
      SeenPersons persons = persons_of(*told, row.outcome);
      // Whose a previous id is depends on when it is asked. This one, if it may be this one.
      const PersonOrdinal previous = sighting.persons.of(KeyRole::previous);
      if (previous != kNobody && may_be(previous, *told)) {
        persons.of(KeyRole::previous) = previous;
      }
      const auto again = sighting_of(persons, told->source, row.position);
      if (again && again->says_the_same(sighting)) return draft.see(*again);
    }
  }

  const State& state_;
  const VoidInput& input_;
  const LoggedInput* voided_ = nullptr;
  PersonOrdinal under_ = 0;
  std::vector<PersonOrdinal> seen_;  // everybody it spoke of
  std::optional<SightingNumber> sighting_;
};

// The stages of all leads that this has to do with, as they are before it: `leads`, and those that
// were part of another since.
StagesBefore stages_before(const Draft& draft, const Regrouping& regrouping, const Outcome& outcome,
                           const std::vector<LeadOrdinal>& leads) {
  StagesBefore before;
  const auto note = [&](LeadOrdinal lead) {
    if (lead < draft.state().lead_count()) before[lead] = draft.state().lead(lead).stages;
  };
  for (const auto& [from, into] : outcome.gone) note(from);
  for (const Regrouping::Merge& merge : regrouping.merged_since) note(merge.from);
  for (const LeadOrdinal lead : leads) note(lead);
  return before;
}

// With those in the accounts of which something was told anew: who entered a stage since, and who
// is the first to hear of what is another now.
std::vector<LeadOrdinal> leads_with_colleagues(Draft& draft, Position since,
                                               std::vector<LeadOrdinal> leads) {
  std::set<LeadOrdinal> colleagues;
  for (const LeadOrdinal lead : draft.take_colleagues(kColleaguesMax)) colleagues.insert(lead);
  for (const AccountOrdinal whole : draft.accounts().retold()) {
    draft.accounts().each_lead(whole, [&](LeadOrdinal lead) {
      if (draft.lead(lead).stages.back().position >= since) colleagues.insert(lead);
    });
  }
  for (const LeadOrdinal lead : leads) colleagues.erase(lead);
  leads.insert(leads.end(), colleagues.begin(), colleagues.end());
  return leads;
}

// Worth, then stages: each input since is asked again what stage it gives.
void retell_stages(Draft& draft, const std::vector<LeadOrdinal>& leads, Position since,
                   const Regrouping& regrouping, Outcome& outcome) {
  const StagesBefore before = stages_before(draft, regrouping, outcome, leads);
  AccountStories accounts(draft);
  for (const LeadOrdinal lead : leads) {
    draft.rescore(lead);
    auto stages = stages_retold(draft, lead, since, regrouping, before, accounts);
    if (stages == draft.lead(lead).stages) continue;
    draft.edit_lead(lead).stages = stages;
    outcome.restaged.emplace_back(lead, std::move(stages));
  }
  // A lead that was merged since may be given back one day: not with what it owed to this.
  for (const auto& [lead, stages] : before) {
    if (!draft.lead(lead).merged_into) continue;
    auto kept = stages;
    std::erase_if(kept, [&](const StageEntry& entry) { return entry.position >= since; });
    if (kept.empty()) kept.push_back(stages.front());
    if (kept == draft.lead(lead).stages) continue;
    draft.edit_lead(lead).stages = kept;
    outcome.restaged.emplace_back(lead, std::move(kept));
  }
}

}  // namespace

std::vector<Position> evidence_wanted(const State& state, const LoggedInput& input) {
  const auto& under = input.outcome.under;
  const auto* event = std::get_if<EventInput>(&input.input);
  if (event == nullptr || !under || *under >= state.person_count()) return {input.position};
  const Person& person = state.person(*under);
  // What says nothing of anybody needs no other rows.
  if (!says_facts(*event, keys_of(*event, state)) &&
      std::ranges::none_of(person.sightings, [&](SightingNumber number) {
        return state.sighting(number).position == input.position;
      })) {
    return {input.position};
  }
  std::vector<Position> positions;
  for (const Event& sent : events_under(person)) {
    if (!sent.voided && positions.size() <= kEvidenceMax) positions.push_back(sent.position);
  }
  return positions;
}

Result<Changes> decide_void(const State& state, const VoidInput& input, Time now) {
  const Voiding voiding(state, input);
  if (const auto fault = voiding.fault()) return tl::unexpected(*fault);
  Draft draft(state, now);
  Outcome outcome{.under = voiding.under()};

  // 1. What is taken back counts no more, and what its person told is told without it.
  voiding.take_back(draft);
  if (const auto position = voiding.stands_on_nobody(draft)) {
    return fail(ErrorCode::conflict,
                fmt::format("nothing else is known of this person than what evt_{} says by hand; "
                            "take that back first",
                            *position));
  }

  // 2. Who is one with whom, as if it had never been.
  Regrouping regrouping;
  if (voiding.concerns_identity()) {
    auto regrouped = regroup(draft, voiding.leads(), input.voids);
    if (!regrouped) return tl::unexpected(regrouped.error());
    regrouping = std::move(*regrouped);
    outcome.groups = regrouping.groups;
    outcome.gone = regrouping.gone;
    outcome.shared_since = regrouping.shared_since;
  }
  regroup_as(draft, outcome);

  // 3. What it was worth, and what followed from it, for them and their colleagues.
  const auto leads = leads_with_colleagues(draft, input.voids, leads_retold(draft, outcome));
  if (leads.size() > kLeadsMax) {
    return fail(ErrorCode::conflict, "too many people of this company have moved on since then");
  }
  retell_stages(draft, leads, input.voids, regrouping, outcome);
  for (const LeadOrdinal lead : leads) decide_standpoint(draft, lead, kNoKind, outcome);
  for (const auto& [from, into] : outcome.gone) decide_standpoint(draft, from, kNoKind, outcome);
  return draft.finish(std::move(outcome));
}

Result<Changes> recall_void(const State& state, const VoidInput& input, const Outcome& outcome,
                            Time at) {
  const Voiding voiding(state, input);
  if (voiding.fault()) {
    return fail(ErrorCode::internal, "what the log takes back here is not to be taken back");
  }
  Draft draft(state, at);
  voiding.take_back(draft);
  regroup_as(draft, outcome);
  enter_stages(draft, outcome);
  enter_segments(draft, outcome);
  return draft.finish(outcome);
}

}  // namespace galena::domain
