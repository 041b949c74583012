// THE STORY of an input: who is it, what is known now, what is it worth, what follows.
#pragma once

#include "base/result.hpp"
#include "domain/input.hpp"
#include "domain/score.hpp"
#include "domain/state.hpp"

namespace galena::domain {

// Decides about `input` at log time `now` (never earlier than the last input's). Pure: the same
// state, input and time give the same Changes. Errors: the input cannot hold (unknown lead, a
// playbook that does not compile); then nothing is logged.
Result<Changes> decide(const State& state, const Input& input, Time now);

// The same Changes from what was recorded: facts are read again from the input, identity and stages
// are taken from `outcome`. Scores are left to be computed.
Result<Changes> recall(const State& state, const Input& input, const Outcome& outcome, Time at);

// The standing of a lead of the state at `now`, computed afresh.
Standing standing_of(const State& state, const Lead& lead, Time now,
                     std::vector<LedgerLine>* ledger = nullptr);

// The lead's events in event-time order.
std::vector<Event> events_of(const State& state, const Lead& lead);

// The next moment at which time alone may move the lead to another stage; that of its standing if
// it would be moved at once; nothing if time cannot.
std::optional<Time> next_change(const State& state, const Lead& lead);

}  // namespace galena::domain
