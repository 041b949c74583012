// A table of immutable records by ordinal, as a copy-on-write tree of 64-wide nodes. Copying the
// table copies one pointer; writing copies the nodes on the way once per version, so a published
// copy never changes and publishing costs nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "base/result.hpp"

namespace galena::workspace {

template <class Record>
class CowTable {
 public:
  std::uint32_t size() const { return size_; }

  const Record& operator[](std::uint32_t ordinal) const {
    GALENA_ASSERT(ordinal < size_);
    const Node* node = root_.get();
    for (int shift = shift_; shift > 0; shift -= kBits) {
      node = static_cast<const Node*>(node->slots[(ordinal >> shift) & kMask].get());
    }
    return *static_cast<const Record*>(node->slots[ordinal & kMask].get());
  }

  // The record, or null where there is none: beyond the end, or in a gap that put() left.
  const Record* find(std::uint32_t ordinal) const {
    const auto* slot = slot_of(ordinal);
    return slot == nullptr ? nullptr : static_cast<const Record*>(slot->get());
  }

  // The same, to be held.
  std::shared_ptr<const Record> share(std::uint32_t ordinal) const {
    const auto* slot = slot_of(ordinal);
    return slot == nullptr ? nullptr : std::static_pointer_cast<const Record>(*slot);
  }

  // Replaces a record, or adds the next one (ordinal == size()).
  void set(std::uint32_t ordinal, std::shared_ptr<const Record> record) {
    GALENA_ASSERT(ordinal <= size_ && record != nullptr);
    put(ordinal, std::move(record));
  }

  // The same anywhere; gaps cost next to nothing. Null takes the record away.
  void put(std::uint32_t ordinal, std::shared_ptr<const Record> record) {
    if (root_ == nullptr) root_ = std::make_shared<Node>(epoch_);
    if (ordinal >= size_) {
      size_ = ordinal + 1;
      while ((std::uint64_t{ordinal} >> shift_) >= kWidth) deepen();
    }
    Node* node = own(root_);
    for (int shift = shift_; shift > 0; shift -= kBits) {
      node = own_child(node->slots[(ordinal >> shift) & kMask]);
    }
    node->slots[ordinal & kMask] = std::move(record);
  }

  // From here on, nodes written so far are shared with the copies made of this table.
  void freeze() { epoch_ = next_epoch(); }

 private:
  static constexpr int kBits = 6;
  static constexpr std::uint32_t kWidth = 1u << kBits;
  static constexpr std::uint32_t kMask = kWidth - 1;

  struct Node {
    explicit Node(std::uint64_t of) : epoch(of) {}
    std::uint64_t epoch;  // the version that may write here
    std::array<std::shared_ptr<const void>, kWidth> slots;
  };

  // Null where there is no node.
  const std::shared_ptr<const void>* slot_of(std::uint32_t ordinal) const {
    if (ordinal >= size_) return nullptr;
    const Node* node = root_.get();
    for (int shift = shift_; shift > 0 && node != nullptr; shift -= kBits) {
      node = static_cast<const Node*>(node->slots[(ordinal >> shift) & kMask].get());
    }
    return node == nullptr ? nullptr : &node->slots[ordinal & kMask];
  }

  static std::uint64_t next_epoch() {
    static std::atomic<std::uint64_t> counter{0};
    return ++counter;
  }

  void deepen() {
    auto above = std::make_shared<Node>(epoch_);
    above->slots[0] = std::move(root_);
    root_ = std::move(above);
    shift_ += kBits;
  }

  Node* own(std::shared_ptr<Node>& node) {
    if (node->epoch != epoch_) {
      node = std::make_shared<Node>(*node);
      node->epoch = epoch_;
    }
    return node.get();
  }

  Node* own_child(std::shared_ptr<const void>& slot) {
    if (slot == nullptr) {
      auto made = std::make_shared<Node>(epoch_);
      Node* raw = made.get();
      slot = std::move(made);
      return raw;
    }
    const auto* child = static_cast<const Node*>(slot.get());
    if (child->epoch == epoch_) return const_cast<Node*>(child);  // made by this version
    auto copy = std::make_shared<Node>(*child);
    copy->epoch = epoch_;
    Node* raw = copy.get();
    slot = std::move(copy);
    return raw;
  }

  std::shared_ptr<Node> root_;
  std::uint32_t size_ = 0;
  int shift_ = 0;
  std::uint64_t epoch_ = next_epoch();
};

}  // namespace galena::workspace
