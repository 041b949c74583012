#include "domain/erasure.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "base/json.hpp"
#include "domain/draft.hpp"
#include "domain/email_address.hpp"
#include "domain/erased_rows.hpp"
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

// The facts without those that name one of the addresses: true if there was one.
template <class IsOut>
bool forget_facts(std::vector<Fact>& facts, const IsOut& is_out) {
  if (std::ranges::none_of(facts, is_out)) return false;
  std::vector<Fact> left;
  for (const Fact& fact : facts) {
    if (!is_out(fact)) tell(left, fact);
  }
  facts = std::move(left);
  return true;
}

// An erased address that somebody else told, as theirs or in other words. (As theirs only if they
// were seen together.) Their rows lose those words, too. True if there was one.
bool forget_addresses(Draft& draft, PersonOrdinal ordinal, const Person& before,
                      std::span<const std::string> addresses, bool were_seen) {
  const auto is_out = [&](const Fact& fact) {
    return (were_seen || fact.field != Field::email) && mentions_address(fact.value, addresses);
  };
  const bool names_in_told_of =
      before.told_of && std::ranges::any_of(*before.told_of, [&](const ToldOf& told) {
        return std::ranges::any_of(told.facts, is_out);
      });
  if (!names_in_told_of && std::ranges::none_of(before.facts, is_out)) return false;
  Person& person = draft.edit(ordinal);
  forget_facts(person.facts, is_out);
  if (!names_in_told_of) return true;
  auto told_of = std::make_shared<std::vector<ToldOf>>(*person.told_of);
  for (ToldOf& told : *told_of) forget_facts(told.facts, is_out);
  std::erase_if(*told_of, [](const ToldOf& told) { return told.facts.empty(); });
  person.told_of = told_of->empty() ? nullptr : std::move(told_of);
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
std::vector<LeadOrdinal> erase(Draft& draft, const EraseInput& input,
                               const std::vector<PersonOrdinal>& erased) {
  draft.move_events();
  std::vector<std::string> addresses;
  for (const PersonOrdinal person : erased) {
    const IdentityKey& key = draft.person(person).key;
    if (key.kind == KeyKind::address && !key.text.empty()) addresses.push_back(key.text);
  }
  // While the log is being rewritten only the erasure's own row has them all.
  for (const auto& [person, key] : input.keys) {
    if (key.kind == KeyKind::address) addresses.push_back(key.text);
  }
  std::vector<LeadOrdinal> leads;
  const std::vector<PersonOrdinal> seen = forget_sightings(draft, erased);
  draft.state().each_person([&](PersonOrdinal other, const Person& person) {
    if (addresses.empty()) return false;
    if (person.erased || contains(erased, other)) return true;
    if (forget_addresses(draft, other, person, addresses, contains(seen, other))) {
      leads.push_back(person.lead);
    }
    return true;
  });
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
  for (const LeadOrdinal lead : erase(draft, input, outcome.erased)) {
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
  erase(draft, input, outcome.erased);
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
  state.each_person([&](PersonOrdinal, const Person& person) {
    if (rest.suppress.empty()) return false;
    if (person.key.text.empty()) return true;
    const Fingerprint print = suppression_of(list.secret, person.key);
    if (std::ranges::binary_search(rest.suppress, print)) leads.push_back(person.lead);
    return true;
  });
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
