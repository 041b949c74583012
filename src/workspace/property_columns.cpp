#include "workspace/property_columns.hpp"

#include <algorithm>
#include <bit>

namespace galena::workspace {

using namespace domain;

namespace {

constexpr int kChunkBits = 6;  // 64 positions

std::uint32_t chunk_of(Position position) {
  return static_cast<std::uint32_t>(position >> kChunkBits);
}

std::uint64_t bit_of(Position position) {
  return std::uint64_t{1} << (position & ((1u << kChunkBits) - 1));
}

// How many of the chunk's events come before.
std::size_t rank_of(std::uint64_t present, std::uint64_t bit) {
  return static_cast<std::size_t>(std::popcount(present & (bit - 1)));
}

}  // namespace

std::optional<ValueCode> PropertyColumn::code_at(Position position) const {
  const Chunk* chunk = chunks_.find(chunk_of(position));
  const std::uint64_t bit = bit_of(position);
  if (chunk == nullptr || (chunk->present & bit) == 0) return std::nullopt;
  return chunk->codes[rank_of(chunk->present, bit)];
}

const PropertyValue* PropertyColumn::at(Position position) const {
  const auto code = code_at(position);
  return code ? values_.find(*code) : nullptr;
}

void PropertyColumn::each_code(const std::function<void(Position, ValueCode)>& visit) const {
  for (std::uint32_t number = 0; number < chunks_.size(); ++number) {
    const Chunk* chunk = chunks_.find(number);
    if (chunk == nullptr) continue;
    std::uint64_t left = chunk->present;
    for (const ValueCode code : chunk->codes) {
      const auto offset = static_cast<Position>(std::countr_zero(left));
      visit((Position{number} << kChunkBits) + offset, code);
      left &= left - 1;
    }
  }
}

void PropertyColumn::each(const Visit& visit) const {
  each_code([&](Position position, ValueCode code) { visit(position, *values_.find(code)); });
}

ValueCode PropertyColumn::add(PropertyValue value) {
  const ValueCode code = values_.size();
  values_.set(code, std::make_shared<const PropertyValue>(std::move(value)));
  return code;
}

void PropertyColumn::put(Position position, std::optional<ValueCode> code) {
  const Chunk* before = chunks_.find(chunk_of(position));
  auto chunk = before != nullptr ? std::make_shared<Chunk>(*before) : std::make_shared<Chunk>();
  const std::uint64_t bit = bit_of(position);
  const auto place =
      chunk->codes.begin() + static_cast<std::ptrdiff_t>(rank_of(chunk->present, bit));
  const bool told = (chunk->present & bit) != 0;
  if (code && told) {
    *place = *code;
  } else if (code) {
    chunk->codes.insert(place, *code);
    chunk->present |= bit;
  } else if (told) {
    chunk->codes.erase(place);
    chunk->present &= ~bit;
  }
  if (before == nullptr && chunk->present == 0) return;
  chunks_.put(chunk_of(position), chunk->present == 0 ? nullptr : std::move(chunk));
}

void PropertyColumn::drop_unused(std::vector<ValueCode> maybe_unused) {
  std::ranges::sort(maybe_unused);
  maybe_unused.erase(std::ranges::unique(maybe_unused).begin(), maybe_unused.end());
  std::vector<bool> used(maybe_unused.size());
  each_code([&](Position, ValueCode code) {
    const auto found = std::ranges::lower_bound(maybe_unused, code);
    if (found == maybe_unused.end() || *found != code) return;
    used[static_cast<std::size_t>(found - maybe_unused.begin())] = true;
  });
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) values_.put(maybe_unused[i], nullptr);
  }
}

void PropertyColumn::freeze() {
  chunks_.freeze();
  values_.freeze();
}

PropertyColumnWriter::PropertyColumnWriter() : shown_(std::make_shared<const PropertyColumn>()) {}

PropertyColumnWriter::PropertyColumnWriter(const domain::PropertyColumn& from)
    : PropertyColumnWriter() {
  if (const auto* column = dynamic_cast<const PropertyColumn*>(&from)) {
    shown_ = std::make_shared<const PropertyColumn>(*column);
    return;
  }
  from.each([&](Position position, const PropertyValue& value) { put(position, value); });
}

PropertyColumn& PropertyColumnWriter::own() {
  if (own_ == nullptr) {
    own_ = std::make_shared<PropertyColumn>(*shown_);
    own_->freeze();
    shown_ = own_;
  }
  return *own_;
}

ValueCode PropertyColumnWriter::code_of(const PropertyValue& value) {
  if (!codes_) {
    codes_.emplace();
    for (ValueCode code = 0; code < shown_->dictionary_size(); ++code) {
      if (const PropertyValue* known = shown_->value(code)) codes_->emplace(*known, code);
    }
  }
  if (const auto known = codes_->find(value); known != codes_->end()) return known->second;
  const ValueCode code = own().add(value);
  codes_->emplace(value, code);
  return code;
}

void PropertyColumnWriter::put(Position position, const PropertyValue& value) {
  const ValueCode code = code_of(value);
  own().put(position, code);
}

void PropertyColumnWriter::forget(Position position) {
  const auto code = shown_->code_at(position);
  if (!code) return;
  maybe_unused_.push_back(*code);
  own().put(position, std::nullopt);
}

void PropertyColumnWriter::drop_unused() {
  if (maybe_unused_.empty()) return;
  own().drop_unused(std::move(maybe_unused_));
  maybe_unused_.clear();
  codes_.reset();
}

PropertyColumnWriter& PropertyColumnsWriter::writer(PropertySlot slot,
                                                    const domain::PropertyColumn& column) {
  if (slot >= writers_.size()) writers_.resize(slot + std::size_t{1});
  if (!writers_[slot]) writers_[slot] = std::make_unique<PropertyColumnWriter>(column);
  return *writers_[slot];
}

void PropertyColumnsWriter::apply(const std::optional<std::vector<PropertyColumnPtr>>& replaced,
                                  std::span<const PropertyChange> changes,
                                  std::vector<PropertyColumnPtr>& columns) {
  if (replaced) {
    columns = *replaced;
    for (PropertyColumnPtr& column : columns) {
      const bool own = dynamic_cast<const PropertyColumn*>(column.get()) != nullptr;
      if (!own) column = PropertyColumnWriter(*column).column();
    }
    writers_.clear();
  }
  bool forgets = false;
  for (const PropertyChange& change : changes) {
    PropertyColumnWriter& to = writer(change.slot, *columns.at(change.slot));
    if (change.value) {
      to.put(change.position, *change.value);
    } else {
      to.forget(change.position);
      forgets = true;
    }
    columns[change.slot] = to.column();
  }
  if (!forgets) return;
  for (std::size_t slot = 0; slot < writers_.size(); ++slot) {
    if (!writers_[slot]) continue;
    writers_[slot]->drop_unused();
    columns[slot] = writers_[slot]->column();
  }
}

void PropertyColumnsWriter::freeze() {
  for (const auto& writer : writers_) {
    if (writer) writer->freeze();
  }
}

}  // namespace galena::workspace
