// A person's events in log order: append at the end, cheap to copy, never changed in place. Those
// that were there when the workspace was last written to disk lie packed in its base (ADR 0015); a
// short tail is copied with the person; between them hang sealed chunks that all versions share.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "domain/event.hpp"
#include "domain/event_bytes.hpp"

namespace galena::domain {

class History {
 public:
  static constexpr std::size_t kChunk = 32;

  // The first events, packed (event_bytes.hpp), in memory that `holder` keeps.
  struct Run {
    std::shared_ptr<const void> holder;
    std::string_view bytes;
    std::uint32_t count = 0;
  };

  History() = default;
  explicit History(Run run) : run_(std::move(run)) {}

  std::size_t size() const { return run_.count + sealed_count_ + tail_.size(); }

  // Bytes beside the person's own record. (Chunks may be shared with older versions of it.)
  std::size_t memory() const {
    return tail_.capacity() * sizeof(Event) + sealed_count_ / kChunk * (sizeof(Chunk) + 16);
  }

  void append(const Event& event) {
    if (tail_.size() == kChunk) seal();
    tail_.push_back(event);
  }

  // The same events, of which the first are those of `run` if they begin so; nothing of them lies
  // where it did before.
  History upon(Run run) const {
    std::vector<Event> events, first;
    collect(events);
    unpack_events(run.bytes, run.count, first);
    const bool begins_so =
        first.size() <= events.size() && std::equal(first.begin(), first.end(), events.begin());
    History history = begins_so ? History(std::move(run)) : History();
    for (std::size_t at = history.size(); at < events.size(); ++at) history.append(events[at]);
    return history;
  }

  // Marks the event at this position as taken back. Costs as much as there are events.
  void take_back(std::uint32_t position) {
    std::vector<Event> events;
    collect(events);
    *this = History();
    for (Event& event : events) {
      event.voided |= event.position == position;
      append(event);
    }
  }

  // Adds all events to `events`, oldest (by log order) first.
  void collect(std::vector<Event>& events) const {
    unpack_events(run_.bytes, run_.count, events);
    events.resize(events.size() + sealed_count_ + tail_.size());
    std::size_t end = events.size() - tail_.size();
    std::copy(tail_.begin(), tail_.end(), events.begin() + std::ptrdiff_t(end));
    for (const Chunk* chunk = sealed_.get(); chunk != nullptr; chunk = chunk->before.get()) {
      end -= kChunk;
      std::copy(chunk->events.begin(), chunk->events.end(), events.begin() + std::ptrdiff_t(end));
    }
  }

 private:
  struct Chunk {
    Chunk() = default;
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    // Frees a long chain without recursion. Other threads may hold it, too, and let go of it in the
    // same moment, so a chunk is changed by nobody but its own destructor.
    ~Chunk() {
      std::shared_ptr<const Chunk> next = std::move(before);
      while (next != nullptr && next.use_count() == 1) {
        std::shared_ptr<const Chunk> after = next->before;
        next = std::move(after);
      }
    }

    std::array<Event, kChunk> events;
    std::shared_ptr<const Chunk> before;
  };

  void seal() {
    auto chunk = std::make_shared<Chunk>();
    std::copy(tail_.begin(), tail_.end(), chunk->events.begin());
    chunk->before = std::move(sealed_);
    sealed_ = std::move(chunk);
    sealed_count_ += kChunk;
    tail_.clear();
  }

  Run run_;
  std::shared_ptr<const Chunk> sealed_;
  std::size_t sealed_count_ = 0;
  std::vector<Event> tail_;
};

}  // namespace galena::domain
