#include "workspace/duplicate_leads.hpp"

#include "domain/identity.hpp"

namespace galena::workspace {

using namespace domain;

std::vector<Proposal> duplicate_leads(const Version& state, double threshold) {
  std::vector<MatchProfile> profiles;
  std::vector<LeadOrdinal> leads;
  state.each_slice([&](const Version& slice, LeadOrdinal begin, LeadOrdinal end) {
    for (LeadOrdinal ordinal = begin; ordinal < end; ++ordinal) {
      const Lead& lead = slice.lead(ordinal);
      if (lead.merged_into || lead.visitor || is_erased(slice, ordinal)) continue;
      profiles.push_back(profile_of(*lead.record));
      leads.push_back(ordinal);
    }
  });
  std::vector<Proposal> proposals;
  for (DuplicateProposal& found : propose_duplicates(profiles, {.threshold = threshold})) {
    proposals.push_back({leads[found.first], leads[found.second], std::move(found.result)});
  }
  return proposals;
}

bool is_open(const Version& state, const Proposal& proposal) {
  const auto is_lead = [&](LeadOrdinal lead) {
    return lead < state.lead_count() && !state.lead(lead).merged_into &&
           !state.lead(lead).visitor && !is_erased(state, lead);
  };
  return is_lead(proposal.first) && is_lead(proposal.second) &&
         !are_told_apart(state, proposal.first, proposal.second);
}

}  // namespace galena::workspace
