// Sorted entries that lie in a base, found by their hash: as many buckets as it takes that each has
// about 64 of them, and before them, for those that are mostly asked in vain, a filter.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "base/text.hpp"

namespace galena::workspace {

// The person of a key: twelve bytes.
struct KeyEntry {
  std::uint32_t hash_high = 0, hash_low = 0;
  std::uint32_t person = 0;

  std::uint64_t hash() const { return std::uint64_t{hash_high} << 32 | hash_low; }
};

// The place in the log of an input's identity: twenty bytes.
struct TakenEntry {
  std::array<std::uint32_t, 4> words{};  // of the fingerprint, the high one of each half first
  std::uint32_t position = 0;

  static TakenEntry of(const Fingerprint& print, std::uint32_t position) {
    return {{static_cast<std::uint32_t>(print[0] >> 32), static_cast<std::uint32_t>(print[0]),
             static_cast<std::uint32_t>(print[1] >> 32), static_cast<std::uint32_t>(print[1])},
            position};
  }
  std::uint64_t hash() const { return std::uint64_t{words[0]} << 32 | words[1]; }
  Fingerprint print() const { return {hash(), std::uint64_t{words[2]} << 32 | words[3]}; }
};

// Entries in the order of their hashes, and where the buckets begin: a power of two of them, and
// the end.
template <class Entry>
class SortedEntries {
 public:
  SortedEntries() = default;
  SortedEntries(std::span<const Entry> entries, std::span<const std::uint32_t> starts)
      : entries_(entries), starts_(starts) {}

  static int bucket_bits(std::uint64_t count) {
    constexpr std::uint64_t kInBucket = 64;
    return static_cast<int>(std::bit_width(count / kInBucket));
  }
  static std::uint64_t bucket_of(std::uint64_t hash, int bits) {
    return bits == 0 ? 0 : hash >> (64 - bits);
  }

  std::span<const Entry> all() const { return entries_; }

  // The entry of that hash for which `is_it` holds.
  template <class IsIt>
  const Entry* find(std::uint64_t hash, IsIt is_it) const {
    if (entries_.empty()) return nullptr;
    const int bits = static_cast<int>(std::bit_width(starts_.size() - 1)) - 1;
    const std::uint64_t bucket = bucket_of(hash, bits);
    const auto begin = entries_.begin() + starts_[bucket];
    const auto end = entries_.begin() + starts_[bucket + 1];
    for (auto at = std::lower_bound(begin, end, hash,
                                    [](const Entry&a, std::uint64_t b) { return a.hash() < b; });
         at != end && at->hash() == hash; ++at) {
      if (is_it(*at)) return &*at;
    }
    return nullptr;
  }

 private:
  std::span<const Entry> entries_;
  std::span<const std::uint32_t> starts_;
};

// Says of a fingerprint that it was never added, or that it may have been (one in a hundred of
// those that were not). Ten bits each, all of one in the same 64 bytes.
class PrintFilter {
 public:
  using Words = std::span<const std::uint64_t>;
  static constexpr std::size_t kBlockWords = 8;

  static std::size_t words_for(std::uint64_t count) {
    constexpr std::uint64_t kBitsEach = 10;
    return (count * kBitsEach / (kBlockWords * 64) + 1) * kBlockWords;
  }

  explicit PrintFilter(Words words = {}) : words_(words) {}

  bool may_contain(const Fingerprint& print) const {
    if (words_.empty()) return false;
    const std::uint64_t* block = words_.data() + block_of(print, words_.size());
    bool all = true;
    each_bit(print, [&](std::size_t bit) { all &= (block[bit / 64] >> bit % 64 & 1) != 0; });
    return all;
  }

  static void add(std::vector<std::uint64_t>& words, const Fingerprint& print) {
    std::uint64_t* block = words.data() + block_of(print, words.size());
    each_bit(print, [&](std::size_t bit) { block[bit / 64] |= std::uint64_t{1} << bit % 64; });
  }

 private:
  static std::size_t block_of(const Fingerprint& print, std::size_t words) {
    return print[1] % (words / kBlockWords) * kBlockWords;
  }
  // Six of the block's 512, by nine bits each.
  static void each_bit(const Fingerprint& print, auto visit) {
    for (int i = 0; i < 6; ++i) visit(print[0] >> (9 * i) & 511);
  }

  Words words_;
};

}  // namespace galena::workspace
