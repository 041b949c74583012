// What an undo needs to know of the log, read again (domain/voiding.hpp).
#pragma once

#include <functional>
#include <span>

#include "domain/input.hpp"
#include "domain/state.hpp"
#include "store/store.hpp"

namespace galena::engine {

// Gives the rows at these positions, in any order; those that are not there are left out.
using ReadRows = std::function<void(std::span<const domain::Position> positions,
                                    const std::function<void(const store::LogRow&)>& visit)>;

// Puts the evidence into the input. Rows that cannot be read (erased) are left out: then there is
// nothing left to take back.
void add_evidence(domain::VoidInput& input, const domain::State& state, const ReadRows& read);

}  // namespace galena::engine
