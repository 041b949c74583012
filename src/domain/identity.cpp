#include "domain/identity.hpp"

#include <algorithm>
#include <tuple>

#include "domain/account.hpp"
#include "domain/email_address.hpp"
#include "domain/identity_rules.hpp"

namespace galena::domain {
namespace {

std::optional<IdentityKey> address_key(std::string_view text) {
  if (text.find('@') == std::string_view::npos) return std::nullopt;
  const auto address = parse_email(text);
  if (!address) return std::nullopt;
  return IdentityKey{KeyKind::address, address->key};
}

std::optional<IdentityKey> key_if(KeyKind kind, const std::string& text) {
  if (text.empty()) return std::nullopt;
  return IdentityKey{kind, text};
}

}  // namespace

bool StatePeople::has_user(LeadOrdinal lead) const {
  return std::ranges::any_of(state_.lead(lead).persons, [&](PersonOrdinal person) {
    return state_.person(person).key.kind == KeyKind::user;
  });
}

LeadOrdinal survivor(const State& state, LeadOrdinal lead) {
  while (state.lead(lead).merged_into) lead = *state.lead(lead).merged_into;
  return lead;
}

bool is_organisation(const State& state, LeadOrdinal lead) {
  return state.person(state.lead(lead).persons.front()).key.kind == KeyKind::organisation;
}

bool is_erased(const State& state, LeadOrdinal lead) {
  return state.person(state.lead(survivor(state, lead)).persons.front()).erased;
}

bool is_taken_back(const State& state, LeadOrdinal lead) {
  return std::ranges::all_of(state.lead(lead).persons,
                             [&](PersonOrdinal person) { return state.person(person).nobody; });
}

const std::optional<IdentityKey>& MessageKeys::of(KeyRole role) const {
  switch (role) {
    case KeyRole::anonymous:
      return anonymous;
    case KeyRole::address:
      return address;
    case KeyRole::user:
      return user;
    case KeyRole::previous:
      break;
  }
  return previous;
}

MessageKeys keys_of(const Message& message, const State& state) {
  MessageKeys keys;
  keys.anonymous = key_if(KeyKind::anonymous, message.anonymous_id);
  keys.user = key_if(KeyKind::user, message.user_id);
  if (!keys.user && !keys.anonymous) keys.user = organisation_key(message);
  keys.address = address_key(message.trait(Field::email));
  if (!keys.address) keys.address = address_key(message.user_id);
  if (message.type == MessageType::alias && !message.previous_id.empty() &&
      message.previous_id != message.user_id && message.previous_id != message.anonymous_id) {
    keys.previous = IdentityKey{KeyKind::user, message.previous_id};
    const auto user = state.find_person(*keys.previous);
    if (!user || state.person(*user).nobody) keys.previous->kind = KeyKind::anonymous;
  }
  return keys;
}

MessageKeys keys_of(const EventInput& input, const State& state) {
  MessageKeys keys = keys_of(input.message, state);
  if (input.gone.of(KeyRole::anonymous) != kNobody) keys.anonymous.reset();
  if (input.gone.of(KeyRole::address) != kNobody) keys.address.reset();
  if (input.gone.of(KeyRole::user) != kNobody) keys.user.reset();
  if (input.gone.of(KeyRole::previous) != kNobody) keys.previous.reset();
  if (!input.other_address.empty()) keys.address = {KeyKind::address, input.other_address};
  return keys;
}

SeenPersons find_persons(const State& state, const MessageKeys& keys, const SeenPersons& gone) {
  SeenPersons persons = SeenPersons::none();
  PersonOrdinal next = state.person_count();
  for (const KeyRole role : kKeyRoles) {
    if (const auto& key = keys.of(role)) {
      const auto known = state.find_person(*key);
      persons.of(role) = known ? *known : next++;
    } else if (gone.of(role) != kNobody) {
      persons.of(role) = gone.of(role);
      if (gone.of(role) == next) ++next;
    }
  }
  return persons;
}

PersonOrdinal person_named(const State& state, LeadOrdinal named) {
  const LeadOrdinal lead = survivor(state, named);
  const PersonOrdinal began = state.lead(named).persons.front();
  if (lead != named && state.person(began).lead == lead) return began;
  return std::ranges::max(state.lead(lead).persons, {}, [&](PersonOrdinal ordinal) {
    const Person& person = state.person(ordinal);
    return std::tuple(!person.nobody, person.shared_since == 0, person.key.kind);
  });
}

SeenPersons persons_named(const State& state, LeadOrdinal one, LeadOrdinal other) {
  const auto [first, second] = std::minmax({person_named(state, one), person_named(state, other)});
  return {{first, second, kNobody, kNobody}};
}

bool are_told_apart(const State& state, LeadOrdinal one, LeadOrdinal other) {
  for (const PersonOrdinal person : state.lead(one).persons) {
    for (const SightingNumber number : state.person(person).sightings) {
      const Sighting& sighting = state.sighting(number);
      if (sighting.kind != Sighting::Kind::distinct) continue;
      for (const PersonOrdinal named : sighting.persons.by_role) {
        if (named != kNobody && state.person(named).lead == other) return true;
      }
    }
  }
  return false;
}

Outcome identify(const State& state, const SeenPersons& persons, Source source) {
  return IdentityRules(StatePeople(state), persons, source == Source::browser).decide();
}

}  // namespace galena::domain
