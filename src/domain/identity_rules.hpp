// The rules of who is one with whom (ADR 0004), over whatever knows persons and leads: the
// workspace for an input that comes in, a scratch table when an undo tells the story again.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>

#include "domain/outcome.hpp"

namespace galena::domain {

template <class T>
concept PeopleView = requires(const T& people, PersonOrdinal person, LeadOrdinal lead) {
  { people.is_known(person) } -> std::same_as<bool>;
  { people.lead_of(person) } -> std::same_as<LeadOrdinal>;  // through all merges
  { people.is_shared(person) } -> std::same_as<bool>;
  { people.is_visitor(lead) } -> std::same_as<bool>;
  { people.has_user(lead) } -> std::same_as<bool>;
  { people.next_lead() } -> std::same_as<LeadOrdinal>;  // above those that are there
};

// Of two leads found to be one: who goes, and who goes on. The one that is known longer does; a
// visitor never swallows a person.
template <PeopleView People>
std::pair<LeadOrdinal, LeadOrdinal> merge_direction(const People& people, LeadOrdinal a,
                                                    LeadOrdinal b) {
  LeadOrdinal into = std::min(a, b), from = std::max(a, b);
  const bool from_is_person = from < people.next_lead() && !people.is_visitor(from);
  if (into < people.next_lead() && people.is_visitor(into) && from_is_person) {
    std::swap(into, from);
  }
  return {from, into};
}

// One decision under way.
template <PeopleView People>
class IdentityRules {
 public:
  // `persons` by role: those that are not known yet are to become known now. `browser`: a browser
  // says so, whom less is believed.
  IdentityRules(const People& people, const SeenPersons& persons, bool browser)
      : people_(people), persons_(persons), browser_(browser) {}

  Outcome decide() {
    const std::optional<LeadOrdinal> user = known_lead(KeyRole::user);
    const std::optional<LeadOrdinal> address = known_lead(KeyRole::address);
    LeadOrdinal lead = choose(user, address);
    if (user && address && *user != *address && may_merge_by_address(*user, *address)) {
      outcome_.merged.push_back(merge_direction(people_, *user, *address));
      lead = outcome_.merged.back().second;
    }
    land(KeyRole::user, lead);
    // An address that stays with another person's lead is no key of this one.
    if (!address || survivor_now(*address) == lead) land(KeyRole::address, lead);
    join_previous(lead);
    join_device(lead);
    outcome_.under = strongest();
    return std::move(outcome_);
  }

 private:
  PersonOrdinal person(KeyRole role) const { return persons_.of(role); }
  bool has(KeyRole role) const { return person(role) != kNobody; }
  bool is_known(KeyRole role) const { return has(role) && people_.is_known(person(role)); }

  std::optional<LeadOrdinal> known_lead(KeyRole role) const {
    if (!is_known(role)) return std::nullopt;
    return people_.lead_of(person(role));
  }

  bool identifies() const { return has(KeyRole::user) || has(KeyRole::address); }

  // The lead of the strongest key that is known; else the device's own lead, if it is still
  // anonymous; else a new one.
  LeadOrdinal choose(std::optional<LeadOrdinal> user, std::optional<LeadOrdinal> address) const {
    if (user) return *user;
    if (address && !(has(KeyRole::user) && people_.has_user(*address))) return *address;
    if (const auto own = known_lead(KeyRole::anonymous)) {
      // A shared device keeps to itself.
      if (!identifies()) return *own;
      if (!people_.is_shared(person(KeyRole::anonymous)) && people_.is_visitor(*own)) return *own;
    }
    return people_.next_lead();
  }

  bool may_merge_by_address(LeadOrdinal user, LeadOrdinal address) const {
    return !people_.has_user(user) || !people_.has_user(address);
  }

  LeadOrdinal survivor_now(LeadOrdinal lead) const {
    for (const auto& [from, into] : outcome_.merged) {
      if (from == lead) return into;
    }
    return lead;
  }

  void land(KeyRole role, LeadOrdinal lead) {
    if (has(role)) outcome_.landings.push_back({role, person(role), lead});
  }

  // alias: what came under the previous id belongs to this person from now on. A browser cannot
  // take over anybody who is known, and nobody is taken over through a shared device.
  void join_previous(LeadOrdinal lead) {
    const auto previous = known_lead(KeyRole::previous);
    if (!previous) return land(KeyRole::previous, lead);
    const LeadOrdinal own = survivor_now(*previous);
    if (own != lead) {
      const bool foreign = !people_.is_visitor(own);
      if (people_.is_shared(person(KeyRole::previous)) || (foreign && browser_)) return;
      outcome_.merged.emplace_back(own, lead);
    }
    land(KeyRole::previous, lead);
  }

  void join_device(LeadOrdinal lead) {
    const auto device = known_lead(KeyRole::anonymous);
    if (!device) return land(KeyRole::anonymous, lead);
    const LeadOrdinal own = survivor_now(*device);
    if (own == lead || !identifies()) return land(KeyRole::anonymous, own);
    if (people_.is_shared(person(KeyRole::anonymous))) return;
    if (people_.is_visitor(own)) {
      outcome_.merged.emplace_back(own, lead);
      return land(KeyRole::anonymous, lead);
    }
    outcome_.shared.push_back(person(KeyRole::anonymous));
  }

  std::optional<PersonOrdinal> strongest() const {
    for (const KeyRole role : {KeyRole::user, KeyRole::address, KeyRole::anonymous}) {
      for (const Landing& landing : outcome_.landings) {
        if (landing.role == role) return landing.person;
      }
    }
    return std::nullopt;
  }

  const People& people_;
  const SeenPersons& persons_;
  bool browser_;
  Outcome outcome_;
};

}  // namespace galena::domain
