// The stages a lead would have entered, told again after an undo (ADR 0008).
#pragma once

#include <map>
#include <vector>

#include "domain/account_story.hpp"
#include "domain/regroup.hpp"

namespace galena::domain {

// The stages of the leads concerned, as they were before the undo.
using StagesBefore = std::map<LeadOrdinal, std::vector<StageEntry>>;

// All stages of the lead. Those it entered before the input at `since` stand. From there on each
// input that concerned it is asked again what stage it gives, by the facts and events that are left
// and were known then. A stage that was entered then keeps its date and score.
std::vector<StageEntry> stages_retold(const Draft& draft, LeadOrdinal lead, Position since,
                                      const Regrouping& regrouping, const StagesBefore& before,
                                      AccountStories& accounts);

}  // namespace galena::domain
