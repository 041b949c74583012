#include "domain/identity.hpp"

#include <algorithm>

#include "domain/email_address.hpp"

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

// One decision under way.
class Resolver {
 public:
  Resolver(const State& state, const MessageKeys& keys, Source source)
      : state_(state), keys_(keys), source_(source) {}

  Outcome resolve() {
    const std::optional<LeadOrdinal> user = known_lead(keys_.user);
    const std::optional<LeadOrdinal> address = known_lead(keys_.address);
    LeadOrdinal lead = choose(user, address);
    if (user && address && *user != *address && may_merge_by_address(*user, *address)) {
      lead = merge(*user, *address);
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
  std::optional<PersonOrdinal> person(const std::optional<IdentityKey>& key) const {
    return key ? state_.find_person(*key) : std::nullopt;
  }

  std::optional<LeadOrdinal> known_lead(const std::optional<IdentityKey>& key) const {
    const auto found = person(key);
    if (!found) return std::nullopt;
    return survivor(state_, state_.person(*found).lead);
  }

  bool has_user(LeadOrdinal lead) const {
    return std::ranges::any_of(state_.lead(lead).persons, [&](PersonOrdinal ordinal) {
      return state_.person(ordinal).key.kind == KeyKind::user;
    });
  }

  // The lead of the strongest key that is known; else the device's own lead, if it is still
  // anonymous; else a new one.
  LeadOrdinal choose(std::optional<LeadOrdinal> user, std::optional<LeadOrdinal> address) {
    if (user) return *user;
    if (address && !(keys_.user && has_user(*address))) return *address;
    const auto device = person(keys_.anonymous);
    if (device && state_.person(*device).shared_since == 0) {
      const LeadOrdinal own = survivor(state_, state_.person(*device).lead);
      const bool identifies = keys_.user || keys_.address;
      if (!identifies || state_.lead(own).visitor) return own;
    } else if (device && !keys_.user && !keys_.address) {
      return state_.person(*device).lead;  // a shared device keeps to itself
    }
    return new_lead();
  }

  LeadOrdinal new_lead() { return state_.lead_count(); }

  bool may_merge_by_address(LeadOrdinal user, LeadOrdinal address) const {
    return !has_user(user) || !has_user(address);
  }

  LeadOrdinal merge(LeadOrdinal a, LeadOrdinal b) {
    // The one that is known longer goes on; a visitor never swallows a person.
    LeadOrdinal into = std::min(a, b), from = std::max(a, b);
    const bool into_visitor = into < state_.lead_count() && state_.lead(into).visitor;
    if (into_visitor) std::swap(into, from);
    outcome_.merged.emplace_back(from, into);
    return into;
  }

  LeadOrdinal survivor_now(LeadOrdinal lead) const {
    for (const auto& [from, into] : outcome_.merged) {
      if (from == lead) return into;
    }
    return lead;
  }

  void land(KeyRole role, LeadOrdinal lead) {
    const auto& key = keys_.of(role);
    if (!key) return;
    const auto known = state_.find_person(*key);
    outcome_.landings.push_back({role, known ? *known : next_person_++, lead});
  }

  // alias: what came under the previous id belongs to this person from now on. A browser cannot
  // take over anybody who is known, and nobody is taken over through a shared device.
  void join_previous(LeadOrdinal lead) {
    const auto previous = person(keys_.previous);
    if (!previous) return land(KeyRole::previous, lead);
    const LeadOrdinal own = survivor_now(survivor(state_, state_.person(*previous).lead));
    if (own != lead) {
      const bool shared = state_.person(*previous).shared_since != 0;
      const bool foreign = !state_.lead(own).visitor;
      if (shared || (foreign && source_ == Source::browser)) return;
      outcome_.merged.emplace_back(own, lead);
    }
    land(KeyRole::previous, lead);
  }

  void join_device(LeadOrdinal lead) {
    const auto device = person(keys_.anonymous);
    if (!device) return land(KeyRole::anonymous, lead);
    const LeadOrdinal own = survivor_now(survivor(state_, state_.person(*device).lead));
    if (own == lead || !(keys_.user || keys_.address)) return land(KeyRole::anonymous, own);
    if (state_.person(*device).shared_since != 0) return;
    if (state_.lead(own).visitor) {
      outcome_.merged.emplace_back(own, lead);
      return land(KeyRole::anonymous, lead);
    }
    outcome_.shared.push_back(*device);
  }

  std::optional<PersonOrdinal> strongest() const {
    for (const KeyRole role : {KeyRole::user, KeyRole::address, KeyRole::anonymous}) {
      for (const Landing& landing : outcome_.landings) {
        if (landing.role == role) return landing.person;
      }
    }
    return std::nullopt;
  }

  const State& state_;
  const MessageKeys& keys_;
  Source source_;
  Outcome outcome_;
  PersonOrdinal next_person_ = state_.person_count();
};

}  // namespace

LeadOrdinal survivor(const State& state, LeadOrdinal lead) {
  while (state.lead(lead).merged_into) lead = *state.lead(lead).merged_into;
  return lead;
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
  keys.address = address_key(message.trait(Field::email));
  if (!keys.address) keys.address = address_key(message.user_id);
  if (message.type == MessageType::alias && !message.previous_id.empty() &&
      message.previous_id != message.user_id && message.previous_id != message.anonymous_id) {
    keys.previous = IdentityKey{KeyKind::user, message.previous_id};
    if (!state.find_person(*keys.previous)) keys.previous->kind = KeyKind::anonymous;
  }
  return keys;
}

Outcome identify(const State& state, const MessageKeys& keys, Source source) {
  return Resolver(state, keys, source).resolve();
}

}  // namespace galena::domain
