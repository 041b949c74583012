// A vector that one writer appends to while readers read below a size they were handed: elements
// never move. Taking the end back (after a failed commit) is the writer's right too. Room that is
// not used yet is not touched, so making room costs nothing.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace galena::workspace {

template <class Element>
class StableVector {
  static_assert(std::is_trivially_default_constructible_v<Element>);

 public:
  const Element& operator[](std::uint64_t index) const {
    const auto [chunk, offset] = place(index);
    return chunks_[chunk][offset];
  }

  // Writes at `index`, at most one beyond the highest written so far.
  void set(std::uint64_t index, const Element& element) {
    const auto [chunk, offset] = place(index);
    if (chunks_[chunk] == nullptr)
      chunks_[chunk] = std::make_unique_for_overwrite<Element[]>(kFirst << chunk);
    chunks_[chunk][offset] = element;
  }

 private:
  static constexpr std::uint64_t kFirst = 256;

  struct Place {
    std::size_t chunk;
    std::uint64_t offset;
  };

  // Chunk k holds kFirst × 2^k elements, so it begins at kFirst × (2^k - 1).
  static Place place(std::uint64_t index) {
    const auto chunk = static_cast<std::size_t>(std::bit_width(index / kFirst + 1) - 1);
    return {chunk, index - kFirst * ((std::uint64_t{1} << chunk) - 1)};
  }

  std::array<std::unique_ptr<Element[]>, 40> chunks_;
};

}  // namespace galena::workspace
