// How many events of a name there are in a span of time, lead by lead: what several criteria ask of
// the same leads is counted in one pass over their events.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "domain/event_kinds.hpp"
#include "workspace/lead_columns.hpp"

namespace galena::workspace {

// Those of these names, from a moment on up to before another.
struct EventSpan {
  std::vector<domain::KindCode> kinds;
  std::int64_t from_ms = 0;
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();

  bool operator==(const EventSpan&) const = default;
};

class EventCounts {
 public:
  // For each span, by its place: how many each lead of a block has.
  using OfBlock = std::vector<std::array<std::uint32_t, kBlockRows>>;

  // The place of the span, which equal ones share.
  std::size_t add(const EventSpan& span);

  // Of these leads of the block; what it says of others means nothing.
  void count(const EventColumns& events, std::uint32_t block, const BlockRows& rows,
             OfBlock& counts) const;

 private:
  struct Term {  // of a span: one of its names
    std::int64_t from_ms = 0, to_ms = 0;
    std::size_t place = 0;
  };

  void count_run(std::span<const domain::PackedEvent> events, std::uint32_t* counts) const;

  std::vector<EventSpan> spans_;
  std::vector<std::vector<Term>> terms_{1};  // by name of the event
  std::vector<std::uint16_t> by_kind_;       // the place in `terms_`; 0: nobody asks for it
};

}  // namespace galena::workspace
