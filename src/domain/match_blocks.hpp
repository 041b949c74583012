// Which pairs are worth comparing: those that share a key of some kind.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "domain/match_profile.hpp"

namespace galena::domain {

// A pair to compare, by the places of the two among the profiles; first < second.
struct MatchPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  auto operator<=>(const MatchPair&) const = default;
};

// Pairs of profiles that share at least one of many keys (name by sound, date of birth, phone,
// mailbox, address, company and name …), so that no single wrong field loses a pair. Ascending,
// each once.
//
// The number of pairs is bounded by a constant for each profile: in a block of more than
// `block_max` profiles (all Smiths of a city) each is paired only with its neighbours in two
// orders, by given name and by address.
std::vector<MatchPair> candidate_pairs(std::span<const MatchProfile> profiles,
                                       std::size_t block_max = 40);

}  // namespace galena::domain
