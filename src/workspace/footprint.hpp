// How much memory the records of a workspace take: for whoever runs Galena, not for the core.
#pragma once

#include <cstdint>

#include "workspace/workspace.hpp"

namespace galena::workspace {

struct Footprint {
  std::uint64_t events = 0;         // of all persons: counted
  std::uint64_t records_bytes = 0;  // of persons, leads, accounts and the indexes: estimated
};

// Measures some records, spread over all, and takes the rest to be like them: so it takes a
// moment only, also for a million leads, and sees none of the allocator's own room.
Footprint footprint_of(const Version& state);

}  // namespace galena::workspace
