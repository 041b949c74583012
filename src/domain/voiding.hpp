// Taking an input back, as if it had never been (ADR 0008).
#pragma once

#include <vector>

#include "base/result.hpp"
#include "domain/input.hpp"
#include "domain/state.hpp"

namespace galena::domain {

// The positions of the log that must be read again to take this input back, in log order: of an
// event all its person's events, of anything else itself alone.
std::vector<Position> evidence_wanted(const State& state, const LoggedInput& input);

// Errors: not_found = there is no such input; invalid = it is of a kind that is not taken back;
// conflict = it has been taken back already, or too many persons hang together (regroup.hpp).
Result<Changes> decide_void(const State& state, const VoidInput& input, Time now);

// The same from what was recorded. Errors: internal = the evidence or the outcome does not fit the
// state.
Result<Changes> recall_void(const State& state, const VoidInput& input, const Outcome& outcome,
                            Time at);

}  // namespace galena::domain
