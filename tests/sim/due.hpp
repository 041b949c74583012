// When time alone moves a lead to another stage: found by looking at every moment at which anything
// could change, and not by asking next_change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/decide.hpp"

namespace galena::sim {

struct Due {
  Time at{};
  domain::LeadOrdinal lead = 0;
  std::vector<std::string> stages;  // that it enters, in order
};

// The stages that the lead would enter at that moment, if nothing came in.
std::vector<std::string> stages_at(const domain::State& state, domain::LeadOrdinal lead, Time at);

// The first moment after `from` and up to `to` at which the lead enters a stage.
std::optional<Due> first_due(const domain::State& state, domain::LeadOrdinal lead, Time from,
                             Time to);

}  // namespace galena::sim
