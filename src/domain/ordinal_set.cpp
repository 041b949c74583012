#include "domain/ordinal_set.hpp"

#include <algorithm>

namespace galena::domain {

OrdinalSet::OrdinalSet(std::span<const std::uint32_t> ordinals) : size_(ordinals.size()) {
  while (!ordinals.empty()) {
    const auto first = ordinals.first(std::min(ordinals.size(), kChunkMax));
    chunks_.push_back(std::make_shared<Chunk>(first.begin(), first.end()));
    ordinals = ordinals.subspan(first.size());
  }
}

// The chunk that the ordinal belongs to: the last that begins at or before it.
std::size_t OrdinalSet::place_of(std::uint32_t ordinal) const {
  const auto after = std::ranges::upper_bound(chunks_, ordinal, {},
                                              [](const auto& chunk) { return chunk->front(); });
  return after == chunks_.begin() ? 0 : static_cast<std::size_t>(after - chunks_.begin()) - 1;
}

bool OrdinalSet::contains(std::uint32_t ordinal) const {
  return !chunks_.empty() && std::ranges::binary_search(*chunks_[place_of(ordinal)], ordinal);
}

bool OrdinalSet::insert(std::uint32_t ordinal) {
  if (chunks_.empty()) {
    chunks_.push_back(std::make_shared<Chunk>(1, ordinal));
    size_ = 1;
    return true;
  }
  const std::size_t place = place_of(ordinal);
  const Chunk& before = *chunks_[place];
  const auto at = std::ranges::lower_bound(before, ordinal);
  if (at != before.end() && *at == ordinal) return false;
  ++size_;
  const bool appends = at == before.end() && place + 1 == chunks_.size();
  if (appends && before.size() >= kChunkMax) {
    chunks_.push_back(std::make_shared<Chunk>(1, ordinal));
    return true;
  }
  auto chunk = std::make_shared<Chunk>();
  chunk->reserve(before.size() + 1);
  chunk->assign(before.begin(), at);
  chunk->push_back(ordinal);
  chunk->insert(chunk->end(), at, before.end());
  if (chunk->size() > kChunkMax) {
    const auto half = chunk->begin() + static_cast<std::ptrdiff_t>(chunk->size() / 2);
    auto second = std::make_shared<Chunk>(half, chunk->end());
    chunk->erase(half, chunk->end());
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(place) + 1, std::move(second));
  }
  chunks_[place] = std::move(chunk);
  return true;
}

bool OrdinalSet::erase(std::uint32_t ordinal) {
  if (!contains(ordinal)) return false;
  --size_;
  const std::size_t place = place_of(ordinal);
  if (chunks_[place]->size() == 1) {
    chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(place));
    return true;
  }
  auto chunk = std::make_shared<Chunk>(*chunks_[place]);
  std::erase(*chunk, ordinal);
  chunks_[place] = std::move(chunk);
  return true;
}

bool OrdinalSet::operator==(const OrdinalSet& other) const {
  if (size_ != other.size_) return false;
  bool same = true;
  each([&](std::uint32_t ordinal) { return same = other.contains(ordinal); });
  return same;
}

}  // namespace galena::domain
