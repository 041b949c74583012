#include "server/process_memory.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

namespace galena::server {
namespace {

struct Line {
  std::string_view name;
  std::uint64_t ProcessMemory::*bytes;
};

constexpr std::array kLines{
    Line{"VmRSS:", &ProcessMemory::resident_bytes},
    Line{"RssAnon:", &ProcessMemory::anonymous_bytes}, Line{"RssFile:", &ProcessMemory::file_bytes},
    Line{"VmHWM:", &ProcessMemory::peak_bytes}, Line{"VmSwap:", &ProcessMemory::swapped_bytes}};

}  // namespace

ProcessMemory read_process_memory(std::istream& status) {
  ProcessMemory memory;
  std::string name;
  while (status >> name) {
    const auto line = std::ranges::find(kLines, name, &Line::name);
    std::uint64_t kilobytes = 0;
    if (line != kLines.end() && status >> kilobytes) memory.*(line->bytes) = kilobytes * 1024;
    status.clear();
    status.ignore(1'000'000, '\n');
  }
  return memory;
}

ProcessMemory process_memory() {
  std::ifstream status("/proc/self/status");
  return read_process_memory(status);
}

}  // namespace galena::server
