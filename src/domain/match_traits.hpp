// How two profiles agree, trait by trait, before anything is weighed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/match_profile.hpp"

namespace galena::domain {

enum class Trait : std::uint8_t {
  given,
  family,
  middle,
  generation,
  birth,
  street,
  unit,
  place,
  phone,
  email,
  company,
  national_id,
};
constexpr std::size_t kTraitCount = 12;

// `unknown` when one of the two does not tell; else from the best agreement to none. What the
// words mean for each trait stands in match_traits.cpp and is said in reasons (match.hpp).
enum class Agreement : std::uint8_t {
  unknown,
  equal,
  variant,    // another form of the same: a nickname, an alias, the same street without a number
  slip,       // a typing or reading error away
  partial,    // a part of it: an initial, one of several names, the year
  exchanged,  // given and family name, or the lines of the address, in each other's place
  similar,    // alike, no more
  different,
};
constexpr std::size_t kAgreementCount = 8;

using Agreements = std::array<Agreement, kTraitCount>;

// The same in eight bytes, for millions of pairs.
using PackedAgreements = std::uint64_t;
PackedAgreements packed(const Agreements& agreements);
Agreements unpacked(PackedAgreements bits);

// Symmetric.
Agreements compare_traits(const MatchProfile& a, const MatchProfile& b);

// The value whose frequency says how much an agreement on the trait is worth; empty when unknown.
std::string trait_value(const MatchProfile& profile, Trait trait);

}  // namespace galena::domain
