// Who is one with whom, told again from the sightings that are left (ADR 0008): what an undo makes
// of leads, as if what it takes back had never been.
#pragma once

#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/draft.hpp"

namespace galena::domain {

// What is to change. A lead goes on with a group of persons, or has gone into one that does.
struct Regrouping {
  std::vector<std::pair<LeadOrdinal, std::vector<PersonOrdinal>>> groups;
  std::vector<std::pair<LeadOrdinal, LeadOrdinal>> gone;              // from, into
  std::vector<std::pair<PersonOrdinal, std::uint32_t>> shared_since;  // 0: not shared

  // Not changes, but what stages are told again by (restage.hpp): when each person came to the lead
  // that it is in, and which leads became one at or after the position in question, in log order.
  struct Merge {
    LeadOrdinal from = 0;
    LeadOrdinal into = 0;
    Position position = 0;
  };
  std::unordered_map<PersonOrdinal, Position> joined;
  std::vector<Merge> merged_since;
};

// More persons than that are not told again.
inline constexpr std::size_t kRegroupedPersonsMax = 10'000;

// Tells again who is one with whom, for these leads and all that have to do with them, from the
// draft's histories and sightings. Errors: conflict = too many persons hang together.
Result<Regrouping> regroup(const Draft& draft, std::span<const LeadOrdinal> leads, Position since);

}  // namespace galena::domain
