// What this process takes of the machine's memory.
#pragma once

#include <cstdint>
#include <istream>

namespace galena::server {

struct ProcessMemory {  // bytes; 0 where the system does not say
  std::uint64_t resident_bytes = 0;
  std::uint64_t anonymous_bytes = 0;  // its own: the system cannot take it back
  std::uint64_t file_bytes = 0;       // mapped from files: given back when somebody needs it
  std::uint64_t peak_bytes = 0;       // the most that was ever resident
  std::uint64_t swapped_bytes = 0;
};

ProcessMemory process_memory();

// The same from the text of /proc/PID/status.
ProcessMemory read_process_memory(std::istream& status);

}  // namespace galena::server
