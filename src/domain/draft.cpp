#include "domain/draft.hpp"

#include <algorithm>

#include "domain/account.hpp"
#include "domain/playbook_columns.hpp"
#include "domain/record.hpp"

namespace galena::domain {
namespace {

// The index of the lead that was asked for last, kept for its room.
struct Scratch {
  const Draft* owner = nullptr;
  LeadOrdinal lead = 0;
  std::size_t person_edits = 0;
  std::vector<Event> events;
  EventIndex index;
};

Scratch& scratch() {
  thread_local Scratch scratch;
  return scratch;
}

}  // namespace

Draft::Draft(const State& state, Time at)
    : state_(state),
      position_(state.last_position() + 1),
      at_(at),
      person_count_(state.person_count()),
      lead_count_(state.lead_count()),
      accounts_(state, *this),
      playbook_(state.playbook()),
      kinds_(state.kinds()) {}

Draft::~Draft() {
  if (joined_ != nullptr) joined_->take_back(*event_);
  if (scratch().owner == this) scratch().owner = nullptr;
}

const Person& Draft::person(PersonOrdinal ordinal) const {
  const auto* edit = find_edit(persons_, ordinal);
  return edit != nullptr ? *edit->record : state_.person(ordinal);
}

const Lead& Draft::lead(LeadOrdinal ordinal) const {
  const auto* edit = find_edit(leads_, ordinal);
  return edit != nullptr ? *edit->record : state_.lead(ordinal);
}

Person& Draft::edit(PersonOrdinal ordinal) {
  ++person_edits_;
  if (const auto* edit = find_edit(persons_, ordinal)) return *edit->record;
  persons_.push_back({ordinal, std::make_shared<Person>(state_.person(ordinal))});
  return *persons_.back().record;
}

Lead& Draft::edit_lead(LeadOrdinal ordinal) {
  if (const auto* edit = find_edit(leads_, ordinal)) return *edit->record;
  leads_.push_back({ordinal, std::make_shared<Lead>(state_.lead(ordinal))});
  return *leads_.back().record;
}

Person& Draft::add_person(PersonOrdinal ordinal) {
  GALENA_ASSERT(ordinal == person_count_);
  ++person_count_;
  ++person_edits_;
  persons_.push_back({ordinal, std::make_shared<Person>()});
  return *persons_.back().record;
}

Lead& Draft::add_lead(LeadOrdinal ordinal) {
  GALENA_ASSERT(ordinal == lead_count_);
  ++lead_count_;
  auto lead = std::make_shared<Lead>();
  static const auto kNothingKnown = std::make_shared<const Record>();
  lead->record = kNothingKnown;
  lead->created_at = at_;
  lead->stages.push_back({playbook_->lifecycle.stages.front().rule.name,
                          at_,
                          {},
                          playbook_->version,
                          static_cast<std::uint32_t>(position_)});
  leads_.push_back({ordinal, std::move(lead)});
  return *leads_.back().record;
}

const Sighting& Draft::sighting(SightingNumber number) const {
  const SightingNumber known = state_.sighting_count();
  return number < known ? state_.sighting(number) : sightings_[number - known];
}

void Draft::see(const Sighting& seen) {
  const bool by_hand = !seen.is_message();
  const auto& persons = seen.persons.by_role;
  const auto sightings_of = [&](PersonOrdinal ordinal) {
    return ordinal == kNobody ? std::size_t(-1) : person(ordinal).sightings.size();
  };
  // Whoever knows fewest others is asked: a hub may not remember.
  const PersonOrdinal asked = std::ranges::min(persons, {}, sightings_of);
  for (const SightingNumber number : person(asked).sightings) {
    if (!by_hand && sighting(number).says_the_same(seen)) return;
  }
  const auto number = state_.sighting_count() + static_cast<SightingNumber>(sightings_.size());
  sightings_.push_back(seen);
  for (const PersonOrdinal ordinal : persons) {
    const bool has_room = sightings_of(ordinal) < Person::kSightingsMax;
    if (ordinal != kNobody && (by_hand || ordinal == asked || has_room)) {
      edit(ordinal).sightings.push_back(number);
    }
  }
}

void Draft::forget(SightingNumber number) {
  for (const PersonOrdinal ordinal : sighting(number).persons.by_role) {
    if (ordinal != kNobody) std::erase(edit(ordinal).sightings, number);
  }
}

KindCode Draft::kind(std::string_view name) {
  KindCode code = kinds_->find(name);
  if (code != kNoKind || kinds_->full()) return code;
  kinds_ = kinds_->with(name, code);
  if (awaits(*playbook_, name)) {
    auto compiled =
        compile_playbook(playbook_->source, playbook_->version, *kinds_, playbook_->segments.names);
    GALENA_ASSERT(compiled.has_value());  // it compiled before; only codes differ
    playbook_ = std::move(*compiled);
  }
  return code;
}

void Draft::set_playbook(std::shared_ptr<const CompiledPlaybook> playbook) {
  playbook_ = std::move(playbook);
}

void Draft::tell(std::vector<ToldProperty> told) {
  for (ToldProperty& each : told) {
    property_changes_.push_back(
        {each.slot, static_cast<std::uint32_t>(position_), std::move(each.value)});
  }
}

void Draft::forget_properties(Position position) {
  const auto columns = property_columns_ ? std::span<const PropertyColumnPtr>(*property_columns_)
                                         : state_.properties();
  for (const auto& [name, slot] : playbook_->properties) {
    const PropertyValue* value = columns[slot]->at(position);
    if (value == nullptr || outlives_erasure(name, *value)) continue;
    property_changes_.push_back({slot, static_cast<std::uint32_t>(position), std::nullopt});
  }
}

bool Draft::set_columns(std::span<const PropertyEvidence> evidence) {
  auto columns = columns_for(*playbook_, state_, evidence);
  if (!columns) return false;
  property_columns_ = std::move(columns);
  return true;
}

std::vector<const Person*> Draft::persons_of(const Lead& lead) const {
  std::vector<const Person*> persons;
  persons.reserve(lead.persons.size());
  for (const PersonOrdinal ordinal : lead.persons) {
    const Person& told = person(ordinal);
    persons.push_back(&told);
  }
  return persons;
}

void Draft::refold(LeadOrdinal ordinal) {
  Lead& changed = edit_lead(ordinal);
  const auto persons = persons_of(changed);
  auto record = fold_record(persons);
  changed.account = may_be_in_account(changed, persons) ? accounts_.home_of(*record) : kNoAccount;
  add_known(*record, accounts_.known_in(changed.account));
  changed.record = std::move(record);
  changed.visitor = true;
  for (const Person* person : persons) {
    if (person->is_named()) changed.visitor = false;
  }
}

void Draft::append(PersonOrdinal person, const Event& event) {
  GALENA_ASSERT(!event_);
  event_ = event;
  event_under_ = person;
  edit(person).history.append(event);
}

// True if the lead's events are those it had before, but for the one that came under it.
bool Draft::index_fits(LeadOrdinal ordinal) const {
  return std::ranges::all_of(persons_, [&](const Edit<Person>& edit) {
    const bool is_new = edit.ordinal >= state_.person_count();
    if (is_new) return true;
    const Person& before = state_.person(edit.ordinal);
    const bool moved = before.lead != edit.record->lead;
    const bool touches = before.lead == ordinal || edit.record->lead == ordinal;
    return !touches || (!moved && before.shared_since == edit.record->shared_since);
  });
}

// The index that the state keeps of the lead, with what came; null if there is none that fits.
EventIndex* Draft::kept_index(LeadOrdinal ordinal) {
  EventIndex* index = ordinal < state_.lead_count() ? state_.event_index(ordinal) : nullptr;
  if (index == nullptr || moves_events_ || !index_fits(ordinal)) return nullptr;
  const bool joins =
      event_ && person(event_under_).lead == ordinal && person(event_under_).owns(*event_);
  if (joins && joined_ == nullptr) {
    index->add(*event_);
    joined_ = index;
  }
  return index;
}

const EventIndex& Draft::events_of(LeadOrdinal ordinal) {
  if (const EventIndex* index = kept_index(ordinal)) return *index;
  Scratch& made = scratch();
  const bool known =
      made.owner == this && made.lead == ordinal && made.person_edits == person_edits_;
  if (!known) {
    made.index.assign(events_in_order(persons_of(lead(ordinal)), made.events));
    made.owner = this;
    made.lead = ordinal;
    made.person_edits = person_edits_;
  }
  return made.index;
}

void Draft::retell_accounts(AccountDraft::Retelling how) {
  if (!state_.keeps_accounts()) return;
  static const Person kUnknown;
  static const std::vector<ToldOf> kNothing;
  for (const Edit<Person>& edit : persons_) {
    const bool is_new = edit.ordinal >= state_.person_count();
    const Person& before = is_new ? kUnknown : state_.person(edit.ordinal);
    const Person& after = *edit.record;
    const bool counts_alike = before.shared_since == after.shared_since;
    if (before.told_of == after.told_of && counts_alike) continue;
    const auto& was = before.told_of ? *before.told_of : kNothing;
    const auto& is = after.told_of ? *after.told_of : kNothing;
    const auto has = [&](const std::vector<ToldOf>& all, const ToldOf& told) {
      return counts_alike && std::ranges::find(all, told) != all.end();
    };
    for (const ToldOf& told : was) {
      if (!has(is, told)) accounts_.retell(told.account, edit.ordinal, how);
    }
    for (const ToldOf& told : is) {
      if (!has(was, told)) accounts_.retell(told.account, edit.ordinal, how);
    }
  }
}

std::vector<LeadOrdinal> Draft::take_colleagues(std::size_t count_max) {
  std::vector<LeadOrdinal> taken;
  std::vector<AccountOrdinal> changed = accounts_.changed();
  std::ranges::sort(changed);
  changed.erase(std::ranges::unique(changed).begin(), changed.end());
  for (const AccountOrdinal whole : changed) {
    // By lead, not by part: those have other numbers after a start.
    std::vector<LeadOrdinal> first = accounts_.first_leads(whole, count_max + 1);
    if (first.size() > count_max) {
      to_ask_.push_back(whole);
      first.pop_back();
    }
    taken.insert(taken.end(), first.begin(), first.end());
  }
  std::erase_if(taken, [&](LeadOrdinal each) { return !accounts_.is_news_to(lead(each)); });
  std::ranges::sort(taken);
  taken.erase(std::ranges::unique(taken).begin(), taken.end());
  return taken;
}

// The lead is counted where it belongs now.
void Draft::settle_account(const Edit<Lead>& edit) {
  const bool is_new = edit.ordinal >= state_.lead_count();
  const AccountOrdinal before = is_new ? kNoAccount : state_.lead(edit.ordinal).account;
  Lead& after = *edit.record;
  if (after.account != kNoAccount && !may_be_in_account(after, persons_of(after))) {
    after.account = kNoAccount;
  }
  accounts_.move_lead(edit.ordinal, before, after.account);
}

void Draft::rescore(LeadOrdinal ordinal) {
  if (accounts_.is_news_to(lead(ordinal))) refold(ordinal);
  Lead& changed = edit_lead(ordinal);
  changed.standing =
      score(playbook_->model, *changed.record, events_of(ordinal), at_, nullptr, properties());
}

Changes Draft::finish(Outcome outcome) {
  if (state_.keeps_accounts())
    std::ranges::for_each(leads_, [&](auto& edit) { settle_account(edit); });
  Changes changes{.position = position_, .at = at_};
  changes.accounts = accounts_.finish();
  changes.to_ask = std::move(to_ask_);
  for (auto& edit : persons_) changes.persons.emplace_back(edit.ordinal, std::move(edit.record));
  for (auto& edit : leads_) changes.leads.emplace_back(edit.ordinal, std::move(edit.record));
  if (playbook_ != state_.playbook()) changes.playbook = playbook_;
  if (kinds_ != state_.kinds()) changes.kinds = kinds_;
  changes.sightings = std::move(sightings_);
  changes.property_columns = std::move(property_columns_);
  changes.property_changes = std::move(property_changes_);
  changes.moves_events = moves_events_;
  changes.event = event_;
  changes.outcome = std::move(outcome);
  return changes;
}

}  // namespace galena::domain
