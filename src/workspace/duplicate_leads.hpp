// Leads of a workspace that may be one person (domain/match.hpp).
#pragma once

#include <vector>

#include "domain/match.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

struct Proposal {
  domain::LeadOrdinal first = 0;
  domain::LeadOrdinal second = 0;
  domain::MatchResult result;
};

// Pairs of leads that reach the probability, the likeliest first; visitors left out. Takes seconds
// where there are many leads (docs/matching.md).
std::vector<Proposal> duplicate_leads(const Version& state, double threshold);

// True if both are leads still, and nobody has decided about them.
bool is_open(const Version& state, const Proposal& proposal);

}  // namespace galena::workspace
