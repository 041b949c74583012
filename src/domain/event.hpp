// One thing that happened, as the core sees it. The full message stays in the log at `position`.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace galena::domain {

using Position = std::uint64_t;  // in the workspace's log: 1, 2, 3 …
using KindCode = std::uint16_t;  // an event name, see event_kinds.hpp
using PersonOrdinal = std::uint32_t;
using LeadOrdinal = std::uint32_t;

// Where an input came from. Order is trust: a later one outranks an earlier one.
enum class Source : std::uint8_t { browser, import, server, api };

struct Event {
  Time at{};                   // event time: min(stated, received)
  Time known_at{};             // log time at which we learned of it
  std::uint32_t position = 0;  // names it: evt_<position>
  KindCode kind = 0;
  bool counted = true;       // false: told by a source that may not tell such a thing
  bool voided = false;       // taken back: kept to be shown, counts for nothing
  std::uint64_t object = 0;  // mail events: hash of the email_id, 0 if none was given
  std::int64_t value = 0;    // manual adjustment: micro-points

  bool operator==(const Event&) const = default;
};

}  // namespace galena::domain
