#include "domain/erasure.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "base/json.hpp"
#include "domain/draft.hpp"
#include "domain/email_address.hpp"
#include "domain/identity.hpp"
#include "domain/record.hpp"
#include "domain/settle.hpp"
#include "domain/standpoint.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

bool contains(const std::vector<PersonOrdinal>& persons, PersonOrdinal person) {
  return std::ranges::find(persons, person) != persons.end();
}

// Who was seen with somebody erased was seen with the others alone. Gives who that was.
std::vector<PersonOrdinal> forget_sightings(Draft& draft,
                                            const std::vector<PersonOrdinal>& erased) {
  std::vector<SightingNumber> numbers;
  for (const PersonOrdinal person : erased) {
    const auto& own = draft.person(person).sightings;
    numbers.insert(numbers.end(), own.begin(), own.end());
  }
  std::ranges::sort(numbers, {}, [&](SightingNumber number) {
    return std::pair(draft.sighting(number).position, number);
  });
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  std::vector<PersonOrdinal> others;
  for (const SightingNumber number : numbers) {
    Sighting left = draft.sighting(number);
    draft.forget(number);
    for (PersonOrdinal& person : left.persons.by_role) {
      if (contains(erased, person)) {
        person = kNobody;
      } else if (person != kNobody && !contains(others, person)) {
        others.push_back(person);
      }
      // A device that was found to be shared by this stays so, whoever asks again (regroup.cpp).
      if (person != kNobody && draft.person(person).shared_since == left.position) {
        person = kNobody;
      }
    }
    if (left.is_message() && left.persons.count() > 1) draft.see(left);
  }
  return others;
}

// An erased address that somebody else told as theirs. True if there was one.
bool forget_addresses(Draft& draft, PersonOrdinal ordinal,
                      const std::vector<std::string>& addresses) {
  const auto is_erased = [&](const Fact& fact) {
    if (fact.field != Field::email) return false;
    const auto address = parse_email(fact.value);
    return address && std::ranges::find(addresses, address->key) != addresses.end();
  };
  if (std::ranges::none_of(draft.person(ordinal).facts, is_erased)) return false;
  std::vector<Fact> left;
  for (const Fact& fact : draft.person(ordinal).facts) {
    if (!is_erased(fact)) tell(left, fact);
  }
  draft.edit(ordinal).facts = std::move(left);
  return true;
}

void forget_person(Draft& draft, PersonOrdinal ordinal) {
  Person& person = draft.edit(ordinal);
  person.key.text.clear();
  person.erased = true;
  person.facts.clear();
  person.told_of.reset();
  std::vector<Event> events;
  person.history.collect(events);
  person.history = History();
  for (const Event& event : events) {
    person.history.append(erased_event(event));
    draft.forget_properties(event.position);
  }
}

// Gives the leads of others that know less now.
std::vector<LeadOrdinal> erase(Draft& draft, const std::vector<PersonOrdinal>& erased) {
  draft.move_events();
  std::vector<std::string> addresses;
  for (const PersonOrdinal person : erased) {
    const IdentityKey& key = draft.person(person).key;
    if (key.kind == KeyKind::address && !key.text.empty()) addresses.push_back(key.text);
  }
  std::vector<LeadOrdinal> leads;
  for (const PersonOrdinal other : forget_sightings(draft, erased)) {
    if (forget_addresses(draft, other, addresses)) leads.push_back(draft.person(other).lead);
  }
  for (const PersonOrdinal person : erased) forget_person(draft, person);
  std::ranges::sort(leads);
  leads.erase(std::ranges::unique(leads).begin(), leads.end());
  draft.retell_accounts(AccountDraft::Retelling::anew);
  if (!erased.empty()) draft.refold(draft.person(erased.front()).lead);
  for (const LeadOrdinal lead : leads) draft.refold(lead);
  return leads;
}

std::shared_ptr<const Suppressions> suppressions_after(const Draft& draft,
                                                       const EraseInput& input) {
  auto after = std::make_shared<Suppressions>(*draft.state().suppressions());
  if (after->secret.empty()) after->secret = input.secret;
  for (const Fingerprint& print : input.suppress) after->entries[print] = {false, draft.at()};
  for (const Fingerprint& print : input.lift) after->entries[print] = {true, draft.at()};
  if (input.lead) {
    after->erasures.push_back(
        {static_cast<std::uint32_t>(draft.position()), *input.lead, draft.at()});
  }
  return after;
}

Changes finish(Draft& draft, const EraseInput& input, Outcome outcome) {
  auto suppressions = suppressions_after(draft, input);
  Changes changes = draft.finish(std::move(outcome));
  changes.suppressions = std::move(suppressions);
  return changes;
}

// A copy of the log row without the device's id, wherever the message has it.
void without_device(json::value& value) {
  if (value.is_array()) {
    for (json::value& each : value.as_array()) without_device(each);
  }
  if (!value.is_object()) return;
  value.as_object().stable_erase("anonymousId");
  for (auto& [key, member] : value.as_object()) without_device(member);
}

}  // namespace

Time start_of_day(Time time) {
  return std::chrono::floor<std::chrono::days>(time);
}

Event erased_event(const Event& event) {
  Event erased = event;
  erased.at = start_of_day(event.at);
  erased.object = 0;
  return erased;
}

void complete_erasure(EraseInput& input, const State& state) {
  const Suppressions& known = *state.suppressions();
  if (!known.secret.empty()) input.secret.clear();
  const std::string& secret = known.secret.empty() ? input.secret : known.secret;
  input.keys.clear();
  if (!input.lead || *input.lead >= state.lead_count()) return;
  for (const PersonOrdinal person : state.lead(survivor(state, *input.lead)).persons) {
    const IdentityKey& key = state.person(person).key;
    if (key.text.empty()) continue;
    input.keys.push_back({person, key});
    const Fingerprint print = suppression_of(secret, key);
    if (std::ranges::find(input.suppress, print) == input.suppress.end()) {
      input.suppress.push_back(print);
    }
  }
}

Result<Changes> decide_erasure(const State& state, const EraseInput& input, Time now) {
  Outcome outcome;
  if (input.lead) {
    if (*input.lead >= state.lead_count()) {
      return fail(ErrorCode::not_found, "there is no such lead");
    }
    const LeadOrdinal lead = survivor(state, *input.lead);
    if (is_erased(state, lead)) return fail(ErrorCode::gone, "this person has been erased");
    if (is_organisation(state, lead)) return fail(ErrorCode::not_found, "there is no such lead");
    outcome.erased = state.lead(lead).persons;
  } else if (input.suppress.empty() && input.lift.empty()) {
    return fail(ErrorCode::invalid, "an erasure of nobody");
  }
  for (const Fingerprint& print : input.lift) {
    if (!state.suppressions()->entries.contains(print)) {
      return fail(ErrorCode::not_found, "nobody is suppressed under this");
    }
  }
  Draft draft(state, now);
  for (const LeadOrdinal lead : erase(draft, outcome.erased)) {
    draft.rescore(lead);
    decide_standpoint(draft, lead, kNoKind, outcome);
  }
  if (input.lead) {
    const LeadOrdinal lead = survivor(state, *input.lead);
    draft.edit_lead(lead).standing = {};
    decide_standpoint(draft, lead, kNoKind, outcome);
  }
  decide_colleagues(draft, outcome);
  return finish(draft, input, std::move(outcome));
}

Result<Changes> recall_erasure(const State& state, const EraseInput& input, const Outcome& outcome,
                               Time at) {
  Draft draft(state, at);
  erase(draft, outcome.erased);
  enter_stages(draft, outcome);
  enter_segments(draft, outcome);
  return finish(draft, input, outcome);
}

std::vector<Input> erasures_missing(const State& state, const Suppressions& list) {
  const Suppressions& known = *state.suppressions();
  std::vector<Input> inputs;
  if (list.entries.empty() || (!known.secret.empty() && known.secret != list.secret)) return inputs;
  EraseInput rest{.lead = std::nullopt,
                  .author = "restore",
                  .idempotency_key = {},
                  .secret = list.secret,
                  .suppress = {},
                  .lift = {},
                  .keys = {}};
  for (const auto& [print, entry] : list.entries) {
    const auto mine = known.entries.find(print);
    if (mine != known.entries.end() && mine->second.at >= entry.at) continue;
    if (!entry.lifted) rest.suppress.push_back(print);
    if (entry.lifted && mine != known.entries.end()) rest.lift.push_back(print);
  }
  if (rest.suppress.empty() && rest.lift.empty()) return inputs;
  std::vector<LeadOrdinal> leads;
  for (PersonOrdinal i = 0; i < state.person_count() && !rest.suppress.empty(); ++i) {
    const Person& person = state.person(i);
    if (person.key.text.empty()) continue;
    const Fingerprint print = suppression_of(list.secret, person.key);
    if (std::ranges::binary_search(rest.suppress, print)) leads.push_back(person.lead);
  }
  std::ranges::sort(leads);
  leads.erase(std::ranges::unique(leads).begin(), leads.end());
  inputs.push_back(rest);
  for (const LeadOrdinal lead : leads) {
    EraseInput erase = rest;
    erase.suppress.clear();
    erase.lift.clear();
    erase.lead = lead;
    inputs.push_back(std::move(erase));
  }
  return inputs;
}

bool may_come_in(const State& state, EventInput& input) {
  const Suppressions& suppressions = *state.suppressions();
  if (suppressions.entries.empty()) return true;
  const MessageKeys keys = keys_of(input, state);
  const auto held = [&](const auto& key) { return key && suppressions.holds(*key); };
  if (held(keys.user) || held(keys.address)) return false;
  const std::string& previous = input.message.previous_id;
  if (!previous.empty()) {
    const auto address = parse_email(previous);
    if (suppressions.holds({KeyKind::user, previous}) ||
        suppressions.holds({KeyKind::anonymous, previous}) ||
        (address && suppressions.holds({KeyKind::address, address->key}))) {
      return false;
    }
  }
  if (!held(keys.anonymous)) return true;
  if (!keys.user && !keys.address) return false;
  auto row = parse_json(input.text);
  GALENA_ASSERT(row.has_value());
  without_device(*row);
  const auto arrived = input.arrived;
  auto read = read_logged_event(json::serialize(*row));
  if (!read) return false;
  input = std::move(*read);
  input.arrived = arrived;
  return true;
}

}  // namespace galena::domain
