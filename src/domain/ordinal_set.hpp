// A sorted set of ordinals whose copies share what they have in common: adding one to a copy of a
// hundred thousand costs some kilobytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace galena::domain {

class OrdinalSet {
 public:
  OrdinalSet() = default;
  // Ascending, none twice.
  explicit OrdinalSet(std::span<const std::uint32_t> ordinals);

  // True if it was not in there.
  bool insert(std::uint32_t ordinal);
  // True if it was.
  bool erase(std::uint32_t ordinal);

  bool contains(std::uint32_t ordinal) const;
  bool empty() const { return chunks_.empty(); }
  std::size_t size() const { return size_; }

  // Ascending, as long as `visit` gives true.
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& chunk : chunks_) {
      for (const std::uint32_t ordinal : *chunk) {
        if (!visit(ordinal)) return;
      }
    }
  }

  bool operator==(const OrdinalSet& other) const;

 private:
  static constexpr std::size_t kChunkMax = 512;
  using Chunk = std::vector<std::uint32_t>;  // never empty

  std::size_t place_of(std::uint32_t ordinal) const;

  std::vector<std::shared_ptr<const Chunk>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace galena::domain
