// Chance from a seed: the same seed gives the same draws on every machine and with every library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "base/time.hpp"

namespace galena::demo {

// Scrambles 64 bits one to one (the finisher of SplitMix64): no two inputs give the same output.
constexpr std::uint64_t scrambled(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31);
}

// What is drawn. Each has chances of its own, so that a new draw in one moves no other.
enum class Draw : std::uint64_t {
  person = 1,
  company,
  block,
  firm_offset,
  journey,
  arrival,
  message,
  device,
  deal,
  name,
};

// A seed for one thing (a person, a company) of one kind, independent of all the others.
constexpr std::uint64_t seed_of(std::uint64_t seed, Draw draw, std::uint64_t number) {
  return scrambled(scrambled(scrambled(seed) + static_cast<std::uint64_t>(draw)) + number);
}

// SplitMix64. Eight bytes of state, so that every person can have one.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return scrambled(state_ += 0x9e3779b97f4a7c15U); }

  // 0 … bound - 1, evenly but for a bias of less than bound / 2^32.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
  }

  // low … high, both included.
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
  }

  bool percent(std::uint32_t chance) { return below(100) < chance; }

  // 0 … length, by the millisecond; for lengths of up to 2^31 seconds.
  Duration within(Duration length) {
    const auto seconds = static_cast<std::uint32_t>(length.count() / 1000);
    const std::int64_t whole = below(seconds + 1);
    return Duration{whole * 1000 + below(1000)};
  }

  template <class List>
  const auto& pick(const List& list) {
    return list[below(static_cast<std::uint32_t>(std::size(list)))];
  }

  // The index of a row, drawn by weight.
  template <std::size_t N>
  std::size_t weighted(const std::array<std::uint8_t, N>& weights) {
    std::uint32_t sum = 0;
    for (const std::uint8_t weight : weights) sum += weight;
    std::uint32_t rest = below(sum);
    std::size_t index = 0;
    while (rest >= weights[index]) rest -= weights[index++];
    return index;
  }

 private:
  std::uint64_t state_;
};

}  // namespace galena::demo
