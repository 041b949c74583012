// The values of one property of events by log position (domain/properties.hpp), and who writes
// them. Each value is kept once, in the column's dictionary; 64 positions share a chunk, and where
// no event tells the property there is none. Chunks and dictionary are copied when they are written
// to, so a published column never changes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "domain/properties.hpp"
#include "workspace/cow_table.hpp"

namespace galena::workspace {

using ValueCode = std::uint32_t;  // the place of a value in its column's dictionary

class PropertyColumn final : public domain::PropertyColumn {
 public:
  const domain::PropertyValue* at(domain::Position position) const override;
  void each(const Visit& visit) const override;

  // All codes by position, in log order.
  void each_code(const std::function<void(domain::Position, ValueCode)>& visit) const;
  ValueCode dictionary_size() const { return values_.size(); }
  // Null: no event tells it any more.
  const domain::PropertyValue* value(ValueCode code) const { return values_.find(code); }

  // For who makes or writes a column: a value for the dictionary, which is not there yet.
  ValueCode add(domain::PropertyValue value);
  // The event at the position tells this; nothing: it tells no more.
  void put(domain::Position position, std::optional<ValueCode> code);
  // Takes those out of the dictionary that no event tells any more.
  void drop_unused(std::vector<ValueCode> maybe_unused);
  std::optional<ValueCode> code_at(domain::Position position) const;
  // From here on, what was written so far is shared with the copies made of this column.
  void freeze();

 private:
  struct Chunk {
    std::uint64_t present = 0;     // a bit for each position
    std::vector<ValueCode> codes;  // of those, in order
  };

  CowTable<Chunk> chunks_;                  // by position / 64
  CowTable<domain::PropertyValue> values_;  // by code
};

// Writes to a column that others may hold: they go on seeing what they saw.
class PropertyColumnWriter {
 public:
  // Goes on from that one.
  explicit PropertyColumnWriter(const domain::PropertyColumn& from);
  PropertyColumnWriter();

  void put(domain::Position position, const domain::PropertyValue& value);
  void forget(domain::Position position);
  // After the last of several: values that nobody tells any more leave the dictionary.
  void drop_unused();

  // What was written. It changes with the next write unless freeze() came in between.
  const std::shared_ptr<const PropertyColumn>& column() const { return shown_; }
  void freeze() { own_.reset(); }

 private:
  PropertyColumn& own();
  ValueCode code_of(const domain::PropertyValue& value);

  std::shared_ptr<const PropertyColumn> shown_;
  std::shared_ptr<PropertyColumn> own_;  // the same, as long as nobody else holds it
  // The dictionary the other way round; made when it is first needed.
  std::optional<std::unordered_map<domain::PropertyValue, ValueCode>> codes_;
  std::vector<ValueCode> maybe_unused_;
};

// All columns of a workspace, as its one writer sees them.
class PropertyColumnsWriter {
 public:
  // Puts into `columns` what the changes of an input say, in place of what is there.
  void apply(const std::optional<std::vector<domain::PropertyColumnPtr>>& replaced,
             std::span<const domain::PropertyChange> changes,
             std::vector<domain::PropertyColumnPtr>& columns);
  // What `columns` hold now is held by others, too.
  void freeze();
  // Another version is written to from here on.
  void forget_all() { writers_.clear(); }

 private:
  PropertyColumnWriter& writer(domain::PropertySlot slot, const domain::PropertyColumn& column);

  std::vector<std::unique_ptr<PropertyColumnWriter>> writers_;  // by slot; null: not written to yet
};

}  // namespace galena::workspace
