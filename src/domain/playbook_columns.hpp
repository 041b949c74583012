// From one playbook to the next: which properties of events have to be read again, and which column
// a playbook finds them in (ADR 0012).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/state.hpp"

namespace galena::domain {

// The properties that the playbook asks for and the state has no column of, in alphabetical order.
std::vector<std::string> properties_wanted(const State& state, const Playbook& playbook);

// The columns of a playbook by slot: those of the state, and for what is wanted the evidence.
// Nothing if some of it is missing or does not go up to the state's last position.
std::optional<std::vector<PropertyColumnPtr>> columns_for(
    const CompiledPlaybook& playbook, const State& state,
    std::span<const PropertyEvidence> evidence);

}  // namespace galena::domain
