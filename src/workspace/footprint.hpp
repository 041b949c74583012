// How much memory the records of a workspace take: for whoever runs Galena, not for the core.
#pragma once

#include <cstdint>

#include "workspace/workspace.hpp"

namespace galena::workspace {

struct Footprint {
  std::uint64_t events = 0;         // of all persons
  std::uint64_t records_bytes = 0;  // of what is not in the base, accounts and indexes: estimated
  std::uint64_t base_bytes = 0;     // of the file that is mapped: memory only where it is looked at
};

// Measures some records, spread over all, and takes the rest to be like them: so it takes a
// moment only, also for a million leads, and sees none of the allocator's own room.
Footprint footprint_of(const Version& state);

}  // namespace galena::workspace
