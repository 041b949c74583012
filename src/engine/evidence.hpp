// What an undo and a new playbook need to know of the log, read again (domain/voiding.hpp,
// domain/playbook_columns.hpp).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "domain/input.hpp"
#include "domain/state.hpp"
#include "store/store.hpp"

namespace galena::engine {

// Gives the rows at these positions, which are in log order, in any order; those that are not there
// are left out.
using ReadRows = std::function<void(std::span<const domain::Position> positions,
                                    const std::function<void(const store::LogRow&)>& visit)>;

// Puts the evidence into the input. Rows that cannot be read (erased) are left out: then there is
// nothing left to take back.
void add_evidence(domain::VoidInput& input, const domain::State& state, const ReadRows& read);

// Gives the rows after the position, in log order, until `visit` gives false.
using ReadLog = std::function<void(domain::Position after,
                                   const std::function<bool(const store::LogRow&)>& visit)>;

// Brings the evidence of a playbook up to the state's last position: all that it asks for and the
// state has no column of. What was read before goes on from where it ends; so a long log can be
// read beforehand, from a state that was published.
void add_evidence(std::vector<domain::PropertyEvidence>& evidence, const domain::State& state,
                  const domain::Playbook& playbook, const ReadLog& read);
void add_evidence(domain::PlaybookInput& input, const domain::State& state, const ReadLog& read);

}  // namespace galena::engine
