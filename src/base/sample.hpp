// Which of many things to measure so that the rest may be taken to be like them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace galena {

// At most so many of the numbers 0 … count - 1, ascending: one in each of equal parts, so all of
// them if there are no more. Where in its part it stands is mixed, since kinds of things may take
// turns (a user, their address, the next user). Always the same for the same arguments.
inline std::vector<std::uint64_t> spread_sample(std::uint64_t count, std::uint64_t size_max) {
  const std::uint64_t size = std::min(count, size_max);
  std::vector<std::uint64_t> sample;
  sample.reserve(size);
  for (std::uint64_t part = 0; part < size; ++part) {
    const std::uint64_t begin = part * count / size;
    const std::uint64_t length = (part + 1) * count / size - begin;
    const std::uint64_t mixed = (part * 0x9E3779B97F4A7C15ull) >> 32;
    sample.push_back(begin + mixed % length);
  }
  return sample;
}

}  // namespace galena
