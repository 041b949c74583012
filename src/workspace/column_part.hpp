// Parts of a criterion made ready for columns: what a ColumnFilter consists of.
#pragma once

#include <memory>

#include "domain/criteria_node.hpp"
#include "workspace/column_filter.hpp"
#include "workspace/event_counts.hpp"

namespace galena::workspace {

// The leads that are asked about at a time.
struct AskedBlock {
  std::uint32_t number = 0;
  // What was counted beforehand for all of its leads that may be asked about; null: nothing.
  const EventCounts::OfBlock* counts = nullptr;

  std::uint32_t first() const { return number * kBlockRows; }
};

class ColumnPart {
 public:
  // What asking one lead costs, in the order of magnitude: the cheaper parts come first.
  enum class Cost { bits, column, events, record };

  explicit ColumnPart(Cost cost) : cost_(cost) {}
  virtual ~ColumnPart() = default;

  // Leaves in `rows` those for whom it holds.
  virtual void narrow(const AskedBlock& block, BlockRows& rows) const = 0;
  Cost cost() const { return cost_; }

 private:
  Cost cost_;
};

using ColumnPartPtr = std::unique_ptr<const ColumnPart>;

// Leaves those rows for which `holds(row)`; cheap enough to be asked of all, whoever is meant.
// Eight answers of a byte each are made eight bits by one multiplication.
template <class Holds>
void keep_all(const AskedBlock& block, BlockRows& rows, Holds holds) {
  for (std::uint32_t word = 0; word < rows.size(); ++word) {
    if (rows[word] == 0) continue;
    const std::uint32_t first = block.first() + word * 64;
    std::uint64_t held = 0;
    for (std::uint32_t eight = 0; eight < 64; eight += 8) {
      std::uint64_t answers = 0;
      for (std::uint32_t bit = 0; bit < 8; ++bit) {
        answers |= static_cast<std::uint64_t>(static_cast<bool>(holds(first + eight + bit)))
                   << bit * 8;
      }
      held |= (answers * 0x0102040810204080 >> 56) << eight;
    }
    rows[word] &= held;
  }
}

// The same where asking costs something.
template <class Holds>
void keep_each(const AskedBlock& block, BlockRows& rows, Holds holds) {
  each_row(rows, [&](std::uint32_t row) {
    if (!holds(block.first() + row)) rows[row / 64] &= ~(std::uint64_t{1} << row % 64);
  });
}

// What looks at events: how many there are in a span of time, the first and last, and whatever else
// a criterion asks of them. What is counted is told to `counts`, unless that is null.
ColumnPartPtr event_part(const domain::Criterion::Node& node, const ColumnSubject& subject,
                         EventCounts* counts);

}  // namespace galena::workspace
