// Sets of leads, one bit for each, and the blocks in which questions about all of them are asked.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/cores.hpp"
#include "workspace/cell_bytes.hpp"

namespace galena::workspace {

// So many leads are asked at a time: what they need of a few columns fits into the first cache.
inline constexpr std::uint32_t kBlockRows = 4096;

// Which leads of a block.
using BlockRows = std::array<std::uint64_t, kBlockRows / 64>;

template <class Visit>
void each_row(const BlockRows& rows, Visit visit) {
  for (std::uint32_t word = 0; word < rows.size(); ++word) {
    for (std::uint64_t left = rows[word]; left != 0; left &= left - 1) {
      visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(left)));
    }
  }
}

inline std::uint32_t count_of(const BlockRows& rows) {
  std::uint32_t count = 0;
  for (const std::uint64_t word : rows) count += static_cast<std::uint32_t>(std::popcount(word));
  return count;
}

// A set of leads of any number.
class RowSet {
 public:
  void set(std::uint32_t row, bool is_in) {
    const std::size_t block = row / kBlockRows;
    if (block >= blocks_.size()) {
      if (!is_in) return;
      blocks_.resize(block + 1);
    }
    const std::uint64_t bit = std::uint64_t{1} << row % 64;
    std::uint64_t& word = blocks_[block][row % kBlockRows / 64];
    word = is_in ? word | bit : word & ~bit;
  }
  bool contains(std::uint32_t row) const {
    return (block(row / kBlockRows)[row % kBlockRows / 64] >> row % 64 & 1) != 0;
  }
  const BlockRows& block(std::size_t number) const {
    static constexpr BlockRows kNone{};
    return number < blocks_.size() ? blocks_[number] : kNone;
  }
  void put(std::size_t number, const BlockRows& rows) {
    if (number >= blocks_.size()) blocks_.resize(number + 1);
    blocks_[number] = rows;
  }
  std::uint64_t count() const {
    std::uint64_t count = 0;
    for (const BlockRows& block : blocks_) count += count_of(block);
    return count;
  }
  // So that blocks below can be put by several threads.
  void make_room(std::size_t blocks) {
    if (blocks > blocks_.size()) blocks_.resize(blocks);
  }
  // Adds those of 64 leads, of which the first has the number word * 64: several threads may do it
  // at once where there is room.
  void add(std::uint32_t word, std::uint64_t leads) {
    constexpr std::uint32_t kWords = kBlockRows / 64;
    std::atomic_ref<std::uint64_t> known(blocks_[word / kWords][word % kWords]);
    known.fetch_or(leads, std::memory_order_relaxed);
  }
  std::size_t memory() const { return blocks_.capacity() * sizeof(BlockRows); }
  void write(CellWriter& out) const { out.cells(blocks_); }
  void read(CellReader& in) { in.cells(blocks_); }

 private:
  std::vector<BlockRows> blocks_;
};

}  // namespace galena::workspace
