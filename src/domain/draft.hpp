// New records under way: a view of the state in which some persons and leads are already replaced.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/account_draft.hpp"
#include "domain/edits.hpp"
#include "domain/score.hpp"
#include "domain/state.hpp"

namespace galena::domain {

class Draft {
 public:
  Draft(const State& state, Time at);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const State& state() const { return state_; }
  Position position() const { return position_; }
  Time at() const { return at_; }
  const CompiledPlaybook& playbook() const { return *playbook_; }
  const std::shared_ptr<const KindTable>& kinds() const { return kinds_; }

  const Person& person(PersonOrdinal ordinal) const;
  const Lead& lead(LeadOrdinal ordinal) const;
  Person& edit(PersonOrdinal ordinal);
  Lead& edit_lead(LeadOrdinal ordinal);
  // The next free ordinal; the caller may only add in order.
  Person& add_person(PersonOrdinal ordinal);
  Lead& add_lead(LeadOrdinal ordinal);
  PersonOrdinal person_count() const { return person_count_; }
  LeadOrdinal lead_count() const { return lead_count_; }

  const Sighting& sighting(SightingNumber number) const;
  // The persons have been seen together. A message's sighting that says only what another says
  // is left out.
  void see(const Sighting& sighting);
  // The sighting is told by nobody any more.
  void forget(SightingNumber number);
  // The lead's events are others than before, beyond one that was appended.
  void move_events() { moves_events_ = true; }

  // The event joins the person's history. At most one in an input.
  void append(PersonOrdinal person, const Event& event);

  // The code of an event name; a new name is added, which may make a waiting rule match.
  KindCode kind(std::string_view name);
  void set_playbook(std::shared_ptr<const CompiledPlaybook> playbook);

  // The event that was appended tells this.
  void tell(std::vector<ToldProperty> told);
  // What the event at the position told goes, but for what outlives an erasure.
  void forget_properties(Position position);
  // What events tell, the one that was appended included. Lasts until one tells more.
  PropertyView properties() const {
    return PropertyView(state_.properties(), position_, property_changes_);
  }
  // The columns of a playbook that was set, for what it asks: those there are, and what was read
  // again. False if one is missing or does not go as far as the log.
  bool set_columns(std::span<const PropertyEvidence> evidence);

  void refold(LeadOrdinal lead);
  // With what is known of its account by now.
  void rescore(LeadOrdinal lead);

  const AccountDraft& accounts() const { return accounts_; }
  // The persons that were edited tell something else of organisations than before.
  void retell_accounts(AccountDraft::Retelling how);
  // The leads whose account knows something else by that, but for those that were folded since: of
  // each account the first `count_max`. The rest is left to be asked as soon as this is over.
  std::vector<LeadOrdinal> take_colleagues(std::size_t count_max);
  // The lead's events as they are now, the one that came included. Lasts until a person is edited
  // or another lead is asked for.
  const EventIndex& events_of(LeadOrdinal lead);
  std::vector<const Person*> persons_of(const Lead& lead) const;

  // Hands the records over.
  Changes finish(Outcome outcome);

 private:
  void settle_account(const Edit<Lead>& edit);
  bool index_fits(LeadOrdinal lead) const;
  EventIndex* kept_index(LeadOrdinal lead);

  const State& state_;
  Position position_;
  Time at_;
  PersonOrdinal person_count_;
  LeadOrdinal lead_count_;
  std::vector<Edit<Person>> persons_;
  std::vector<Edit<Lead>> leads_;
  AccountDraft accounts_;
  std::vector<AccountOrdinal> to_ask_;
  std::shared_ptr<const CompiledPlaybook> playbook_;
  std::shared_ptr<const KindTable> kinds_;
  std::vector<Sighting> sightings_;
  std::optional<std::vector<PropertyColumnPtr>> property_columns_;
  std::vector<PropertyChange> property_changes_;
  bool moves_events_ = false;
  std::optional<Event> event_;
  PersonOrdinal event_under_ = 0;
  EventIndex* joined_ = nullptr;  // a kept index that event_ has been added to
  std::size_t person_edits_ = 0;
};

}  // namespace galena::domain
