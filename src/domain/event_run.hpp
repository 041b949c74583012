// A lead's events as they are kept for questions about all leads at once: what scoring reads in 8
// bytes each, everything else beside it (ADR 0014).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "domain/event.hpp"
#include "domain/event_kinds.hpp"

namespace galena::domain {

// When an event was, what it was, and whether it counts.
struct PackedEvent {
  std::uint32_t seconds = 0;  // since 1970: until 2106
  KindCode kind = 0;
  std::uint16_t rest = 0;  // milliseconds, and kCounted

  static constexpr std::uint16_t kCounted = 1u << 15;

  static PackedEvent of(const Event& event) {
    const auto ms = static_cast<std::uint64_t>(to_ms(event.at));
    return {static_cast<std::uint32_t>(ms / 1000), event.kind,
            static_cast<std::uint16_t>(ms % 1000 + (event.counted ? kCounted : 0))};
  }

  bool counted() const { return (rest & kCounted) != 0; }
  std::int64_t ms() const { return std::int64_t{seconds} * 1000 + (rest & (kCounted - 1)); }
  Time at() const { return from_ms(ms()); }
};
static_assert(sizeof(PackedEvent) == 8);

// What few events have: Event::object or Event::value. In twelve bytes.
struct EventExtra {
  std::uint32_t place = 0;  // of the event in its run
  std::uint32_t low = 0, high = 0;

  EventExtra() = default;
  EventExtra(std::uint32_t at, std::uint64_t value)
      : place(at),
        low(static_cast<std::uint32_t>(value)),
        high(static_cast<std::uint32_t>(value >> 32)) {}
  std::uint64_t value() const { return std::uint64_t{high} << 32 | low; }
};
static_assert(sizeof(EventExtra) == 12);

// The events of one lead in event-time order, ties in log order.
struct EventRun {
  std::span<const PackedEvent> events;
  std::span<const std::uint32_t> positions;  // of each
  std::span<const EventExtra> extras;        // by place

  std::uint64_t extra(std::size_t place) const {
    const auto found = std::ranges::lower_bound(extras, place, {}, &EventExtra::place);
    return found != extras.end() && found->place == place ? found->value() : 0;
  }

  // As scoring and criteria know it: without known_at.
  Event event(std::size_t place) const {
    const PackedEvent& packed = events[place];
    Event event{.at = packed.at(),
                .position = positions[place],
                .kind = packed.kind,
                .counted = packed.counted()};
    if (event.kind == kScoreAdjusted) {
      event.value = static_cast<std::int64_t>(extra(place));
    } else {
      event.object = extra(place);
    }
    return event;
  }
};

}  // namespace galena::domain
