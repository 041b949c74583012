// Several persons (keys) seen together in one input: what says that they are one lead (ADR 0008).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "domain/event.hpp"

namespace galena::domain {

inline constexpr PersonOrdinal kNobody = std::numeric_limits<PersonOrdinal>::max();

// Which key of a message. The letters stand in the log.
enum class KeyRole : char { anonymous = 'a', address = 'e', user = 'u', previous = 'p' };

// The order in which new keys become persons and keys land.
inline constexpr std::array kKeyRoles{KeyRole::user, KeyRole::address, KeyRole::previous,
                                      KeyRole::anonymous};

// Whose the keys of a message are: a person for each role, kNobody for a role it has no key for.
struct SeenPersons {
  std::array<PersonOrdinal, 4> by_role;  // in the order of kKeyRoles

  static SeenPersons none() { return {{kNobody, kNobody, kNobody, kNobody}}; }

  PersonOrdinal& of(KeyRole role) { return by_role[place(role)]; }
  PersonOrdinal of(KeyRole role) const { return by_role[place(role)]; }
  std::size_t count() const {
    return 4 - static_cast<std::size_t>(std::ranges::count(by_role, kNobody));
  }

  bool operator==(const SeenPersons&) const = default;

 private:
  static std::size_t place(KeyRole role) {
    return static_cast<std::size_t>(std::ranges::find(kKeyRoles, role) - kKeyRoles.begin());
  }
};

using SightingNumber = std::uint32_t;  // in the workspace: 0, 1, 2 …

// Plain bytes: workspaces keep them in a table.
struct Sighting {
  // The latter two are said by hand: that two leads are one, and that they are not. Of that one
  // only whoever proposes duplicates takes notice.
  enum class Kind : std::uint8_t { message, browser_message, merge, distinct };

  std::uint32_t position;  // of the input in the log
  Kind kind;
  SeenPersons persons;  // by hand: one of each of the two leads, in the first two places

  bool is_message() const { return kind == Kind::message || kind == Kind::browser_message; }

  bool says_the_same(const Sighting& other) const {
    return kind == other.kind && persons == other.persons;
  }
};

}  // namespace galena::domain
