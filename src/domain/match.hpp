// Which records may be one party's, how sure that is, and why. Only proposals: nothing here
// merges anything. The method is told in match_model.hpp and docs/matching.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/match_model.hpp"
#include "domain/match_profile.hpp"

namespace galena::domain {

// One trait's say, for a person to read.
struct MatchReason {
  Trait trait{};
  Agreement agreement{};
  double bits = 0;   // log2 of the odds it adds; negative speaks against
  std::string text;  // "same date of birth", "given names differ: anna, lena"
};

struct MatchResult {
  double probability = 0;  // from 0 to 1, that both are one party's
  std::vector<MatchReason>
      reasons;  // the weightiest first, those that say next to nothing left out
};

struct DuplicateProposal {
  std::uint32_t first = 0;  // places among the profiles; first < second
  std::uint32_t second = 0;
  MatchResult result;
};

struct MatchOptions {
  // Pairs below it are not proposed. The owner sets it; figures for the default are in
  // docs/matching.md.
  double threshold = 0.85;
};

// Two records by themselves, with what is commonly known of names and households.
MatchResult compare(const MatchProfile& a, const MatchProfile& b);

// Two records within a population that was learnt.
MatchResult compare(const MatchProfile& a, const MatchProfile& b, const MatchModel& model);

// The pairs among the profiles that reach the threshold: the likeliest first, then by place.
// Deterministic; time and memory grow about linearly with the profiles (2^32 at most).
std::vector<DuplicateProposal> propose_duplicates(std::span<const MatchProfile> profiles,
                                                  const MatchOptions& options = {});

}  // namespace galena::domain
