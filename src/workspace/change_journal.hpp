// Who was touched, in the order in which records were put: by it one knows what two versions of a
// workspace differ in, at the cost of what changed in between, also if they stand on two bases.
//
// Shared by the versions, each of which knows how much of it is its own. One writer appends;
// readers read what they were handed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "workspace/stable_vector.hpp"

namespace galena::workspace {

class ChangeJournal {
 public:
  enum Kind : std::uint8_t { persons, leads, accounts, asked };
  static constexpr std::size_t kKinds = 4;
  // How much of each a version has seen.
  using Lengths = std::array<std::uint64_t, kKinds>;

  ChangeJournal() = default;
  explicit ChangeJournal(const Lengths& begin) : begin_(begin) {}

  // What another one knows between two lengths, of which the first is where this one ends.
  void extend(const ChangeJournal& other, const Lengths& from, const Lengths& to) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      for (std::uint64_t at = from[kind]; at < to[kind]; ++at) {
        ordinals_[kind].set(at - begin_[kind], other.at(kind, at));
      }
    }
  }

  void note(Kind kind, std::uint32_t ordinal, Lengths& lengths) {
    ordinals_[kind].set(lengths[kind] - begin_[kind], ordinal);
    ++lengths[kind];
  }

  // Who was touched between two lengths, whichever is the longer: ascending, each once. Nothing: it
  // does not go back that far.
  std::optional<std::vector<std::uint32_t>> between(Kind kind, const Lengths& one,
                                                    const Lengths& other) const {
    const auto [from, to] = std::minmax(one[kind], other[kind]);
    if (from < begin_[kind]) return std::nullopt;
    std::vector<std::uint32_t> touched;
    touched.reserve(to - from);
    for (std::uint64_t at = from; at < to; ++at) touched.push_back(this->at(kind, at));
    std::ranges::sort(touched);
    touched.erase(std::ranges::unique(touched).begin(), touched.end());
    return touched;
  }

 private:
  std::uint32_t at(std::size_t kind, std::uint64_t index) const {
    return ordinals_[kind][index - begin_[kind]];
  }

  std::array<StableVector<std::uint32_t>, kKinds> ordinals_;
  Lengths begin_{};
};

}  // namespace galena::workspace
