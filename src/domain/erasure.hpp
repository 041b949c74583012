// Erasing a person (ADR 0010): what is known of them goes, how often what happened stays. Here is
// what that does to a workspace in memory; erased_rows.hpp does the same to the log.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "domain/input.hpp"
#include "domain/state.hpp"

namespace galena::domain {

// Puts into the input what its author need not know: the keys of the persons and what those are
// suppressed as. To be called by who decides, on the state that it is decided on. `secret` of the
// input: 32 random bytes, used if the workspace has none yet.
void complete_erasure(EraseInput& input, const State& state);

// Errors: not_found = there is no such lead; gone = it has been erased already; invalid = nothing
// is asked for.
Result<Changes> decide_erasure(const State& state, const EraseInput& input, Time now);
Result<Changes> recall_erasure(const State& state, const EraseInput& input, const Outcome& outcome,
                               Time at);

// What a list from outside knows to be erased (or to be allowed again, later) and the state does
// not: inputs that make it so.
std::vector<Input> erasures_missing(const State& state, const Suppressions& list);

// Whether a message may be taken in: not if its user id, address or previous id is suppressed, or a
// suppressed device is all that it has. Beside others a suppressed device is left out of it.
bool may_come_in(const State& state, EventInput& input);

// What is left of an erased person's event: the day on which it happened, not the moment.
Event erased_event(const Event& event);
Time start_of_day(Time time);  // in UTC

}  // namespace galena::domain
