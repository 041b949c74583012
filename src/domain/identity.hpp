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

// Decides (ADR 0004): new ordinals follow the state's counts. A device that is anonymous joins the
// lead it identifies as; one that belongs to another known lead is found to be shared, and keeps to
// itself. Two leads that share an address are one, unless both have user ids of their own.
Outcome identify(const State& state, const MessageKeys& keys, Source source);

}  // namespace galena::domain
