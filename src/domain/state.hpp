// What decide may ask about a workspace, and what it gives back. Reading only; time is passed in.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "domain/account.hpp"
#include "domain/event_index.hpp"
#include "domain/event_kinds.hpp"
#include "domain/lead.hpp"
#include "domain/outcome.hpp"
#include "domain/playbook.hpp"
#include "domain/properties.hpp"
#include "domain/suppressions.hpp"

namespace galena::domain {

// What many ask of many leads at once, without the rest of them.
struct Glance {
  bool visitor = true;
  Standing standing;
};

// Implemented by workspace::Workspace, and by a plain reference in the tests.
class State {
 public:
  virtual ~State() = default;

  virtual Position last_position() const = 0;
  virtual std::optional<PersonOrdinal> find_person(const IdentityKey& key) const = 0;
  virtual PersonOrdinal person_count() const = 0;
  virtual LeadOrdinal lead_count() const = 0;
  virtual const Person& person(PersonOrdinal ordinal) const = 0;
  virtual const Lead& lead(LeadOrdinal ordinal) const = 0;
  virtual Glance glance(LeadOrdinal ordinal) const {
    return {lead(ordinal).visitor, lead(ordinal).standing};
  }
  // All persons in order, as long as `visit` gives true: each lasts for the call only, so that
  // looking at everybody takes no memory.
  using PersonVisit = std::function<bool(PersonOrdinal, const Person&)>;
  virtual void each_person(const PersonVisit& visit) const {
    for (PersonOrdinal i = 0; i < person_count(); ++i) {
      if (!visit(i, person(i))) return;
    }
  }
  virtual const std::shared_ptr<const CompiledPlaybook>& playbook() const = 0;
  virtual const std::shared_ptr<const KindTable>& kinds() const = 0;
  // Leads from here on have not been moved under the playbook's newest version yet.
  virtual std::optional<LeadOrdinal> rescore_next() const = 0;
  virtual const std::shared_ptr<const Suppressions>& suppressions() const = 0;  // never null
  virtual SightingNumber sighting_count() const = 0;
  virtual const Sighting& sighting(SightingNumber number) const = 0;
  // Accounts, which are derived. While the log is recalled none are kept (find_accounts).
  virtual bool keeps_accounts() const = 0;
  virtual std::optional<AccountOrdinal> find_account(const AccountKey& key) const = 0;
  virtual AccountOrdinal account_count() const = 0;
  virtual const Account& account(AccountOrdinal ordinal) const = 0;
  // By slot: of each property that the playbook asks for.
  virtual std::span<const PropertyColumnPtr> properties() const = 0;
  // The index of the lead's events, if one is kept. Only the writer has some; whoever changes it
  // puts it back before the next look at the state (Draft).
  virtual EventIndex* event_index(LeadOrdinal) const { return nullptr; }
};

// Everything one input does, computed before anything is touched. apply() puts the new records in
// the place of the old ones; nothing else changes a workspace.
struct Changes {
  Position position = 0;                                     // of the input in the log
  Time at{};                                                 // log time
  std::vector<std::pair<PersonOrdinal, PersonPtr>> persons;  // new ones in ordinal order
  std::vector<std::pair<LeadOrdinal, LeadPtr>> leads;
  std::vector<std::pair<AccountOrdinal, AccountPtr>> accounts;  // new ones in ordinal order
  std::vector<AccountOrdinal> to_ask;  // some of whose leads have not heard of it yet
  bool recalled = false;               // nothing is known of accounts until they are found again
  std::vector<Sighting> sightings;     // new ones: numbers follow the state's
  std::shared_ptr<const CompiledPlaybook> playbook;  // null: as before
  std::shared_ptr<const KindTable> kinds;            // null: as before
  std::shared_ptr<const Suppressions> suppressions;  // null: as before
  // With another playbook: its columns by slot. Then what events tell, and what is forgotten.
  std::optional<std::vector<PropertyColumnPtr>> property_columns;
  std::vector<PropertyChange> property_changes;
  std::string identity;        // identity_of the input; empty: none
  std::optional<Event> event;  // what joined a history (outcome.under)
  bool ends_rescore = false;   // a playbook or continuation: see rescore_next
  bool moves_events = false;   // beyond that one: leads have others than before
  Outcome outcome;
};

// The lead that a lead has become part of, through all merges.
LeadOrdinal survivor(const State& state, LeadOrdinal lead);

// True if there is nobody behind it but an organisation (ADR 0011): no lead of anybody's.
bool is_organisation(const State& state, LeadOrdinal lead);

// True if the data of the person behind the lead have been erased.
bool is_erased(const State& state, LeadOrdinal lead);

// True if nothing that was sent of anybody in the lead stands.
bool is_taken_back(const State& state, LeadOrdinal lead);

}  // namespace galena::domain
