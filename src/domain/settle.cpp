#include "domain/settle.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "domain/record.hpp"

namespace galena::domain {
namespace {

void merge_leads(Draft& draft, const Outcome& outcome) {
  for (const auto& [from, into] : outcome.merged) {
    for (const PersonOrdinal person : draft.lead(from).persons) {
      draft.edit(person).lead = into;
      draft.edit_lead(into).persons.push_back(person);
    }
    Lead& gone = draft.edit_lead(from);
    gone.merged_into = into;
    gone.persons.resize(1);  // an undo finds out again who was in it
    draft.edit_lead(into).created_at = std::min(draft.lead(into).created_at, gone.created_at);
  }
}

// What kind of key was erased from the row.
KeyKind kind_of_gone(const EventInput& input, KeyRole role) {
  switch (role) {
    case KeyRole::user:
      return KeyKind::user;
    case KeyRole::address:
      return KeyKind::address;
    case KeyRole::anonymous:
      return KeyKind::anonymous;
    case KeyRole::previous:
      break;
  }
  return input.gone_previous_is_user ? KeyKind::user : KeyKind::anonymous;
}

// Puts the keys where they were decided to be: makes what is new, moves what was merged. True if a
// lead has persons that it had not.
bool settle_persons(Draft& draft, const EventInput& input, const Outcome& outcome,
                    const MessageKeys& keys) {
  bool joined = !outcome.merged.empty();
  for (const Landing& landing : outcome.landings) {
    if (landing.lead == draft.lead_count()) draft.add_lead(landing.lead);
    const bool is_new = landing.person == draft.person_count();
    if (!is_new && !draft.person(landing.person).nobody) continue;
    if (!is_new) draft.edit_lead(draft.person(landing.person).lead).merged_into = landing.lead;
    Person& person = is_new ? draft.add_person(landing.person) : draft.edit(landing.person);
    if (const auto& key = keys.of(landing.role)) {
      person.key = *key;
    } else if (is_new) {
      person.key = {kind_of_gone(input, landing.role), ""};
    }
    person.nobody = false;
    person.lead = landing.lead;
    Lead& lead = draft.edit_lead(landing.lead);
    if (lead.persons.empty()) person.began = landing.lead;
    lead.persons.push_back(landing.person);
    joined = true;
  }
  merge_leads(draft, outcome);
  for (const PersonOrdinal person : outcome.shared) {
    draft.edit(person).shared_since = static_cast<std::uint32_t>(draft.position());
  }
  return joined;
}

KindCode kind_of_message(Draft& draft, const EventInput& input) {
  const Message& message = input.message;
  switch (message.type) {
    case MessageType::track:
      return draft.kind(message.event);
    case MessageType::page:
      return message.path.starts_with("/pricing") ? kPricingViewed : kPageViewed;
    case MessageType::screen:
      return kScreenViewed;
    case MessageType::identify:
      return input.source == Source::import ? kImported : kIdentified;
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
              .kind = kind_of_message(draft, input)};
  const KindTraits traits = kind_traits(event.kind);
  // Only an adjustment input adjusts; an event of that name is kept and counts for nothing.
  event.counted =
      event.kind != kScoreAdjusted && !(traits.trusted_only && input.source == Source::browser);
  if (traits.per_message && !message.email_id.empty()) {
    event.object = stable_hash(message.email_id);
  }
  return event;
}

}  // namespace

bool says_facts(const EventInput& input, const MessageKeys& keys) {
  return !input.message.traits.empty() || keys.address.has_value();
}

namespace {

// What the person told of the organisation so far, to be added to. Null: of too many.
std::vector<Fact>* facts_of(std::vector<ToldOf>& told_of, const AccountKey& account) {
  const auto known = std::ranges::find(told_of, account, &ToldOf::account);
  if (known != told_of.end()) return &known->facts;
  if (told_of.size() >= Person::kToldOfMax) return nullptr;
  return &told_of.emplace_back(account, std::vector<Fact>()).facts;
}

// What a group tells of itself. True if it was news.
bool add_facts_of(Person& person, const AccountKey& account, const std::vector<Fact>& told) {
  if (told.empty()) return false;
  auto told_of = person.told_of ? std::make_shared<std::vector<ToldOf>>(*person.told_of)
                                : std::make_shared<std::vector<ToldOf>>();
  std::vector<Fact>* facts = facts_of(*told_of, account);
  if (facts == nullptr) return false;
  bool news = false;
  for (const Fact& fact : told) news |= tell(*facts, fact);
  if (news) person.told_of = std::move(told_of);
  return news;
}

}  // namespace

bool add_facts(Person& person, const EventInput& input, const MessageKeys& keys,
               const Event& event) {
  const auto told = [&](Field field, const std::string& value) {
    return Fact{field, input.source, event.at, event.known_at, event.position, value};
  };
  const auto organisation = organisation_told(input.message, input.source);
  std::vector<Fact> of_organisation;
  bool news = false;
  for (const auto& [field, value] : input.message.traits) {
    if (organisation && field != Field::company_id) {
      of_organisation.push_back(told(field, value));
    } else {
      news |= tell(person.facts, told(field, value));
    }
  }
  if (organisation) news |= add_facts_of(person, *organisation, of_organisation);
  // Without the trait, an address among the keys can only be the user id.
  if (keys.address && input.message.trait(Field::email).empty()) {
    Fact fact = told(Field::email, keys.address->text);
    fact.implied = true;
    news |= tell(person.facts, std::move(fact));
  }
  return news;
}

std::optional<Sighting> sighting_of(const SeenPersons& persons, Source source, Position position) {
  if (persons.count() < 2) return std::nullopt;
  const auto kind =
      source == Source::browser ? Sighting::Kind::browser_message : Sighting::Kind::message;
  return Sighting{static_cast<std::uint32_t>(position), kind, persons};
}

TakenEvent take_in(Draft& draft, const EventInput& input, const MessageKeys& keys,
                   const SeenPersons& persons, const Outcome& outcome) {
  const bool joined = settle_persons(draft, input, outcome, keys);
  const auto sighting = sighting_of(persons, input.source, draft.position());
  if (sighting) draft.see(*sighting);
  const Event event = event_of(draft, input);
  draft.append(*outcome.under, event);
  draft.tell(properties_told(input.text, draft.playbook().properties));
  const bool news = add_facts(draft.edit(*outcome.under), input, keys, event);
  if (news) draft.retell_accounts(AccountDraft::Retelling::added);
  const LeadOrdinal lead = draft.person(*outcome.under).lead;
  if (news || joined) draft.refold(lead);
  for (const PersonOrdinal person : outcome.shared) draft.refold(draft.person(person).lead);
  return {lead, event};
}

void take_in_merge(Draft& draft, const SeenPersons& persons, const Outcome& outcome) {
  merge_leads(draft, outcome);
  draft.see({static_cast<std::uint32_t>(draft.position()), Sighting::Kind::merge, persons});
  draft.move_events();
  for (const auto& [from, into] : outcome.merged) draft.refold(into);
}

void enter_stages(Draft& draft, const Outcome& outcome) {
  for (const StageDecision& decided : outcome.stages) {
    StageEntry entry{decided.stage, draft.at(), decided.score, decided.model_version,
                     static_cast<std::uint32_t>(draft.position())};
    auto& stages = draft.edit_lead(decided.lead).stages;
    // A new lead stands at its first stage already, but nobody knew with what score.
    const StageEntry& last = stages.back();
    if (last.position == entry.position && last.stage == entry.stage) stages.pop_back();
    stages.push_back(std::move(entry));
  }
}

Event adjustment_event(const Draft& draft, const AdjustmentInput& input) {
  return {.at = draft.at(),
          .known_at = draft.at(),
          .position = static_cast<std::uint32_t>(draft.position()),
          .kind = kScoreAdjusted,
          .value = input.points.micro};
}

namespace {

// When the first of the lead's events that still stand came to be known.
void renew_created_at(Draft& draft, LeadOrdinal lead) {
  std::vector<Event> events;
  for (const Person* person : draft.persons_of(draft.lead(lead))) person->history.collect(events);
  std::erase_if(events, &Event::voided);
  if (events.empty()) return;
  draft.edit_lead(lead).created_at = std::ranges::min(events, {}, &Event::position).known_at;
}

}  // namespace

std::optional<Position> birth_of(const Person& person) {
  std::vector<Event> events;
  person.history.collect(events);
  const auto first = std::ranges::find_if(
      events, [](const Event& event) { return !event.voided && event.kind != kScoreAdjusted; });
  if (first == events.end()) return std::nullopt;
  return first->position;
}

bool is_nobody(const Draft& draft, const Person& person) {
  const bool seen = std::ranges::any_of(
      person.sightings, [&](SightingNumber number) { return draft.sighting(number).is_message(); });
  return !seen && !birth_of(person);
}

std::vector<LeadOrdinal> leads_retold(const Draft& draft, const Outcome& outcome) {
  std::vector<LeadOrdinal> leads;
  for (const auto& [lead, persons] : outcome.groups) leads.push_back(lead);
  for (const auto& [person, since] : outcome.shared_since) {
    leads.push_back(draft.person(person).lead);
  }
  if (outcome.under) leads.push_back(draft.person(*outcome.under).lead);
  std::ranges::sort(leads);
  leads.erase(std::ranges::unique(leads).begin(), leads.end());
  return leads;
}

void regroup_as(Draft& draft, const Outcome& outcome) {
  draft.move_events();
  for (const auto& [lead, persons] : outcome.groups) {
    if (lead == draft.lead_count()) draft.add_lead(lead);
    Lead& changed = draft.edit_lead(lead);
    changed.persons = persons;
    changed.merged_into.reset();
    for (const PersonOrdinal ordinal : persons) {
      Person& person = draft.edit(ordinal);
      person.lead = lead;
      person.nobody = is_nobody(draft, person);
    }
    draft.edit(persons.front()).began = lead;
  }
  for (const auto& [from, into] : outcome.gone) {
    Lead& gone = draft.edit_lead(from);
    gone.persons.resize(1);
    gone.merged_into = into;
  }
  for (const auto& [person, since] : outcome.shared_since) draft.edit(person).shared_since = since;
  draft.retell_accounts(AccountDraft::Retelling::anew);
  for (const LeadOrdinal lead : leads_retold(draft, outcome)) {
    draft.refold(lead);
    renew_created_at(draft, lead);
  }
  for (const auto& [lead, stages] : outcome.restaged) draft.edit_lead(lead).stages = stages;
}

}  // namespace galena::domain
