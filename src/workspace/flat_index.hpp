// A hash index of 8 bytes an entry: 32 bits of hash and a 32-bit reference. What the reference
// means, and whether it is the one looked for, the caller knows.
//
// It is made of many small tables, so that growing never costs one insert more than a moment.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace galena::workspace {

class FlatIndex {
 public:
  // The reference whose entry has this hash and for which `is_it(reference)` holds.
  template <class IsIt>
  std::optional<std::uint32_t> find(std::uint64_t hash, IsIt is_it) const {
    return parts_[hash % kParts].find(tag_of(hash), is_it);
  }

  void insert(std::uint64_t hash, std::uint32_t reference) {
    parts_[hash % kParts].insert(tag_of(hash), reference);
  }

  void erase(std::uint64_t hash, std::uint32_t reference) {
    parts_[hash % kParts].erase(tag_of(hash), reference);
  }

  // How many entries there is room for, 8 bytes each.
  std::size_t capacity() const {
    std::size_t all = 0;
    for (const Part& part : parts_) all += part.capacity();
    return all;
  }

 private:
  static constexpr std::size_t kParts = 256;

  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  class Part {
   public:
    template <class IsIt>
    std::optional<std::uint32_t> find(std::uint32_t tag, IsIt is_it) const {
      if (slots_.empty()) return std::nullopt;
      for (std::size_t at = tag & mask_; slots_[at].state != kFree; at = (at + 1) & mask_) {
        const Slot& slot = slots_[at];
        const bool may_be_it = slot.state >= kFirstReference && slot.tag == tag;
        if (may_be_it && is_it(slot.state - kFirstReference)) return slot.state - kFirstReference;
      }
      return std::nullopt;
    }

    void insert(std::uint32_t tag, std::uint32_t reference) {
      if ((used_ + 1) * 4 > slots_.size() * 3) rebuild();
      place({tag, reference + kFirstReference});
      ++used_;
      ++live_;
    }

    void erase(std::uint32_t tag, std::uint32_t reference) {
      if (slots_.empty()) return;
      for (std::size_t at = tag & mask_; slots_[at].state != kFree; at = (at + 1) & mask_) {
        if (slots_[at].tag == tag && slots_[at].state == reference + kFirstReference) {
          slots_[at].state = kErased;
          --live_;
          return;
        }
      }
    }

    std::size_t capacity() const { return slots_.size(); }

   private:
    static constexpr std::uint32_t kFree = 0;
    static constexpr std::uint32_t kErased = 1;
    static constexpr std::uint32_t kFirstReference = 2;

    struct Slot {
      std::uint32_t tag = 0;
      std::uint32_t state = kFree;
    };

    void place(Slot slot) {
      std::size_t at = slot.tag & mask_;
      while (slots_[at].state != kFree) at = (at + 1) & mask_;
      slots_[at] = slot;
    }

    // Leaves out what was erased, and grows only if the rest needs it: what comes and goes (commits
    // that fail for hours) takes no room.
    void rebuild() {
      const std::vector<Slot> old = std::move(slots_);
      const bool grows = live_ * 8 > old.size() * 3;
      slots_.assign(old.empty() ? 8 : old.size() * (grows ? 2 : 1), Slot{});
      mask_ = slots_.size() - 1;
      used_ = 0;
      for (const Slot& slot : old) {
        if (slot.state < kFirstReference) continue;
        place(slot);
        ++used_;
      }
    }

    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
    std::size_t used_ = 0;  // erased ones included
    std::size_t live_ = 0;
  };

  std::array<Part, kParts> parts_;
};

}  // namespace galena::workspace
