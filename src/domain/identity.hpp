// Who is it: which persons the keys of a message are, and in which lead they meet.
#pragma once

#include <optional>

#include "domain/message.hpp"
#include "domain/outcome.hpp"
#include "domain/state.hpp"

namespace galena::domain {

// The keys a message carries, by role. An e-mail address counts in its comparison form; a user id
// that is an address is a key of both kinds. Invalid addresses are no key.
struct MessageKeys {
  std::optional<IdentityKey> anonymous;
  std::optional<IdentityKey> address;
  std::optional<IdentityKey> user;
  std::optional<IdentityKey> previous;  // alias: an anonymous id or a user id

  const std::optional<IdentityKey>& of(KeyRole role) const;
};
MessageKeys keys_of(const Message& message, const State& state);
// The same without those that were erased from the row.
MessageKeys keys_of(const EventInput& input, const State& state);

// Each key's person. Keys that are new get the ordinals that follow the state's, in the order of
// kKeyRoles. `gone`: who they are whose keys were erased from the row.
SeenPersons find_persons(const State& state, const MessageKeys& keys,
                         const SeenPersons& gone = SeenPersons::none());

// Whom somebody means who names a lead: of one that was merged the person it began with, else the
// person with the strongest key. What is said of the lead goes with that person, whatever is
// undone.
PersonOrdinal person_named(const State& state, LeadOrdinal named);

// Of whom somebody speaks who names two leads.
SeenPersons persons_named(const State& state, LeadOrdinal one, LeadOrdinal other);

// True if somebody said that these two are two, and it stands.
bool are_told_apart(const State& state, LeadOrdinal one, LeadOrdinal other);

// A workspace as the rules of identity see it (identity_rules.hpp).
class StatePeople {
 public:
  explicit StatePeople(const State& state) : state_(state) {}

  bool is_known(PersonOrdinal person) const {
    return person < state_.person_count() && !state_.person(person).nobody;
  }
  LeadOrdinal lead_of(PersonOrdinal person) const { return state_.person(person).lead; }
  bool is_shared(PersonOrdinal person) const { return state_.person(person).shared_since != 0; }
  bool is_visitor(LeadOrdinal lead) const { return state_.lead(lead).visitor; }
  bool has_user(LeadOrdinal lead) const;
  LeadOrdinal next_lead() const { return state_.lead_count(); }

 private:
  const State& state_;
};

// Decides (ADR 0004): a new lead follows the state's. A device that is anonymous joins the
// lead it identifies as; one that belongs to another known lead is found to be shared, and keeps to
// itself. Two leads that share an address are one, unless both have user ids of their own.
Outcome identify(const State& state, const SeenPersons& persons, Source source);

}  // namespace galena::domain
